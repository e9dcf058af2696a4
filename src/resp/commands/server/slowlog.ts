/** SLOWLOG: the commands that took longest, see slowlog.ts of the door. */
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { wrongArity, wrongSubcommandArity } from "../../errors.ts";
import type { SlowEntry } from "../../slowlog.ts";
import { helpOf } from "./kind.ts";

const SHARED = {
  flags: ["admin", "loading", "stale"],
  group: "server",
  since: "2.2.12",
} as const;
const DEFAULT_COUNT = 10n;

const get: Command = {
  ...SHARED,
  name: "get",
  arity: -2,
  summary: "Returns the slow log's entries.",
  complexity: "O(N) where N is the number of entries returned",
  arguments: [{ name: "count", type: "integer", optional: true }],
  run: (client, args) => {
    if (args.count > 3) client.out.error(wrongSubcommandArity("slowlog", args.text(1)));
    else list(client, args);
  },
};

const len: Command = {
  ...SHARED,
  name: "len",
  arity: 2,
  summary: "Returns the number of entries in the slow log.",
  complexity: "O(1)",
  run: ({ out, door }) => out.integer(door.slowlog.length),
};

const reset: Command = {
  ...SHARED,
  name: "reset",
  arity: 2,
  summary: "Clears all entries from the slow log.",
  complexity: "O(N) where N is the number of entries in the slowlog",
  run: ({ out, door }) => {
    door.slowlog.reset();
    out.ok();
  },
};

const help = helpOf("SLOWLOG", "6.2.0", [
  "GET [<count>]",
  "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
  "    Entries are made of:",
  "    id, timestamp, time in microseconds, arguments array, client IP and port,",
  "    client name",
  "LEN",
  "    Return the length of the slowlog.",
  "RESET",
  "    Reset the slowlog.",
]);

export const slowlog: Command = {
  name: "slowlog",
  arity: -2,
  flags: [],
  group: "server",
  since: "2.2.12",
  summary: "A container for slow log commands.",
  complexity: "Depends on subcommand.",
  subcommands: [get, len, reset, help],
  differs:
    "Quick commands are timed in runs while the threshold is 1 ms or more, and never noted then.",
  run: ({ out }) => out.error(wrongArity("slowlog")),
};

function list({ out, door }: Client, args: Args): void {
  const count = args.count === 3 ? args.integer(2) : DEFAULT_COUNT;
  if (count === null || count < -1n) {
    out.error("ERR count should be greater than or equal to -1");
    return;
  }
  const { length } = door.slowlog;
  const entries = door.slowlog.newest(count === -1n ? length : Number(count));
  out.array(entries.length);
  for (const entry of entries) writeEntry(out, entry);
}

function writeEntry(out: Client["out"], entry: SlowEntry): void {
  out.array(6);
  out.integer(entry.id);
  out.integer(entry.seconds);
  out.integer(entry.durationUs);
  out.array(entry.args.length);
  for (const each of entry.args) out.bulk(each);
  out.bulkText(entry.address);
  out.bulkLatin1(entry.clientName);
}
