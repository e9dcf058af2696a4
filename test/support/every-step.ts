/**
 * Which of the steps of a run a test of crashes tries.
 *
 * To try each takes minutes, so a run of the tests tries every third, from one that is drawn: three
 * runs or so try them all. `EXHAUSTIVE=1 npm test` tries all in one. A failure names its step, which
 * is reached in the same way whatever others are tried.
 */
import { randomBelow } from "./random.ts";

/** One step in so many is tried. */
export const STRIDE = process.env.EXHAUSTIVE === "1" ? 1 : 3;

/** The first step to be tried, 1 to the stride; the next is one stride on. */
export function firstStep(stride = STRIDE): number {
  return 1 + randomBelow(Math.random, stride);
}
