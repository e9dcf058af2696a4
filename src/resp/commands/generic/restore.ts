/**
 * RESTORE: makes a key from a payload of DUMP, ours or that of a string in Redis.
 *
 * The payload is verified before anything is changed. A deadline that has passed already makes no key,
 * and with REPLACE it deletes the one that is there, as in Redis.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import { isAscii } from "../../../store/values.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { DEADLINE_MS_MAX, LAST_YEAR } from "../../deadlines.ts";
import { decodeDump, dumpedLength } from "../../dump.ts";
import type { DumpedValue } from "../../dump.ts";
import { BUSY_KEY, NOT_AN_INTEGER, SYNTAX_ERROR, invalidExpire } from "../../errors.ts";

const NEGATIVE_TTL = "ERR Invalid TTL value, must be >= 0";
const BAD_IDLETIME = "ERR Invalid IDLETIME value, must be >= 0";
const BAD_FREQ = "ERR Invalid FREQ value, must be >= 0 and <= 255";
const FREQ_MAX = 255n;

/** Of these there may be but one. */
type Usage = "IDLETIME" | "FREQ";

interface Options {
  readonly isReplacing: boolean;
  readonly isAbsolute: boolean;
}

export const restore: Command = {
  name: "restore",
  arity: -4,
  flags: ["write", "denyoom"],
  group: "generic",
  categories: ["@dangerous"],
  keys: { first: 1, last: 1, step: 1, access: "OW", effects: ["update"] },
  since: "2.6.0",
  summary: "Makes a key from bytes that DUMP returned.",
  complexity: "O(N) with N the length of the value",
  arguments: [
    { name: "key", type: "key" },
    { name: "ttl", type: "integer" },
    { name: "serialized-value", type: "string" },
    { name: "replace", type: "pure-token", token: "REPLACE", optional: true, since: "3.0.0" },
    { name: "absttl", type: "pure-token", token: "ABSTTL", optional: true, since: "5.0.0" },
    { name: "seconds", type: "integer", token: "IDLETIME", optional: true, since: "5.0.0" },
    { name: "frequency", type: "integer", token: "FREQ", optional: true, since: "5.0.0" },
  ],
  differs:
    "Of Redis's payloads only strings are taken; IDLETIME and FREQ are checked and have no effect. " +
    LAST_YEAR,
  rewrites: true,
  extentBytes: (args) => dumpedLength(args.view(3)),
  run: (client, args) => {
    const { out } = client;
    const options = parseOptions(args);
    if (typeof options === "string") return out.error(options);
    if (!options.isReplacing && client.peek(args, 1) !== NO_SLOT) return out.error(BUSY_KEY);
    const ttlMs = args.integer(2);
    if (ttlMs === null) return out.error(NOT_AN_INTEGER);
    if (ttlMs < 0n) return out.error(NEGATIVE_TTL);
    const value = decodeDump(args.view(3), client.door.valueBytesMax);
    if (typeof value === "string") return out.error(value);
    const baseMs = ttlMs === 0n || options.isAbsolute ? 0 : client.nowMs();
    const deadlineMs = Number(ttlMs) + baseMs;
    if (deadlineMs > DEADLINE_MS_MAX) return out.error(invalidExpire("restore"));
    if (make(client, args, value, deadlineMs)) out.ok();
  },
};

/** False to wait. */
function make(client: Client, args: Args, value: DumpedValue, deadlineMs: number): boolean {
  if (deadlineMs > 0 && deadlineMs <= client.nowMs()) {
    client.draftKey(args, 1);
    return client.delete("del");
  }
  const draft = client.draftBytes(args, 1, value.bytes);
  draft.kind = value.kind;
  draft.ascii = isAscii(value.bytes);
  draft.deadlineMs = deadlineMs;
  return client.set("restore");
}

/** What argument 4 and those behind it say, or what is wrong with them. */
function parseOptions(args: Args): Options | string {
  let isReplacing = false;
  let isAbsolute = false;
  let usage: Usage | null = null;
  for (let i = 4; i < args.count; i++) {
    if (args.is(i, "REPLACE")) isReplacing = true;
    else if (args.is(i, "ABSTTL")) isAbsolute = true;
    else {
      const word: Usage = args.is(i, "FREQ") ? "FREQ" : "IDLETIME";
      const isOther = usage !== null && usage !== word;
      if (!args.is(i, word) || i + 1 === args.count || isOther) return SYNTAX_ERROR;
      usage = word;
      const error = usageError(word, args.integer(++i));
      if (error !== null) return error;
    }
  }
  return { isReplacing, isAbsolute };
}

function usageError(usage: Usage, value: bigint | null): string | null {
  if (value === null) return NOT_AN_INTEGER;
  if (usage === "IDLETIME") return value < 0n ? BAD_IDLETIME : null;
  return value < 0n || value > FREQ_MAX ? BAD_FREQ : null;
}
