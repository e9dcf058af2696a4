/** The words behind a command's name: arguments in order, and options by name. */
import { UsageError } from "../exit.ts";
import { ttlMsFlag } from "../writing.ts";
import { valueOfText, type GivenValue, type ValueType, VALUE_TYPES } from "../values/given.ts";
import type { OptionSpec, ShellCommand } from "./command.ts";
import { textOf, type Word } from "./words.ts";

export const TTL: OptionSpec = { name: "TTL", aliases: ["EX"], value: "duration" };
export const IF_VERSION: OptionSpec = { name: "IF-VERSION", value: "number" };
export const IF_ABSENT: OptionSpec = { name: "IF-ABSENT", aliases: ["NX"] };
export const IF_PRESENT: OptionSpec = { name: "IF-PRESENT", aliases: ["XX"] };
export const TYPE: OptionSpec = { name: "TYPE", value: "text|json" };

export class Given {
  readonly words: readonly Word[];
  readonly #options: ReadonlyMap<string, string>;

  constructor(words: readonly Word[], options: ReadonlyMap<string, string>) {
    this.words = words;
    this.#options = options;
  }

  /** The argument at this place; undefined when there are fewer. */
  text(at: number): string | undefined {
    const word = this.words[at];
    return word === undefined ? undefined : textOf(word);
  }

  /** The argument at a place that the command's arity demands. */
  key(at = 0): string {
    return this.text(at) ?? "";
  }

  keys(): string[] {
    return this.words.map(textOf);
  }

  has(option: OptionSpec): boolean {
    return this.#options.has(option.name);
  }

  option(option: OptionSpec): string | undefined {
    return this.#options.get(option.name);
  }

  /** The option's whole number from `min`; undefined when it is not given. */
  number(option: OptionSpec, min: number): number | undefined {
    const text = this.option(option);
    return text === undefined ? undefined : numberOf(text, option.name, min);
  }

  /** Seconds, out of the option TTL. */
  ttl(): number | undefined {
    const text = this.option(TTL);
    return text === undefined ? undefined : secondsOf(text);
  }

  /**
   * The argument as a value: brackets make JSON, anything else is text, or bytes where escapes make
   * them. Throws INVALID_JSON of the SDK.
   */
  value(at: number): Promise<GivenValue> {
    const word = this.words[at];
    if (word === undefined) throw new UsageError("the value is missing");
    const named = this.option(TYPE)?.toLowerCase();
    const type = VALUE_TYPES.find((each) => each === named);
    if (named !== undefined && (type === undefined || type === "binary")) {
      throw new UsageError("TYPE is text or json");
    }
    return valueOfWord(word, type);
  }
}

/** Splits the words by the command's options. Throws UsageError with the command's usage. */
export function givenTo(command: ShellCommand, words: readonly Word[]): Given {
  const { options = [], arity, name } = command;
  const plain: Word[] = [];
  const named = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    // The first arguments are keys and values, whatever they look like.
    const option = plain.length < arity.min ? undefined : optionOf(word, options);
    if (option === undefined) {
      plain.push(word);
      continue;
    }
    if (named.has(option.name)) throw new UsageError(`${option.name} is given twice`);
    const value = option.value === undefined ? undefined : words[++at];
    if (option.value !== undefined && value === undefined) {
      throw new UsageError(`${option.name} needs a ${option.value}`);
    }
    named.set(option.name, value === undefined ? "" : textOf(value));
  }
  if (plain.length < arity.min || plain.length > arity.max) {
    const problem = plain.length < arity.min ? "too few arguments" : surplus(plain, arity.max);
    throw new UsageError(`${problem}: ${name} ${command.usage}`.trimEnd());
  }
  return new Given(plain, named);
}

/** Seconds in a duration such as `60`, `500ms` or `2h`. */
export function secondsOf(text: string): number {
  return parsed(() => ttlMsFlag(text), text) / 1000;
}

function numberOf(text: string, what: string, min: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= min) return value;
  throw new UsageError(`${what} is a whole number from ${min}; this is ${text}`);
}

/** What commander's parsers throw, in the words of the shell. */
export function parsed<T>(parse: () => T, given: string): T {
  try {
    return parse();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${given}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`);
  }
}

async function valueOfWord(word: Word, type: ValueType | undefined): Promise<GivenValue> {
  if (type === "json" || (type === undefined && word.kind === "json")) {
    return valueOfText(textOf(word), "json");
  }
  const text = word.bytes.toString();
  return Buffer.from(text).equals(word.bytes) ? text : word.bytes;
}

function surplus(words: readonly Word[], max: number): string {
  const extra = words[max]?.bytes.toString() ?? "";
  return `${extra} is one too many (put a value with spaces in quotes)`;
}

function optionOf(word: Word, options: readonly OptionSpec[]): OptionSpec | undefined {
  if (word.kind !== "plain") return undefined;
  const name = word.bytes.toString().replace(/^--/, "").toUpperCase();
  return options.find((each) => each.name === name || each.aliases?.includes(name) === true);
}
