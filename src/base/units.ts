/**
 * Sizes and durations as people write them: `64mb`, `1GiB`, `250ms`, `5m`.
 *
 * Every size unit is binary, whichever way it is spelled: `1mb`, `1MiB` and `1m` are all 1,048,576
 * bytes. Memory and segments come in powers of two, and a setting that means two things depending
 * on an `i` is a setting that is wrong half of the time. Case does not matter. A text that is not
 * of this form gives `null`: the caller knows which option it was and words the error.
 */

export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const BYTE_UNITS: ReadonlyMap<string, number> = new Map([
  ["b", 1],
  ["k", KiB],
  ["kb", KiB],
  ["kib", KiB],
  ["m", MiB],
  ["mb", MiB],
  ["mib", MiB],
  ["g", GiB],
  ["gb", GiB],
  ["gib", GiB],
]);

const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", SECOND_MS],
  ["m", MINUTE_MS],
  ["h", HOUR_MS],
  ["d", DAY_MS],
]);

/** What a plain number means where a duration is expected. */
export type DurationUnit = "ms" | "s";

/**
 * Bytes in a size such as `64mb`, `1.5GiB` or `4096`; fractions are rounded down to whole bytes.
 * Null when it is no size, or more than 2^53 - 1 bytes.
 */
export function parseBytes(text: string): number | null {
  return parseWithUnit(text, BYTE_UNITS, 1);
}

/**
 * Milliseconds in a duration such as `5m`, `1.5s` or `250ms`, rounded down; a number with no unit
 * is in `plainUnit`. Null when it is no duration.
 */
export function parseDurationMs(text: string, plainUnit: DurationUnit): number | null {
  return parseWithUnit(text, DURATION_UNITS, plainUnit === "s" ? SECOND_MS : 1);
}

/** The shortest exact spelling that `parseBytes` reads back: 67108864 is `64mb`. */
export function formatBytes(bytes: number): string {
  return formatWithUnit(bytes, [
    ["gb", GiB],
    ["mb", MiB],
    ["kb", KiB],
  ]);
}

/** The shortest exact spelling that `parseDurationMs` reads back: 300000 is `5m`; zero is `0`. */
export function formatDurationMs(durationMs: number): string {
  if (durationMs === 0) return "0";
  return formatWithUnit(durationMs, [
    ["d", DAY_MS],
    ["h", HOUR_MS],
    ["m", MINUTE_MS],
    ["s", SECOND_MS],
    ["ms", 1],
  ]);
}

function parseWithUnit(
  text: string,
  units: ReadonlyMap<string, number>,
  plainFactor: number,
): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  if (match === null) return null;
  const [, digits = "", unit = ""] = match;
  const factor = unit === "" ? plainFactor : units.get(unit.toLowerCase());
  if (factor === undefined) return null;
  const total = Math.floor(Number(digits) * factor);
  return Number.isSafeInteger(total) ? total : null;
}

function formatWithUnit(total: number, units: readonly (readonly [string, number])[]): string {
  const found = units.find(([, factor]) => total !== 0 && total % factor === 0);
  return found === undefined ? String(total) : `${total / found[1]}${found[0]}`;
}
