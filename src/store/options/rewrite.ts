/**
 * Puts the values of options into the text of a configuration file that is there already, which keeps
 * its format, its order and, in YAML, its comments.
 *
 * Options that the file lacks are added. Values that say the same already are left as they are spelled.
 * A secret is never added to a file that has none.
 */
import { parseDocument } from "yaml";
import { OPTIONS, type Declaration, type OptionName } from "./declaration.ts";
import type { RawValue } from "./kinds.ts";
import type { ConfigFile } from "./sources.ts";

/** Throws when the file is no longer one that options can be read from. */
export function rewriteConfig(file: ConfigFile, values: ReadonlyMap<OptionName, unknown>): string {
  return file.path.endsWith(".json")
    ? rewriteJson(file.text, values)
    : rewriteYaml(file.text, values);
}

function rewriteJson(text: string, values: ReadonlyMap<OptionName, unknown>): string {
  const content = JSON.parse(text) as unknown;
  if (typeof content !== "object" || content === null || Array.isArray(content)) throw notOptions();
  const entries = new Map<string, unknown>(Object.entries(content));
  const has = (flag: string): boolean => entries.has(flag);
  const updates = updatesOf(values, has, (flag) => entries.get(flag));
  if (updates.length === 0) return text;
  for (const [flag, value] of updates) entries.set(flag, value);
  const indent = /^\s*\{\s*?\n([ \t]+)/.exec(text)?.[1] ?? "  ";
  const end = text.endsWith("\n") ? "\n" : "";
  return `${JSON.stringify(Object.fromEntries(entries), null, indent)}${end}`;
}

function rewriteYaml(text: string, values: ReadonlyMap<OptionName, unknown>): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw document.errors[0]!;
  const has = (flag: string): boolean => document.has(flag);
  const updates = updatesOf(values, has, (flag) => document.get(flag));
  if (updates.length === 0) return text;
  for (const [flag, value] of updates) document.set(flag, value);
  return document.toString();
}

type Update = readonly [flag: string, value: RawValue];

function updatesOf(
  values: ReadonlyMap<OptionName, unknown>,
  has: (flag: string) => boolean,
  get: (flag: string) => unknown,
): Update[] {
  return [...values].flatMap(([name, value]): Update[] => {
    const spec: Declaration[string] = OPTIONS[name];
    const isThere = has(spec.flag);
    if (!isThere && spec.secret === true) return [];
    const text = spec.format(value);
    if (isThere && spellsSame(spec, get(spec.flag), text)) return [];
    return [[spec.flag, /^-?\d+$/.test(text) && spec.secret !== true ? Number(text) : text]];
  });
}

/** Whether what the file has reads as the same value. */
function spellsSame(spec: Declaration[string], raw: unknown, text: string): boolean {
  if (typeof raw !== "string" && typeof raw !== "number" && typeof raw !== "boolean") return false;
  const value = spec.parse(raw);
  return value !== undefined && spec.format(value) === text;
}

function notOptions(): Error {
  return new Error("the file does not hold names and values");
}
