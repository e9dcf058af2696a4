/**
 * The kinds of option: how each is read from text, what it accepts, how it is written back.
 *
 * Syntax and range are kept apart. `parse` turns what a flag, an environment variable or a file
 * holds into a value; `accepts` says whether a value may be used, and serves also the values that
 * a program passes to `open()`, which never were text. Both fail with the same sentence, `expects`,
 * so a user reads one rule however the mistake came in.
 */
import {
  formatBytes,
  formatDurationMs,
  parseBytes,
  parseDurationMs,
  type DurationUnit,
} from "../../base/units.ts";

/** What a source can hold: text from flags and environment, more from a file. */
export type RawValue = string | number | boolean | readonly string[];

/** The facts about this machine that a default may depend on. */
export interface Machine {
  /** Physical memory in bytes. */
  readonly memoryBytes: number;
}

/** What every option states about itself. */
interface Common {
  /** The flag without its dashes; the file key is the same, and PYKV_ in capitals the variable. */
  readonly flag: string;
  /** Heading in the help and in the documentation. */
  readonly group: string;
  /** One or two sentences for the help and the documentation. */
  readonly doc: string;
  /** The value is never shown: not in messages, not in logs. */
  readonly secret?: true;
}

export interface OptionSpec<T> extends Common {
  /** Stands for the value in the help: `<size>`. */
  readonly placeholder: string;
  /** Completes the sentence "it must be ...", with the range. */
  readonly expects: string;
  /** Whether the flag may stand without a value, and repeats add up. */
  readonly arity: "one" | "bare" | "many";
  defaultFor(machine: Machine): T;
  /** The default in words, where it depends on the machine; else null. */
  readonly defaultRule: string | null;
  /** The value, still unchecked, or undefined when the text is not of this kind. */
  parse(raw: RawValue): T | undefined;
  accepts(value: unknown): boolean;
  /** Text that `parse` reads back as the same value. */
  format(value: T): string;
}

interface Range {
  readonly min: number;
  readonly max: number;
  /** Zero is accepted too, outside of the range, and means this: "0 turns it off". */
  readonly zero?: string;
}

/** When the log is long enough for a compaction; 0 is no limit of that sort. */
export interface LogLimit {
  readonly bytesMax: number;
  readonly recordsMax: number;
}

/** A size with units, as a number of bytes. */
export function bytes(
  spec: Common &
    Range & { readonly default: number | ((machine: Machine) => number); defaultRule?: string },
): OptionSpec<number> {
  const { default: byDefault } = spec;
  return {
    ...spec,
    placeholder: "size",
    expects: `a size ${rangeText(spec, formatBytes)}, such as 64mb`,
    arity: "one",
    defaultFor: typeof byDefault === "function" ? byDefault : () => byDefault,
    defaultRule: spec.defaultRule ?? null,
    parse: (raw) => numberOrText(raw, parseBytes),
    accepts: (value) => inRange(value, spec),
    format: formatBytes,
  };
}

/** A duration with units, as a number of milliseconds; a plain number counts in `plainUnit`. */
export function duration(
  spec: Common & Range & { readonly default: number; readonly plainUnit: DurationUnit },
): OptionSpec<number> {
  const plain = spec.plainUnit === "s" ? "seconds" : "milliseconds";
  const range = rangeText(spec, formatDurationMs);
  return {
    ...spec,
    placeholder: "duration",
    expects: `a duration ${range}, such as 250ms, 30s or 5m (a plain number is in ${plain})`,
    arity: "one",
    defaultFor: () => spec.default,
    defaultRule: null,
    parse: (raw) =>
      typeof raw === "boolean" || Array.isArray(raw)
        ? undefined
        : (parseDurationMs(String(raw), spec.plainUnit) ?? undefined),
    accepts: (value) => inRange(value, spec),
    format: formatDurationMs,
  };
}

export function integer(spec: Common & Range & { readonly default: number }): OptionSpec<number> {
  return {
    ...spec,
    placeholder: "number",
    expects: `a whole number ${rangeText(spec, String)}`,
    arity: "one",
    defaultFor: () => spec.default,
    defaultRule: null,
    parse: (raw) => numberOrText(raw, (text) => (/^-?\d+$/.test(text) ? Number(text) : null)),
    accepts: (value) => inRange(value, spec),
    format: String,
  };
}

/** What `portOrOff` calls the port that the operating system picks. */
export const ANY_PORT = "any";

/** A TCP port; 0 for none at all, `any` for a free one. */
export function portOrOff(
  spec: Common & { readonly default: number },
): OptionSpec<number | typeof ANY_PORT> {
  const range = { min: 1, max: 65535, zero: "off" };
  return {
    ...spec,
    placeholder: "number|any",
    expects: `a whole number ${rangeText(range, String)}, or ${ANY_PORT} (any free port)`,
    arity: "one",
    defaultFor: () => spec.default,
    defaultRule: null,
    parse: (raw) => {
      if (raw === ANY_PORT) return ANY_PORT;
      return numberOrText(raw, (text) => (/^\d+$/.test(text) ? Number(text) : null));
    },
    accepts: (value) => value === ANY_PORT || inRange(value, range),
    format: String,
  };
}

export function choice<const C extends string>(
  spec: Common & { readonly choices: readonly C[]; readonly default: NoInfer<C> },
): OptionSpec<C> {
  return {
    ...spec,
    placeholder: spec.choices.join("|"),
    expects: `one of ${spec.choices.join(", ")}`,
    arity: "one",
    defaultFor: () => spec.default,
    defaultRule: null,
    // YAML 1.2 leaves `fsync: no` a string; only its predecessor made a boolean of it.
    parse: (raw) => spec.choices.find((each) => each === raw),
    accepts: (value) => spec.choices.some((each) => each === value),
    format: (value) => value,
  };
}

export function string(
  spec: Common & { readonly default: string; readonly placeholder: string; expects: string },
): OptionSpec<string> {
  return {
    ...spec,
    arity: "one",
    defaultFor: () => spec.default,
    defaultRule: null,
    parse: (raw) => (typeof raw === "string" ? raw : undefined),
    accepts: isFilled,
    format: (value) => value,
  };
}

/** A string, or null, which is written `none`. */
export function stringOrNone(
  spec: Common & {
    readonly default: string | null;
    readonly pattern?: RegExp;
    placeholder: string;
    expects: string;
  },
): OptionSpec<string | null> {
  const { pattern } = spec;
  const fits = (value: unknown): boolean => pattern === undefined || pattern.test(String(value));
  return {
    ...spec,
    arity: "one",
    defaultFor: () => spec.default,
    defaultRule: null,
    parse: (raw) => (typeof raw !== "string" ? undefined : raw === "none" ? null : raw),
    accepts: (value) => value === null || (isFilled(value) && fits(value)),
    format: (value) => value ?? "none",
  };
}

/** Several strings: separated by commas, or the flag repeated, or a list in a file. */
export function list(
  spec: Common & { readonly pattern: RegExp; readonly placeholder: string; expects: string },
): OptionSpec<readonly string[]> {
  const split = (text: string) => text.split(",").map((item) => item.trim());
  return {
    ...spec,
    arity: "many",
    defaultFor: () => [],
    defaultRule: null,
    parse(raw) {
      if (typeof raw !== "string" && !Array.isArray(raw)) return undefined;
      const items = typeof raw === "string" ? [raw] : raw;
      return items.flatMap(split).filter((item) => item !== "");
    },
    accepts: (value) =>
      Array.isArray(value) &&
      value.every((item) => typeof item === "string" && spec.pattern.test(item)),
    format: (value) => value.join(","),
  };
}

/** `--name` alone is true, `--no-name` is false. */
export function boolean(spec: Common & { readonly default: boolean }): OptionSpec<boolean> {
  const words = new Map([
    ["true", true],
    ["yes", true],
    ["on", true],
    ["1", true],
    ["false", false],
    ["no", false],
    ["off", false],
    ["0", false],
  ]);
  return {
    ...spec,
    placeholder: "true|false",
    expects: "true or false",
    arity: "bare",
    defaultFor: () => spec.default,
    defaultRule: null,
    parse: (raw) => words.get(String(raw).toLowerCase()),
    accepts: (value) => typeof value === "boolean",
    format: String,
  };
}

/** A size, or a number of records written `1000000r` or `1000000 records`; 0 is no limit. */
export function logLimit(spec: Common & { readonly default: LogLimit }): OptionSpec<LogLimit> {
  return {
    ...spec,
    placeholder: "size|records",
    expects: "a size such as 256mb, or records such as 1000000r, or 0 for no limit",
    arity: "one",
    defaultFor: () => spec.default,
    defaultRule: null,
    parse: parseLogLimit,
    accepts: isLogLimit,
    format: (value) =>
      value.recordsMax > 0 ? `${value.recordsMax}r` : formatBytes(value.bytesMax),
  };
}

function parseLogLimit(raw: RawValue): LogLimit | undefined {
  const records = /^(\d+)\s*(?:r|records?)$/i.exec(String(raw).trim());
  if (records !== null) return { bytesMax: 0, recordsMax: Number(records[1]) };
  const bytesMax = numberOrText(raw, parseBytes);
  return bytesMax === undefined ? undefined : { bytesMax, recordsMax: 0 };
}

function isLogLimit(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (!("bytesMax" in value) || !("recordsMax" in value)) return false;
  return isCount(value.bytesMax) && isCount(value.recordsMax);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFilled(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function numberOrText(raw: RawValue, parse: (text: string) => number | null): number | undefined {
  if (typeof raw === "number") return raw;
  return typeof raw === "string" ? (parse(raw.trim()) ?? undefined) : undefined;
}

function inRange(value: unknown, range: Range): boolean {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return false;
  if (value === 0 && range.zero !== undefined) return true;
  return value >= range.min && value <= range.max;
}

function rangeText(range: Range, format: (value: number) => string): string {
  const span = `from ${format(range.min)} to ${format(range.max)}`;
  return range.zero === undefined ? span : `${span}, or 0 (${range.zero})`;
}
