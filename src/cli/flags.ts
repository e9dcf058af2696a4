/**
 * Reading what stands behind a flag: numbers with their ranges, durations and sizes with units.
 *
 * Each returns a parser for commander's `argParser`. A text that is not of the form, or out of
 * range, is refused with what would be right; commander adds the flag's name and what was given.
 */
import { InvalidArgumentError } from "commander";
import { parseBytes, parseDurationMs, type DurationUnit } from "../base/units.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A whole number from `min` to `max`, in decimal digits; `_` may group them. */
export function integerFlag({ min, max }: Range): (text: string) => number {
  return (text) => {
    const value = /^-?\d[\d_]*$/.test(text) ? Number(text.replaceAll("_", "")) : NaN;
    return inRange(value, { min, max }, "a whole number");
  };
}

/** A decimal number from `min` to `max`. */
export function numberFlag({ min, max }: Range): (text: string) => number {
  return (text) => {
    const value = /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : NaN;
    return inRange(value, { min, max }, "a number");
  };
}

/** A duration such as `250ms`, `30s` or `5m`, in milliseconds; `min` and `max` too. */
export function durationMsFlag(
  { min, max }: Range,
  plainUnit: DurationUnit,
): (text: string) => number {
  return (text) => {
    const ms = parseDurationMs(text, plainUnit);
    if (ms === null || ms < min || ms > max) {
      const plain = plainUnit === "s" ? "seconds" : "milliseconds";
      throw new InvalidArgumentError(
        `It must be a duration of ${min} ms to ${max} ms, such as 250ms, 30s or 5m; ` +
          `a plain number is in ${plain}.`,
      );
    }
    return ms;
  };
}

/** A size such as `64`, `4kb` or `1mb`, in bytes. */
export function bytesFlag({ min, max }: Range): (text: string) => number {
  return (text) => {
    const bytes = parseBytes(text);
    if (bytes === null || bytes < min || bytes > max) {
      throw new InvalidArgumentError(
        `It must be a size of ${min} to ${max} bytes, such as 64, 4kb or 1mb.`,
      );
    }
    return bytes;
  };
}

/** What is to be added to a counter, exact; what does not fit into 64 bits the server refuses. */
export function addend(text: string): bigint {
  if (/^[+-]?\d{1,20}$/.test(text)) return BigInt(text.replace("+", ""));
  throw new InvalidArgumentError("It must be a whole number of 64 bits.");
}

/** For flags that may be given more than once: a list in the order given. */
export function collected<T>(parse: (text: string) => T): (text: string, before?: T[]) => T[] {
  return (text, before = []) => [...before, parse(text)];
}

function inRange(value: number, { min, max }: Range, what: string): number {
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`It must be ${what} from ${min} to ${max}.`);
}
