/** Commands of the shell that read keys: GET, HAS, TTL, LIST. */
import { countText } from "../../terminal/figures.ts";
import { styleOf } from "../../terminal/style.ts";
import { tableText } from "../../terminal/table.ts";
import { safeLine } from "../../values/escape.ts";
import type { ListedEntry } from "../../values/lines.ts";
import { lineText } from "../../values/shown.ts";
import type { CliIo } from "../../io.ts";
import { secondsOf, type Given } from "../arguments.ts";
import type { OptionSpec, Outcome, ShellCommand, ShellContext } from "../command.ts";
import { leftText, metaText, valueText } from "../shown.ts";
import { noSuchKey, ttlOutcome } from "./outcomes.ts";

const LIMIT: OptionSpec = { name: "LIMIT", value: "number" };
const VALUES: OptionSpec = { name: "VALUES" };
const LONG: OptionSpec = { name: "LONG" };
const LIST_LIMIT = 100;
/** Keys in one request, the server's limit; with values, fewer are held at a time. */
const PAGE_KEYS_MAX = 10_000;
const PAGE_ENTRIES = 100;
/** Of a value in a list. */
const VALUE_COLUMNS_MAX = 60;

export const get: ShellCommand = {
  name: "GET",
  usage: "<key> ...",
  does: "shows values",
  arity: { min: 1, max: Infinity },
  places: ["key"],
  examples: ["GET user:1", "GET a b c"],
  async run(given, { kv, io, signal }) {
    const { name, dim } = styleOf(io);
    const keys = given.keys();
    const texts: string[] = [];
    let note: string | undefined;
    let isNo = false;
    for (const key of keys) {
      const entry = await kv.getBytes(key, { signal });
      isNo ||= entry === undefined;
      if (keys.length > 1) texts.push(name(safeLine(key)));
      texts.push(entry === undefined ? dim("(no such key)") : valueText(entry, io));
      if (entry !== undefined && keys.length === 1) note = metaText(entry);
    }
    const text = texts.join("\n");
    return { text, ...(note === undefined ? {} : { note }), ...(isNo ? { isNo } : {}) };
  },
};

export const has: ShellCommand = {
  name: "HAS",
  aliases: ["EXISTS"],
  usage: "<key> ...",
  does: "tells whether keys exist",
  arity: { min: 1, max: Infinity },
  places: ["key"],
  async run(given, { kv, io, signal }) {
    const { good, warning, name } = styleOf(io);
    const keys = given.keys();
    const texts: string[] = [];
    let isNo = false;
    for (const key of keys) {
      const exists = await kv.has(key, { signal });
      isNo ||= !exists;
      const word = exists ? good("yes") : warning("no");
      texts.push(keys.length > 1 ? `${word}${exists ? " " : "  "}${name(safeLine(key))}` : word);
    }
    return { text: texts.join("\n"), ...(isNo ? { isNo } : {}) };
  },
};

export const ttl: ShellCommand = {
  name: "TTL",
  usage: "<key> [duration]",
  does: "shows how long a key has left, or sets it, as EXPIRE does",
  arity: { min: 1, max: 2 },
  places: ["key", "other"],
  examples: ["TTL session:7", "TTL session:7 30m"],
  async run(given, { kv, io, signal }) {
    const key = given.key();
    const duration = given.text(1);
    if (duration !== undefined) {
      const seconds = secondsOf(duration);
      return ttlOutcome(key, await kv.expire(key, seconds, { signal }), seconds, io);
    }
    const entry = await kv.getWithMeta(key, { signal });
    return entry === undefined ? noSuchKey(key, io) : { text: leftText(entry.ttl) };
  },
};

export const list: ShellCommand = {
  name: "LIST",
  aliases: ["KEYS", "LS"],
  usage: "[prefix] [LIMIT <number>] [VALUES] [LONG]",
  does: "shows keys, in alphabetical order",
  arity: { min: 0, max: 1 },
  places: ["key"],
  options: [LIMIT, VALUES, LONG],
  notes: [
    `Shows ${LIST_LIMIT} keys unless LIMIT says otherwise. A * at the end of the prefix is left out.`,
    "VALUES adds values; LONG adds version, time left and size.",
  ],
  examples: ["LIST", "LIST user:", "LIST user: LIMIT 1000 LONG"],
  run: runList,
};

async function runList(given: Given, context: ShellContext): Promise<Outcome> {
  const { io } = context;
  const limit = given.number(LIMIT, 1) ?? LIST_LIMIT;
  const prefix = given.text(0)?.replace(/\*$/, "");
  const isDetailed = given.has(VALUES) || given.has(LONG);
  const { entries, hasMore } = await firstEntries(context, prefix, limit, isDetailed);
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  const { name } = styleOf(io);
  const more = hasMore ? `, and there are more: LIMIT ${limit * 10} shows them` : "";
  const note = `${countText(entries.length)} ${entries.length === 1 ? "key" : "keys"}${more}`;
  if (!isDetailed) return { text: entries.map(({ key }) => name(safeLine(key))).join("\n"), note };
  return { text: entries.length === 0 ? "" : listTable(entries, given, io).trimEnd(), note };
}

async function firstEntries(
  { kv, signal }: ShellContext,
  prefix: string | undefined,
  limit: number,
  isDetailed: boolean,
): Promise<{ readonly entries: ListedEntry[]; readonly hasMore: boolean }> {
  // One more than is shown tells whether there are more.
  const pageSize = Math.min(limit + 1, isDetailed ? PAGE_ENTRIES : PAGE_KEYS_MAX);
  const request = { prefix, pageSize, signal };
  const entries: ListedEntry[] = [];
  const source = isDetailed ? kv.bytesEntries(request) : kv.list(request);
  for await (const each of source) {
    if (entries.length === limit) return { entries, hasMore: true };
    entries.push(typeof each === "string" ? { key: each } : each);
  }
  return { entries, hasMore: false };
}

function listTable(entries: readonly ListedEntry[], given: Given, io: CliIo): string {
  const { name, value: paint, dim } = styleOf(io);
  const isLong = given.has(LONG);
  const rows = entries.map((entry) => {
    const { key, version = 0, ttl: left = null, bytes = new Uint8Array(), kind = "text" } = entry;
    const meta = [String(version), left === null ? "-" : leftText(left), String(bytes.length)];
    const line = lineText({ bytes, kind });
    const shown =
      line.length > VALUE_COLUMNS_MAX
        ? `${paint(line.slice(0, VALUE_COLUMNS_MAX))}${dim("...")}`
        : paint(line);
    return [...(isLong ? meta : []), name(safeLine(key)), ...(given.has(VALUES) ? [shown] : [])];
  });
  const longColumns = [
    { title: "version", align: "right" as const },
    { title: "ttl", align: "right" as const },
    { title: "bytes", align: "right" as const },
  ];
  const columns = [
    ...(isLong ? longColumns : []),
    { title: "key" },
    ...(given.has(VALUES) ? [{ title: "value" }] : []),
  ];
  return tableText(columns, rows, io);
}
