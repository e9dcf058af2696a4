/** Completion in the shell: commands, options, namespaces, and keys by prefix, asked of the server. */
import type { PyKV } from "../../client/index.ts";
import { keysOf, namespacesOf } from "../completion/names.ts";
import type { ShellCommand } from "./command.ts";
import type { CommandTable } from "./commands/index.ts";
import { parseLine, quoted, type Word } from "./words.ts";

/** What readline takes: the candidates, and the part of the line that they replace. */
export type Completion = [candidates: string[], replaced: string];

/** Completes the end of `text`, which is the line up to the cursor. */
export async function complete(
  text: string,
  kv: PyKV,
  commands: CommandTable,
): Promise<Completion> {
  const { before, typed, start } = split(text);
  const replaced = text.slice(start);
  const [name] = before;
  if (name === undefined) return [commandNames(commands, typed), replaced];
  const command = commands.find(name);
  if (command === null) return [[], replaced];
  const names = await namesFor(command, before.length - 1, typed, { kv, commands });
  const options = before.length > command.arity.min ? optionNames(command, typed) : [];
  return [[...names, ...options], replaced];
}

interface Split {
  /** The words that are done. */
  readonly before: readonly string[];
  /** The word under the cursor, without its quote; empty behind a space. */
  readonly typed: string;
  readonly start: number;
}

function split(text: string): Split {
  const { words, isOpen } = linesOf(text);
  const last = words.at(-1);
  const isTyping = last !== undefined && (isOpen || last.end === text.length);
  const done = isTyping ? words.slice(0, -1) : words;
  const before = done.map(({ bytes }) => bytes.toString());
  if (!isTyping) return { before, typed: "", start: text.length };
  return { before, typed: last.bytes.toString(), start: last.start };
}

function linesOf(text: string): { readonly words: readonly Word[]; readonly isOpen: boolean } {
  try {
    return parseLine(text);
  } catch {
    return { words: [], isOpen: false };
  }
}

async function namesFor(
  { places = [] }: ShellCommand,
  at: number,
  typed: string,
  { kv, commands }: { readonly kv: PyKV; readonly commands: CommandTable },
): Promise<string[]> {
  switch (places[at] ?? places.at(-1)) {
    case "key":
      return (await keysOf(kv, typed)).map(quoted);
    case "namespace":
      return namespacesOf(kv, typed);
    case "command":
      return commandNames(commands, typed).map((name) => name.trimEnd());
    default:
      return [];
  }
}

function commandNames({ all }: CommandTable, typed: string): string[] {
  const names = all.map(({ name }) => name);
  return inCaseOf(typed, names).map((name) => `${name} `);
}

function optionNames({ options = [] }: ShellCommand, typed: string): string[] {
  const names = options.map(({ name }) => name);
  const dashes = /^-{0,2}/.exec(typed)?.[0] ?? "";
  const matching = inCaseOf(typed.slice(dashes.length), names);
  return matching.map((name) => (dashes === "" ? name : `--${name.toLowerCase()}`));
}

/** Those that start like this, in capitals unless it is typed in small letters. */
function inCaseOf(typed: string, names: readonly string[]): string[] {
  const matching = names.filter((name) => name.startsWith(typed.toUpperCase()));
  const isSmall = typed !== "" && typed === typed.toLowerCase();
  return isSmall ? matching.map((name) => name.toLowerCase()) : matching;
}
