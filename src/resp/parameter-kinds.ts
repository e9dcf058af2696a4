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
