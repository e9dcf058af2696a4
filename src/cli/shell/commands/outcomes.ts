/** Outcomes that several commands share. */
import type { CliIo } from "../../io.ts";
import { styleOf } from "../../terminal/style.ts";
import { durationText } from "../../terminal/figures.ts";
import { safeLine } from "../../values/escape.ts";
import type { Outcome } from "../command.ts";

export function noSuchKey(key: string, io: CliIo): Outcome {
  return { text: styleOf(io).warning(`no such key: ${safeLine(key)}`), isNo: true };
}

/** What became of a time to live; null is none. */
export function ttlOutcome(
  key: string,
  isThere: boolean,
  seconds: number | null,
  io: CliIo,
): Outcome {
  if (!isThere) return noSuchKey(key, io);
  const text = seconds === null ? "never expires" : `expires in ${durationText(seconds * 1000)}`;
  return { text: styleOf(io).good(text) };
}
