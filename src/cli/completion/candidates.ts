/**
 * What may come next on a command line of `pykv`, out of the tree of commands itself: whoever adds a
 * verb or a flag has its completion too.
 *
 * What stands in a place is told by its name there: <key> is a key, which the server is asked for,
 * <dir> a directory, <path> or <file> a file, --ns a namespace.
 */
import type { Argument, Command, Option } from "commander";
import { connect, type ConnectionFlags } from "../connection.ts";
import type { CliIo } from "../io.ts";
import { OPTIONS, type Declaration } from "../../store/options/declaration.ts";
import { keysOf, namespacesOf } from "./names.ts";

export interface Candidate {
  readonly value: string;
  /** In a few words; empty where the value says it all. */
  readonly about: string;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** What the shell adds by itself. */
  readonly also: "files" | "directories" | "none";
}

/** A flag, as far as completion goes. */
interface Flag {
  readonly names: readonly string[];
  readonly about: string;
  /** What its value is called, null when it takes none. */
  readonly value: string | null;
  readonly choices: readonly string[];
}

/** What the words before the cursor have led to. */
interface Place {
  readonly command: Command;
  /** The words behind the command's name. */
  readonly rest: readonly string[];
  /** Arguments that are there already. */
  readonly argumentCount: number;
  /** A flag that waits for its value. */
  readonly waiting: Flag | null;
  /** Behind `--`, nothing is a flag. */
  readonly isPastFlags: boolean;
}

const SERVING = ["serve", "doctor"];
const NOTHING: Candidates = { candidates: [], also: "none" };

/**
 * @param words what is typed behind `pykv`, quotes undone; the last one is the word at the cursor,
 *   empty behind a space.
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  io: CliIo,
): Promise<Candidates> {
  const typed = words.at(-1) ?? "";
  const place = placeOf(program, words.slice(0, -1));
  const flags = flagsOf(place.command);
  if (place.waiting !== null) return valuesOf(place.waiting, typed, place, io);
  const [, name, start] = /^(--[^=]+)=(.*)$/s.exec(typed) ?? [];
  if (name !== undefined && start !== undefined && !place.isPastFlags) {
    const flag = flags.find(({ names }) => names.includes(name));
    return flag === undefined
      ? NOTHING
      : withPrefix(`${name}=`, await valuesOf(flag, start, place, io));
  }
  if (typed.startsWith("-") && !place.isPastFlags) return flagNames(flags, typed);
  const found = await argumentsAt(place, typed, io);
  const isEmpty = found.candidates.length === 0 && found.also === "none" && typed === "";
  return isEmpty && !place.isPastFlags ? flagNames(flags, typed) : found;
}

function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let rest: string[] = [];
  let argumentCount = 0;
  let waiting: Flag | null = null;
  let isPastFlags = false;
  for (const word of words) {
    rest.push(word);
    if (waiting !== null) {
      waiting = null;
    } else if (word === "--" && !isPastFlags) {
      isPastFlags = true;
    } else if (word.startsWith("-") && !isPastFlags) {
      const flag = flagsOf(command).find(({ names }) => names.includes(word));
      if (flag !== undefined && flag.value !== null) waiting = flag;
    } else {
      const child = argumentCount === 0 ? childOf(command, word) : undefined;
      // Behind `help`, the verbs come once more.
      if (child === undefined) argumentCount += word === "help" && command === program ? 0 : 1;
      else {
        command = child;
        rest = [];
      }
    }
  }
  // Without its value, the flag would be a mistake.
  if (waiting !== null) rest.pop();
  return { command, rest, argumentCount, waiting, isPastFlags };
}

function childOf(command: Command, name: string): Command | undefined {
  return command.commands.find((each) => each.name() === name || each.aliases().includes(name));
}

/** Names of commands, or what the argument at this place may be. */
async function argumentsAt(place: Place, typed: string, io: CliIo): Promise<Candidates> {
  const { command, argumentCount } = place;
  const children = command.createHelp().visibleCommands(command);
  if (children.length > 0 && argumentCount === 0) {
    const named = children.map((each) => ({ value: each.name(), about: each.description() }));
    return { candidates: startingWith(typed, named), also: "none" };
  }
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument =
    registeredArguments[argumentCount] ?? (last?.variadic === true ? last : undefined);
  if (argument !== undefined) return valuesOf(flagLike(argument), typed, place, io);
  return NOTHING;
}

async function valuesOf(flag: Flag, typed: string, place: Place, io: CliIo): Promise<Candidates> {
  if (flag.choices.length > 0) {
    const named = flag.choices.map((value) => ({ value, about: "" }));
    return { candidates: startingWith(typed, named), also: "none" };
  }
  if (flag.names.includes("--ns")) {
    return asked(place, io, (kv) => namespacesOf(kv, typed));
  }
  switch (flag.value) {
    case "key":
    case "keys":
      return asked(place, io, (kv) => keysOf(kv, typed));
    case "path":
    case "file":
    case "files":
      return { candidates: [], also: "files" };
    case "dir":
    case "target":
    case "directory":
      return { candidates: [], also: "directories" };
    default:
      return NOTHING;
  }
}

type Client = Awaited<ReturnType<typeof connect>>;

/** Names from the server that the flags on the line lead to; none where that fails. */
async function asked(
  { command, rest }: Place,
  io: CliIo,
  ask: (kv: Client) => Promise<string[]>,
): Promise<Candidates> {
  try {
    command.configureOutput({ writeErr: () => undefined }).parseOptions([...rest]);
    const names = await ask(await connect(command.opts<ConnectionFlags>(), io));
    // A line of output is a name: one with a newline in it can't be offered.
    const named = names.filter((name) => !/\p{Cc}/u.test(name));
    return { candidates: named.map((value) => ({ value, about: "" })), also: "none" };
  } catch {
    return NOTHING;
  }
}

function flagNames(flags: readonly Flag[], typed: string): Candidates {
  const named = flags.map(({ names, about }) => ({ value: names.at(-1) ?? "", about }));
  return { candidates: startingWith(typed, named), also: "none" };
}

function startingWith(typed: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(typed));
}

function withPrefix(prefix: string, { candidates, also }: Candidates): Candidates {
  const named = candidates.map(({ value, about }) => ({ value: prefix + value, about }));
  return { candidates: named, also };
}

function flagsOf(command: Command): Flag[] {
  const own = command.createHelp().visibleOptions(command).map(flagOf);
  return SERVING.includes(command.name()) ? [...own, ...serveFlags()] : own;
}

function flagOf({ short, long, flags, description, argChoices, required, optional }: Option): Flag {
  const names = [short, long].filter((name) => name !== undefined);
  const value = required || optional ? (/[<[]([^>\].]+)/.exec(flags)?.[1] ?? "") : null;
  return { names, about: description, value, choices: argChoices ?? [] };
}

function flagLike(argument: Argument): Flag {
  const choices = argument.argChoices ?? [];
  return { names: [], about: argument.description, value: argument.name(), choices };
}

/** These read the flags of the server by the declaration of its options, past commander. */
function serveFlags(): Flag[] {
  return Object.values<Declaration[string]>(OPTIONS).map(({ flag, doc, arity, placeholder }) => ({
    names: [`--${flag}`],
    about: /^[^.]*/.exec(doc)?.[0] ?? "",
    value: arity === "bare" ? null : placeholder,
    choices: [],
  }));
}
