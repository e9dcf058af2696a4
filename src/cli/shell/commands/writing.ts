/** Commands of the shell that change keys: SET, UPDATE, DEL, INCR, DECR, EXPIRE, PERSIST, CLEAR. */
import { UsageError } from "../../exit.ts";
import { addend } from "../../flags.ts";
import { countText } from "../../terminal/figures.ts";
import { styleOf } from "../../terminal/style.ts";
import { writtenText } from "../../writing.ts";
import {
  IF_ABSENT,
  IF_PRESENT,
  IF_VERSION,
  parsed,
  secondsOf,
  TTL,
  TYPE,
  type Given,
} from "../arguments.ts";
import type { OptionSpec, Outcome, ShellCommand, ShellContext } from "../command.ts";
import { noSuchKey, ttlOutcome } from "./outcomes.ts";

const PERSIST: OptionSpec = { name: "PERSIST" };
const YES: OptionSpec = { name: "YES" };

export const set: ShellCommand = {
  name: "SET",
  usage:
    "<key> <value> [TTL <duration>] [TYPE text|json] [IF-VERSION <n>] [IF-ABSENT] [IF-PRESENT]",
  does: "adds a key, or replaces it",
  arity: { min: 2, max: 2 },
  places: ["key", "other"],
  options: [TTL, TYPE, IF_VERSION, IF_ABSENT, IF_PRESENT],
  notes: [
    "A value in { } or [ ] is JSON and may go over several lines; anything else is text.",
    "Numbers, true and null are JSON with TYPE json.",
  ],
  examples: [
    'SET greeting "hello world"',
    'SET user:1 {"name": "Ada"} TTL 1h',
    "SET answer 42 TYPE json",
    "SET lock me IF-ABSENT TTL 10",
  ],
  async run(given, { kv, io, signal }) {
    const value = await given.value(1);
    const written = await kv.set(given.key(), value, {
      ...{ ttl: given.ttl(), ifVersion: given.number(IF_VERSION, 1), signal },
      ...{ ifAbsent: given.has(IF_ABSENT), ifPresent: given.has(IF_PRESENT) },
    });
    return { text: styleOf(io).good(writtenText(written)) };
  },
};

export const update: ShellCommand = {
  name: "UPDATE",
  usage: "<key> <value> [TTL <duration>] [PERSIST] [TYPE text|json] [IF-VERSION <n>]",
  does: "replaces the value of a key that exists; its time to live stays",
  arity: { min: 2, max: 2 },
  places: ["key", "other"],
  options: [TTL, PERSIST, TYPE, IF_VERSION],
  examples: ["UPDATE greeting hi", "UPDATE greeting hi IF-VERSION 7"],
  async run(given, { kv, io, signal }) {
    const ttl = given.ttl();
    if (given.has(PERSIST) && ttl !== undefined) throw new UsageError("give TTL or PERSIST");
    const value = await given.value(1);
    const written = await kv.update(given.key(), value, {
      ...{ ifVersion: given.number(IF_VERSION, 1), signal },
      ttl: given.has(PERSIST) ? null : ttl,
    });
    return { text: styleOf(io).good(writtenText(written)) };
  },
};

export const del: ShellCommand = {
  name: "DEL",
  aliases: ["DELETE"],
  usage: "<key> ... [IF-VERSION <n>]",
  does: "deletes keys",
  arity: { min: 1, max: Infinity },
  places: ["key"],
  options: [IF_VERSION],
  async run(given, { kv, io, signal }) {
    const keys = given.keys();
    const ifVersion = given.number(IF_VERSION, 1);
    if (ifVersion !== undefined && keys.length > 1)
      throw new UsageError("IF-VERSION is for one key");
    const operations = keys.map((key) => ({ op: "delete" as const, key, ifVersion }));
    const results = await kv.batch(operations, { signal });
    const deleted = results.filter(({ status }) => status === "deleted").length;
    if (keys.length === 1 && deleted === 0) return noSuchKey(given.key(), io);
    const { good, warning } = styleOf(io);
    if (deleted === keys.length) return { text: good(`deleted ${countText(deleted)}`) };
    const text = `deleted ${countText(deleted)} of ${countText(keys.length)}; the others do not exist`;
    return { text: warning(text), isNo: true };
  },
};

export const incr: ShellCommand = {
  name: "INCR",
  usage: "<key> [by] [TTL <duration>]",
  does: "adds 1, or more, to an integer; TTL counts when the key is new",
  arity: { min: 1, max: 2 },
  places: ["key", "other"],
  options: [TTL],
  examples: ["INCR visits", "INCR stock:tea -5"],
  run: (given, context) => count(given, context, 1n),
};

export const decr: ShellCommand = {
  name: "DECR",
  usage: "<key> [by] [TTL <duration>]",
  does: "takes 1, or more, away from an integer",
  arity: { min: 1, max: 2 },
  places: ["key", "other"],
  options: [TTL],
  run: (given, context) => count(given, context, -1n),
};

export const expire: ShellCommand = {
  name: "EXPIRE",
  usage: "<key> <duration>",
  does: "lets a key expire",
  arity: { min: 2, max: 2 },
  places: ["key", "other"],
  examples: ["EXPIRE session:7 30m"],
  async run(given, { kv, io, signal }) {
    const seconds = secondsOf(given.text(1) ?? "");
    const isThere = await kv.expire(given.key(), seconds, { signal });
    return ttlOutcome(given.key(), isThere, seconds, io);
  },
};

export const persist: ShellCommand = {
  name: "PERSIST",
  usage: "<key>",
  does: "lets a key never expire",
  arity: { min: 1, max: 1 },
  places: ["key"],
  async run(given, { kv, io, signal }) {
    return ttlOutcome(given.key(), await kv.persist(given.key(), { signal }), null, io);
  },
};

export const clear: ShellCommand = {
  name: "CLEAR",
  usage: "[YES]",
  does: "deletes every key of the namespace; asks first",
  arity: { min: 0, max: 0 },
  options: [YES],
  run: runClear,
};

async function runClear(given: Given, context: ShellContext): Promise<Outcome> {
  const { kv, io, namespace, ask, signal } = context;
  const { good, warning } = styleOf(io);
  if (!given.has(YES)) {
    if (ask === null) throw new UsageError(`this deletes every key of ${namespace}: CLEAR YES`);
    const size = countText(await kv.size({ signal }));
    const answer = await ask(`Delete all ${size} keys of ${namespace}? [y/N] `);
    if (!/^\s*y(es)?\s*$/i.test(answer))
      return { text: warning("nothing was deleted"), isNo: true };
  }
  const deleted = countText(await kv.clear({ signal }));
  return { text: good(`deleted ${deleted} keys of ${namespace}`) };
}

async function count(
  given: Given,
  { kv, io, signal }: ShellContext,
  sign: bigint,
): Promise<Outcome> {
  const text = given.text(1) ?? "1";
  const by = parsed(() => addend(text), text) * sign;
  const sum = await kv.increment(given.key(), by, { ttl: given.ttl(), signal });
  return { text: styleOf(io).figure(String(sum)) };
}
