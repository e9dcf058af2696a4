/**
 * What the load consists of: reads, writes and deletes, in the shares that were asked for.
 */
import type { Random } from "../../base/random.ts";
import { UsageError } from "../exit.ts";

export const OPERATIONS = ["get", "set", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The share of each operation, 0 to 1; together they are 1. */
export type Ratios = Readonly<Record<Operation, number>>;

export const DEFAULT_RATIOS: Ratios = { get: 0.7, set: 0.2, delete: 0.1 };

/** Decimal fractions such as 0.1 are not exact: what is nearer to 1 than this counts as 1. */
const TOLERANCE = 1e-6;

/**
 * The ratios to run with: the usual ones when none is given; else a ratio that is not given is 0.
 * Throws UsageError, with the sum, when they do not add up to 1.
 */
export function completeRatios(given: Readonly<Partial<Record<Operation, number>>>): Ratios {
  if (OPERATIONS.every((operation) => given[operation] === undefined)) return DEFAULT_RATIOS;
  const ratios = { get: given.get ?? 0, set: given.set ?? 0, delete: given.delete ?? 0 };
  const sum = ratios.get + ratios.set + ratios.delete;
  if (Math.abs(sum - 1) <= TOLERANCE) return ratios;
  const parts = (["set", "get", "delete"] as const).map((operation) => {
    const isGiven = given[operation] !== undefined;
    return `--${operation}-ratio ${ratios[operation]}${isGiven ? "" : " (not given)"}`;
  });
  const total = Number(sum.toFixed(6));
  throw new UsageError(`the ratios must add up to 1, and ${parts.join(", ")} add up to ${total}`);
}

/** Draws operations at random, each with its share. */
export function operationMix(ratios: Ratios, random: Random): () => Operation {
  const getsUpTo = ratios.get;
  const setsUpTo = getsUpTo + ratios.set;
  // What rounding leaves above the last share must not become an operation whose share is 0.
  const rest: Operation = ratios.delete > 0 ? "delete" : ratios.set > 0 ? "set" : "get";
  return () => {
    const drawn = random();
    if (drawn < getsUpTo) return "get";
    return drawn < setsUpTo ? "set" : rest;
  };
}
