/**
 * The command line's language: a verb, a key, a value, options.
 *
 *   SET user:1 {"name": "Ada"} EX 3600 NX
 *   LIST user: LIMIT 20
 *
 * Words are separated by spaces. What starts with { or [ is JSON up to its closing bracket. Single quotes
 * take everything as it stands; double quotes know the escapes of JSON and \xHH. As a value, a word that is
 * JSON (a number, true, {...}) is stored as JSON; in double quotes it is text.
 */
import { jsonFault } from "../../lib/json-layout.ts";
import type { Operation, Report, ValueText } from "./operations.ts";

export interface Word {
  readonly text: string;
  readonly quote: "none" | "single" | "double" | "json";
  /** Where it stands in the line. */
  readonly from: number;
  readonly to: number;
  readonly isClosed: boolean;
}

export type Command =
  | { readonly kind: "operation"; readonly operation: Operation }
  | { readonly kind: "namespace"; readonly name: string }
  | { readonly kind: "help" }
  | { readonly kind: "clear" }
  | { readonly kind: "nothing" }
  | { readonly kind: "fault"; readonly message: string };

interface Verb {
  readonly usage: string;
  readonly help: string;
  /** Whether its first word is a key that is there. */
  readonly takesKey: boolean;
  readonly options: readonly string[];
}

export const VERBS: Readonly<Record<string, Verb>> = {
  SET: {
    usage: "SET key value [EX seconds] [NX] [IF version]",
    help: "add or replace a key",
    takesKey: true,
    options: ["EX", "NX", "IF"],
  },
  GET: { usage: "GET key", help: "read a key", takesKey: true, options: [] },
  UPDATE: {
    usage: "UPDATE key value [EX seconds | PERSIST] [UPSERT] [IF version]",
    help: "replace the value of a key that is there; its time to live stays",
    takesKey: true,
    options: ["EX", "PERSIST", "UPSERT", "IF"],
  },
  DELETE: {
    usage: "DELETE key [IF version]",
    help: "delete a key, at once",
    takesKey: true,
    options: ["IF"],
  },
  LIST: {
    usage: "LIST [prefix] [LIMIT n] [CURSOR c] [VALUES]",
    help: "list keys, a page at a time",
    takesKey: true,
    options: ["LIMIT", "CURSOR", "VALUES"],
  },
  INCR: {
    usage: "INCR key [by] [EX seconds]",
    help: "add to an integer of 64 bits",
    takesKey: true,
    options: ["EX"],
  },
  EXPIRE: {
    usage: "EXPIRE key seconds",
    help: "set the time to live",
    takesKey: true,
    options: [],
  },
  PERSIST: { usage: "PERSIST key", help: "let a key stay", takesKey: true, options: [] },
  BATCH: {
    usage: "BATCH [{...}, ...] [EACH]",
    help: "many operations in one request; all or none, unless EACH",
    takesKey: false,
    options: ["EACH"],
  },
  NS: { usage: "NS name", help: "go to another namespace", takesKey: false, options: [] },
  NAMESPACES: { usage: "NAMESPACES", help: "those that hold keys", takesKey: false, options: [] },
  SIZE: { usage: "SIZE", help: "how many keys the namespace holds", takesKey: false, options: [] },
  STATS: { usage: "STATS", help: "counters and memory", takesKey: false, options: [] },
  HEALTH: { usage: "HEALTH", help: "how the server is", takesKey: false, options: [] },
  PERFORMANCE: { usage: "PERFORMANCE", help: "rates and latencies", takesKey: false, options: [] },
  HELP: { usage: "HELP", help: "this list", takesKey: false, options: [] },
  CLEAR: { usage: "CLEAR", help: "empty the output", takesKey: false, options: [] },
};

/** Other names that fingers know. */
const ALIASES: Readonly<Record<string, string>> = {
  DEL: "DELETE",
  PUT: "UPDATE",
  KEYS: "LIST",
  SCAN: "LIST",
  INCRBY: "INCR",
  NAMESPACE: "NS",
  USE: "NS",
  DBSIZE: "SIZE",
  INFO: "STATS",
};

/** The words of a line; the last one may be unfinished. */
export function wordsOf(line: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < line.length;) {
    if (/\s/.test(line[at]!)) {
      at += 1;
      continue;
    }
    const word = wordAt(line, at);
    words.push(word);
    at = word.to;
  }
  return words;
}

function wordAt(line: string, from: number): Word {
  const first = line[from]!;
  if (first === "'") {
    const end = line.indexOf("'", from + 1);
    const isClosed = end >= 0;
    const to = isClosed ? end + 1 : line.length;
    const text = line.slice(from + 1, isClosed ? end : line.length);
    return { text, quote: "single", from, to, isClosed };
  }
  if (first === '"') return doubleQuoted(line, from);
  if (first === "{" || first === "[") {
    const end = endOfJson(line, from);
    const to = end < 0 ? line.length : end;
    return { text: line.slice(from, to), quote: "json", from, to, isClosed: end >= 0 };
  }
  const length = /^\S+/.exec(line.slice(from))![0].length;
  const to = from + length;
  return { text: line.slice(from, to), quote: "none", from, to, isClosed: true };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
};

function doubleQuoted(line: string, from: number): Word {
  let text = "";
  for (let at = from + 1; at < line.length; at++) {
    const character = line[at]!;
    if (character === '"') return { text, quote: "double", from, to: at + 1, isClosed: true };
    if (character !== "\\") {
      text += character;
      continue;
    }
    const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(line.slice(at + 1));
    if (code !== null) {
      text += String.fromCharCode(Number.parseInt((code[1] ?? code[2])!, 16));
      at += code[0].length;
    } else {
      const next = line[at + 1] ?? "\\";
      text += ESCAPES[next] ?? next;
      at += 1;
    }
  }
  return { text, quote: "double", from, to: line.length, isClosed: false };
}

/** Past the bracket that closes the one at `from`; -1 when there is none. */
function endOfJson(line: string, from: number): number {
  let depth = 0;
  for (let at = from; at < line.length; at++) {
    const character = line[at];
    if (character === '"') {
      for (at += 1; at < line.length && line[at] !== '"'; at++) if (line[at] === "\\") at += 1;
    } else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return -1;
}

/** What a line asks for. */
export function parseCommand(line: string): Command {
  const [first, ...rest] = wordsOf(line);
  if (first === undefined) return { kind: "nothing" };
  const open = [first, ...rest].find(({ isClosed }) => !isClosed);
  if (open !== undefined) {
    return fault(open.quote === "json" ? "A bracket is not closed." : "A quote is not closed.");
  }
  const name = verbName(first.text);
  if (name === null) return fault(`There is no command ${first.text}. HELP lists them.`);
  try {
    return parseVerb(name, rest);
  } catch (error) {
    if (error instanceof UsageFault) return fault(`${error.message} ${usageOf(name)}`);
    throw error;
  }
}

/** The verb that a word stands for, whatever its case. */
function verbName(word: string): string | null {
  const upper = word.toUpperCase();
  const name = Object.hasOwn(ALIASES, upper) ? ALIASES[upper]! : upper;
  return Object.hasOwn(VERBS, name) ? name : null;
}

class UsageFault extends Error {}

function fault(message: string): Command {
  return { kind: "fault", message };
}

function usageOf(name: string): string {
  return `Usage: ${VERBS[name]?.usage ?? name}`;
}

function parseVerb(name: string, words: readonly Word[]): Command {
  if (name === "HELP") return { kind: "help" };
  if (name === "CLEAR") return { kind: "clear" };
  if (name === "NS") return { kind: "namespace", name: need(words[0], "A name is missing.").text };
  if (isReport(name.toLowerCase())) {
    noMore(words);
    return { kind: "operation", operation: { op: "ask", what: name.toLowerCase() as Report } };
  }
  return { kind: "operation", operation: parseOperation(name, words) };
}

const REPORTS: readonly Report[] = ["namespaces", "size", "stats", "health", "performance"];

function isReport(name: string): name is Report {
  return (REPORTS as readonly string[]).includes(name);
}

function parseOperation(name: string, words: readonly Word[]): Operation {
  if (name === "LIST") return parseList(words);
  if (name === "BATCH") {
    const operations = need(words[0], "An array of operations is missing.");
    const options = optionsOf(words.slice(1), { EACH: 0 });
    return { op: "batch", operations: operations.text, atomic: !options.has("EACH") };
  }
  const key = need(words[0], "A key is missing.").text;
  const rest = words.slice(1);
  switch (name) {
    case "SET": {
      const value = valueOf(need(rest[0], "A value is missing."));
      const options = optionsOf(rest.slice(1), { EX: 1, NX: 0, IF: 1 });
      const ttl = secondsIn(options, "EX") ?? null;
      const ifVersion = versionIn(options);
      return { op: "set", key, value, ttl, ifAbsent: options.has("NX"), ifVersion };
    }
    case "UPDATE": {
      const value = valueOf(need(rest[0], "A value is missing."));
      const options = optionsOf(rest.slice(1), { EX: 1, PERSIST: 0, UPSERT: 0, IF: 1 });
      const ttl = options.has("PERSIST") ? null : secondsIn(options, "EX");
      const ifVersion = versionIn(options);
      return { op: "update", key, value, ttl, upsert: options.has("UPSERT"), ifVersion };
    }
    case "DELETE":
      return { op: "delete", key, ifVersion: versionIn(optionsOf(rest, { IF: 1 })) };
    case "INCR": {
      const hasBy = rest[0] !== undefined && /^[+-]?\d+$/.test(rest[0].text);
      const options = optionsOf(hasBy ? rest.slice(1) : rest, { EX: 1 });
      const by = hasBy ? BigInt(rest[0]!.text.replace("+", "")) : 1n;
      return { op: "incr", key, by, ttl: secondsIn(options, "EX") ?? null };
    }
    case "EXPIRE":
      noMore(rest.slice(1));
      return { op: "expire", key, ttl: seconds(need(rest[0], "Seconds are missing.").text) };
    case "PERSIST":
      noMore(rest);
      return { op: "expire", key, ttl: null };
    default:
      noMore(rest);
      return { op: "get", key };
  }
}

function parseList(words: readonly Word[]): Operation {
  const { options: known } = VERBS.LIST!;
  const first = words[0];
  const isOption = first?.quote === "none" && known.includes(first.text.toUpperCase());
  const prefix = first === undefined || isOption ? "" : first.text;
  const rest = first === undefined || isOption ? words : words.slice(1);
  const options = optionsOf(rest, { LIMIT: 1, CURSOR: 1, VALUES: 0 });
  const limit = options.get("LIMIT");
  if (limit !== undefined && !/^\d+$/.test(limit)) throw new UsageFault("LIMIT is a number.");
  return {
    op: "list",
    prefix,
    limit: limit === undefined ? null : Number(limit),
    cursor: options.get("CURSOR") ?? "",
    values: options.has("VALUES"),
  };
}

/** Options with how many words each takes after its name. */
function optionsOf(
  words: readonly Word[],
  known: Readonly<Record<string, 0 | 1>>,
): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const name = words[at]!.text.toUpperCase();
    if (!Object.hasOwn(known, name)) throw new UsageFault(`${words[at]!.text} is not understood.`);
    if (known[name] === 1) at += 1;
    options.set(name, known[name] === 1 ? need(words[at], `${name} needs a value.`).text : "");
  }
  return options;
}

function need(word: Word | undefined, message: string): Word {
  if (word === undefined) throw new UsageFault(message);
  return word;
}

function noMore(words: readonly Word[]): void {
  if (words[0] !== undefined) throw new UsageFault(`${words[0].text} is not understood.`);
}

function secondsIn(options: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = options.get(name);
  return text === undefined ? undefined : seconds(text);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new UsageFault(`${text} is no number of seconds above 0.`);
  return value;
}

function versionIn(options: ReadonlyMap<string, string>): number | null {
  const text = options.get("IF");
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new UsageFault("IF takes a version, from 1.");
  return Number(text);
}

function valueOf({ text, quote }: Word): ValueText {
  const isJson = quote !== "double" && /^[[{\d\-tfn]/.test(text) && jsonFault(text) === null;
  return { kind: isJson ? "json" : "text", text };
}

export interface Completion {
  readonly kind: "verb" | "key" | "option" | "none";
  /** What has been typed of it. */
  readonly typed: string;
  /** The part of the line that it takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly string[];
}

/** What could stand where the cursor is, at the end of `line`. */
export function completionAt(line: string): Completion {
  const words = wordsOf(line);
  const isNew = line === "" || /\s$/.test(line);
  const last = isNew ? undefined : words.at(-1);
  const index = last === undefined ? words.length : words.length - 1;
  const place = { typed: last?.text ?? "", from: last?.from ?? line.length, to: line.length };
  if (index === 0) {
    const verbs = Object.keys(VERBS);
    const options = verbs.filter((verb) => verb.startsWith(place.typed.toUpperCase()));
    return { kind: place.typed === "" ? "none" : "verb", ...place, options };
  }
  const verb = VERBS[verbName(words[0]!.text) ?? ""];
  if (verb === undefined || last?.quote === "json") return { kind: "none", ...place, options: [] };
  if (index === 1 && verb.takesKey) return { kind: "key", ...place, options: [] };
  const options = verb.options.filter((each) => each.startsWith(place.typed.toUpperCase()));
  const isOption = place.typed !== "" && options.length > 0;
  return { kind: isOption ? "option" : "none", ...place, options };
}

/** A word that reads back as the text, quoted where it needs to be. */
export function quoteWord(text: string): string {
  if (/^[^\s"'{[\\\p{C}]+$/u.test(text)) return text;
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}
