/**
 * Times and places in a log as people write them: an ISO time, so long ago, or a sequence number.
 */
import { InvalidArgumentError } from "commander";
import { parseDurationMs } from "../base/units.ts";

export type Instant = { readonly seq: number } | { readonly timeMs: number };

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const SEQ = /^\d{1,16}$/;

/** For commander's `argParser`; `nowMs` is what "ago" counts from. */
export function instantFlag(nowMs: () => number): (text: string) => Instant {
  return (text) => {
    if (SEQ.test(text)) return { seq: Number(text) };
    if (text === "now") return { timeMs: nowMs() };
    const timeMs = ISO.test(text) ? Date.parse(text) : nowMs() - (parseAgo(text) ?? NaN);
    if (Number.isFinite(timeMs)) return { timeMs };
    throw new InvalidArgumentError(
      "It must be a time such as 2027-01-31T12:00:00Z, how long ago such as 10m, now, or a seq.",
    );
  };
}

/** A number alone is a seq, so a duration has its unit. */
function parseAgo(text: string): number | null {
  return parseDurationMs(text.replace(/\s+ago$/, ""), "s");
}
