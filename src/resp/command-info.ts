/**
 * What COMMAND INFO and COMMAND DOCS answer, in the shapes that clients take apart: cluster clients
 * read where the keys are, redis-cli makes its hints from the arguments.
 */
import type { Argument, Command, KeyRange } from "./command.ts";
import { keyRangesOf } from "./keys.ts";
import type { Output } from "./output.ts";
import type { Entry } from "./registry.ts";

/** In the order in which Redis lists them; it keeps `may_replicate` to itself. */
const FLAG_ORDER = [
  "write",
  "readonly",
  "denyoom",
  "admin",
  "pubsub",
  "noscript",
  "blocking",
  "loading",
  "stale",
  "skip_monitor",
  "skip_slowlog",
  "asking",
  "fast",
  "no_auth",
  "no_mandatory_keys",
  "no_async_loading",
  "no_multi",
  "allow_busy",
  "movablekeys",
];
const CATEGORY_ORDER = [
  "@keyspace",
  "@read",
  "@write",
  "@set",
  "@sortedset",
  "@list",
  "@hash",
  "@string",
  "@bitmap",
  "@hyperloglog",
  "@geo",
  "@stream",
  "@pubsub",
  "@admin",
  "@fast",
  "@slow",
  "@blocking",
  "@dangerous",
  "@connection",
  "@transaction",
  "@scripting",
];
/** Categories that follow from the group alone. */
const GROUP_CATEGORY: Readonly<Record<Command["group"], string | null>> = {
  connection: "@connection",
  generic: "@keyspace",
  pubsub: null,
  server: null,
  string: "@string",
  bitmap: "@bitmap",
  transactions: "@transaction",
};
const FLAG_CATEGORIES: readonly (readonly [string, readonly string[]])[] = [
  ["write", ["@write"]],
  ["readonly", ["@read"]],
  ["admin", ["@admin", "@dangerous"]],
  ["pubsub", ["@pubsub"]],
  ["blocking", ["@blocking"]],
];

/** What they do to their key depends on their options; see COMMAND GETKEYSANDFLAGS. */
const OPTION_DEPENDENT: ReadonlySet<string> = new Set(["set", "bitfield"]);

/** Access categories, such as `@read`, in Redis's order. */
export function categoriesOf({ command, flags, subcommands }: Entry): string[] {
  const found = new Set(command.categories);
  for (const [flag, categories] of FLAG_CATEGORIES) {
    if (flags.has(flag)) for (const category of categories) found.add(category);
  }
  found.add(flags.has("fast") ? "@fast" : "@slow");
  // What is only there to hold subcommands does nothing to the things of its group; nor does WAIT,
  // which stands among the generic commands.
  const isOfGroup = subcommands === null && !found.has("@connection");
  const group = isOfGroup ? GROUP_CATEGORY[command.group] : null;
  if (group !== null) found.add(group);
  return CATEGORY_ORDER.filter((category) => found.has(category));
}

/** The ten fields of COMMAND INFO; those of subcommands within. */
export function writeInfo(out: Output, entry: Entry): void {
  const { command, flags, subcommands } = entry;
  const ranges = keyRangesOf(command);
  const { first, last, step } = legacyRange(ranges);
  out.array(10);
  out.bulkLatin1(entry.fullName);
  out.integer(command.arity);
  writeSet(
    out,
    FLAG_ORDER.filter((flag) => flags.has(flag)),
  );
  out.integer(first);
  out.integer(last);
  out.integer(step);
  writeSet(out, categoriesOf(entry));
  out.set(0);
  out.set(ranges.length);
  const isVariable = OPTION_DEPENDENT.has(command.name);
  for (const range of ranges) writeKeySpecification(out, range, isVariable);
  if (subcommands === null) {
    out.set(0);
    return;
  }
  out.array(subcommands.size);
  for (const each of subcommands.values()) writeInfo(out, each);
}

/** The name and the map of COMMAND DOCS. */
export function writeDocs(out: Output, entry: Entry): void {
  const { command, subcommands } = entry;
  const { summary, since, group, complexity } = command;
  const described = command.arguments ?? [];
  const texts = { summary, since, group, complexity };
  out.bulkLatin1(entry.fullName);
  out.map(4 + (described.length > 0 ? 1 : 0) + (subcommands === null ? 0 : 1));
  for (const [name, text] of Object.entries(texts)) {
    out.bulkLatin1(name);
    out.bulkText(text);
  }
  if (described.length > 0) {
    out.bulkLatin1("arguments");
    writeArguments(out, described, { ranges: keyRangesOf(command).length, keys: 0 });
  }
  if (subcommands === null) return;
  out.bulkLatin1("subcommands");
  out.map(subcommands.size);
  for (const each of subcommands.values()) writeDocs(out, each);
}

/** The words that Redis has for what happens to the keys of a range. */
export function accessOf({ access, effects = [] }: KeyRange): string[] {
  return [access, ...effects];
}

/** One range that covers all, as Redis had it before there were several. */
function legacyRange(ranges: readonly KeyRange[]): { first: number; last: number; step: number } {
  if (ranges.length === 0) return { first: 0, last: 0, step: 0 };
  if (ranges.length === 1) return ranges[0]!;
  const first = Math.min(...ranges.map((range) => range.first));
  const lasts = ranges.map(({ last }) => last);
  const last = lasts.some((each) => each < 0) ? Math.max(...lasts.filter((each) => each < 0)) : NaN;
  return { first, last: Number.isNaN(last) ? Math.max(...lasts) : last, step: 1 };
}

function writeSet(out: Output, words: readonly string[]): void {
  out.set(words.length);
  for (const word of words) out.simple(word);
}

function writeKeySpecification(out: Output, range: KeyRange, isVariable: boolean): void {
  const { first, last, step } = range;
  out.map(3);
  out.bulkLatin1("flags");
  writeSet(out, isVariable ? [...accessOf(range), "variable_flags"] : accessOf(range));
  out.bulkLatin1("begin_search");
  writeSearch(out, "index", [["index", first]]);
  out.bulkLatin1("find_keys");
  writeSearch(out, "range", [
    ["lastkey", last < 0 ? last : last - first],
    ["keystep", step],
    ["limit", 0],
  ]);
}

function writeSearch(out: Output, type: string, fields: readonly (readonly [string, number])[]) {
  out.map(2);
  out.bulkLatin1("type");
  out.bulkLatin1(type);
  out.bulkLatin1("spec");
  out.map(fields.length);
  for (const [name, value] of fields) {
    out.bulkLatin1(name);
    out.integer(value);
  }
}

/** @param seen how many arguments have been keys so far, of how many ranges the command has */
function writeArguments(
  out: Output,
  list: readonly Argument[],
  seen: { readonly ranges: number; keys: number },
): void {
  out.array(list.length);
  for (const argument of list) {
    const { name, type, token, since } = argument;
    const isOuter = type === "oneof" || type === "block";
    const fields: [string, string][] = [
      ["name", name],
      ["type", type],
    ];
    if (!isOuter) fields.push(["display_text", name]);
    const isKey = type === "key" && seen.ranges > 0;
    const flags: string[] = (["optional", "multiple"] as const).filter((flag) => argument[flag]);
    if (argument.multipleToken === true) flags.push("multiple_token");
    const others: [string, string | undefined][] = [
      ["token", token],
      ["since", since],
    ];
    const given = others.filter((field): field is [string, string] => field[1] !== undefined);
    const extra = (isKey ? 1 : 0) + (flags.length > 0 ? 1 : 0) + (isOuter ? 1 : 0);
    out.map(fields.length + given.length + extra);
    writeTexts(out, fields);
    if (isKey) {
      out.bulkLatin1("key_spec_index");
      out.integer(Math.min(seen.keys++, seen.ranges - 1));
    }
    writeTexts(out, given);
    if (flags.length > 0) {
      out.bulkLatin1("flags");
      writeSet(out, flags);
    }
    if (!isOuter) continue;
    out.bulkLatin1("arguments");
    writeArguments(out, argument.arguments ?? [], seen);
  }
}

function writeTexts(out: Output, fields: readonly (readonly [string, string])[]): void {
  for (const [name, text] of fields) {
    out.bulkLatin1(name);
    out.bulkText(text);
  }
}
