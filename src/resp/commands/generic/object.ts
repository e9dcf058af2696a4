/**
 * OBJECT: how Redis would keep a value.
 *
 * There are no objects here; the answers are those that tools written for Redis expect of a string, as
 * far as its bytes tell them.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotRef } from "../../../memory/slots.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { parseInteger } from "../../numbers.ts";

/** Redis keeps a string of up to so many bytes in one piece with its object. */
const EMBEDDED_BYTES_MAX = 44;
const NOT_LFU =
  "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that " +
  "when switching between policies at runtime LRU and LFU data will take some time to adjust.";
const HELP = [
  "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
  "ENCODING <key>",
  "    Return the kind of internal representation used in order to store the value",
  "    associated with a <key>.",
  "FREQ <key>",
  "    Return the access frequency index of the <key>. The returned integer is",
  "    proportional to the logarithm of the recent access frequency of the key.",
  "IDLETIME <key>",
  "    Return the idle time of the <key>, that is the approximated number of",
  "    seconds elapsed since the last access to the key.",
  "REFCOUNT <key>",
  "    Return the number of references of the value associated with the specified",
  "    <key>.",
  "HELP",
  "    Prints this help.",
];

const encoding = subcommand({
  name: "encoding",
  since: "2.2.3",
  summary: "Tells how Redis would encode the value of a key.",
  differs: "Told from the value alone: a short string that was appended to is `embstr`, not `raw`.",
  reply: (client, slot) => client.out.bulkLatin1(encodingOf(client, slot)),
});

const freq = subcommand({
  name: "freq",
  since: "4.0.0",
  summary: "Returns the logarithmic access frequency counter of a key.",
  differs: "Always the error of a server without an LFU policy: there is none.",
  reply: ({ out }) => out.error(NOT_LFU),
});

const idletime = subcommand({
  name: "idletime",
  since: "2.2.3",
  summary: "Returns the seconds since a key was last used.",
  differs: "Always 0: keys are kept in order of use, and the time of it is not noted.",
  reply: ({ out }) => out.integer(0),
});

const refcount = subcommand({
  name: "refcount",
  since: "2.2.3",
  summary: "Returns the reference count of a value.",
  differs: "Always 1: no two keys share a value, small integers neither.",
  reply: ({ out }) => out.integer(1),
});

const help: Command = {
  name: "help",
  arity: 2,
  flags: ["loading", "stale"],
  group: "generic",
  since: "6.2.0",
  summary: "Shows what subcommands there are.",
  complexity: "O(1)",
  run: ({ out }) => {
    out.array(HELP.length);
    for (const line of HELP) out.simple(line);
  },
};

export const object: Command = {
  name: "object",
  arity: -2,
  flags: [],
  group: "generic",
  since: "2.2.3",
  summary: "A container for commands that look into the value of a key.",
  complexity: "O(1)",
  subcommands: [encoding, freq, help, idletime, refcount],
  // Never called: the container does not work without a subcommand.
  run: () => undefined,
};

/** One that answers nil when the key is not there, and else what `reply` writes. */
function subcommand(
  parts: Pick<Command, "name" | "since" | "summary"> & {
    readonly differs: string;
    readonly reply: (client: Client, slot: SlotRef) => void;
  },
): Command {
  const { reply, ...rest } = parts;
  return {
    ...rest,
    arity: 3,
    flags: ["readonly"],
    group: "generic",
    keys: { first: 2, last: 2, step: 1, access: "RO" },
    complexity: "O(1)",
    arguments: [{ name: "key", type: "key" }],
    run: (client, args) => {
      const slot = client.peek(args, 2);
      if (slot === NO_SLOT) client.out.nil();
      else reply(client, slot);
    },
  };
}

function encodingOf({ table }: Client, slot: SlotRef): string {
  const length = table.valueLength(slot);
  if (parseInteger(table.shard.u8, table.valueAt(slot), length) !== null) return "int";
  return length <= EMBEDDED_BYTES_MAX ? "embstr" : "raw";
}
