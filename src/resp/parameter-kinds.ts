/**
 * How the values of CONFIG are written: Redis's syntax and its errors, over the values that the option
 * declaration has.
 */
import type { Options } from "../store/options/declaration.ts";

/** What is wrong with a value, in Redis's words. */
export class Problem {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export interface Kind<T> {
  parse(text: string): T | Problem;
  format(value: T): string;
}

const NOT_SAVE_POINTS = new Problem("Invalid save parameters");
const ONE_SAVE_POINT = new Problem(
  "there may be one save point, and one change is enough for it, such as '300 1'",
);
const NOT_A_NUMBER = new Problem("argument couldn't be parsed into an integer");
const NOT_MEMORY = new Problem("argument must be a memory value");
/** Unlike in the options, a unit without `b` is decimal here. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1000],
  ["kb", 1024],
  ["m", 1000 ** 2],
  ["mb", 1024 ** 2],
  ["g", 1000 ** 3],
  ["gb", 1024 ** 3],
]);

/** A whole number. `unit` is how much of the option's unit one of them is. */
export function number(min: number, max: number, unit = 1): Kind<number> {
  return {
    parse: (text) => {
      if (!/^-?\d{1,16}$/.test(text)) return NOT_A_NUMBER;
      const value = Number(text);
      if (value >= min && value <= max) return value * unit;
      return new Problem(`argument must be between ${min} and ${max} inclusive`);
    },
    format: (value) => String(Math.floor(value / unit)),
  };
}

/** Bytes with a unit. */
export function memory(min: number, max: number): Kind<number> {
  return {
    parse: (text) => {
      const [, digits, unit = ""] = /^(\d{1,15})([a-z]*)$/i.exec(text) ?? [];
      const factor = UNITS.get(unit.toLowerCase());
      if (digits === undefined || factor === undefined) return NOT_MEMORY;
      const value = Number(digits) * factor;
      if (value >= min && value <= max) return value;
      return new Problem(`argument must be between ${min} and ${max} inclusive`);
    },
    format: String,
  };
}

/** One of several words; those behind the first of each value are other spellings of it. */
export function words<T extends string>(
  spellings: readonly (readonly [T, ...string[]])[],
): Kind<T> {
  const all = [...new Set(spellings.map(([, first = ""]) => first))].join(", ");
  return {
    parse: (text) => {
      const wanted = text.toLowerCase();
      const found = spellings.find(([value, ...names]) => [value, ...names].includes(wanted));
      return found?.[0] ?? new Problem(`argument(s) must be one of the following: ${all}`);
    },
    format: (value) => spellings.find((each) => each[0] === value)?.[1] ?? value,
  };
}

/** Text, with the empty one for nothing. */
export const textOrNothing: Kind<string | null> = {
  parse: (text) => (text === "" ? null : text),
  format: (value) => value ?? "",
};

/** When a snapshot is taken by time: seconds, and the changes that there must be. "" is never. */
export const savePoints: Kind<number> = {
  parse: (text) => {
    const words = text.trim().split(/\s+/);
    if (words[0] === "") return 0;
    const areNumbers = words.every((word) => /^\d{1,9}$/.test(word));
    if (!areNumbers || words.length % 2 !== 0) return NOT_SAVE_POINTS;
    const [seconds, changes] = words.map(Number) as [number, number];
    if (seconds === 0 || changes === 0) return NOT_SAVE_POINTS;
    return words.length === 2 && changes === 1 ? seconds * 1000 : ONE_SAVE_POINT;
  },
  format: (intervalMs) => (intervalMs === 0 ? "" : `${Math.ceil(intervalMs / 1000)} 1`),
};

/** The size that starts a compaction; a limit in records shows as none. */
export const logBytes: Kind<Options["logLimit"]> = {
  parse: (text) => {
    const bytesMax = memory(0, Number.MAX_SAFE_INTEGER).parse(text);
    return bytesMax instanceof Problem ? bytesMax : { bytesMax, recordsMax: 0 };
  },
  format: ({ bytesMax }) => String(bytesMax),
};

const KEYSPACE_EVENTS = /^[KEg$lshzxetdmnA]*$/;

export const keyspaceEvents: Kind<string | null> = {
  parse: (text) =>
    KEYSPACE_EVENTS.test(text)
      ? textOrNothing.parse(text)
      : new Problem("Invalid event class character. Use 'Ag$lshzxeKEtmdn'."),
  format: (value) => textOrNothing.format(value),
};

/** Redis knows fewer levels, and by other names. */
export const logLevel: Kind<Options["logLevel"]> = words([
  ["debug", "debug"],
  ["trace", "debug"],
  ["debug", "verbose"],
  ["info", "notice"],
  ["warn", "warning"],
  ["error", "warning"],
  ["fatal", "warning"],
  ["silent", "nothing"],
]);
