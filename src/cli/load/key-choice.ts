/**
 * Which key an operation is about: all alike, a few hot ones, or one after the other.
 *
 * Zipf: the key of rank k is drawn with a probability in proportion to 1 / k^exponent, which is how
 * popularity tends to be spread. Drawing needs neither a table nor a sum over all keys, so a hundred
 * million keys cost what ten do: rejection-inversion, by W. Hoermann and G. Derflinger,
 * "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS 6(3),
 * 1996. It inverts the integral H of the smooth function h(x) = x^-exponent, rounds to the nearest
 * rank, and rejects the little by which the steps differ from the curve: for any number of keys and
 * any exponent above 0 fewer than 1.5 draws are needed on average.
 */
import { randomBelow, type Random } from "../../base/random.ts";

/** What YCSB uses, and many since. */
export const ZIPF_EXPONENT = 0.99;

export type Distribution =
  | { readonly kind: "uniform" | "sequential" }
  | { readonly kind: "zipf"; readonly exponent: number };

/** Draws numbers from 0 to `keys - 1`; with zipf, 0 is the hottest. */
export function keyChoice(distribution: Distribution, keys: number, random: Random): () => number {
  switch (distribution.kind) {
    case "uniform":
      return () => randomBelow(random, keys);
    case "sequential":
      return sequential(keys);
    case "zipf":
      return zipf(keys, distribution.exponent, random);
  }
}

function sequential(keys: number): () => number {
  let next = 0;
  return () => {
    const key = next;
    next = next + 1 === keys ? 0 : next + 1;
    return key;
  };
}

function zipf(keys: number, exponent: number, random: Random): () => number {
  const curve = zipfCurve(exponent);
  const least = curve.integral(1.5) - 1;
  const most = curve.integral(keys + 0.5);
  // Ranks this near to the inverted value are always accepted, with no look at the curve.
  const near = 2 - curve.inverse(curve.integral(2.5) - curve.height(2));
  return () => {
    for (;;) {
      const area = most + random() * (least - most);
      const x = curve.inverse(area);
      const rank = Math.min(keys, Math.max(1, Math.round(x)));
      if (rank - x <= near || area >= curve.integral(rank + 0.5) - curve.height(rank)) {
        return rank - 1;
      }
    }
  };
}

/** h(x) = x^-exponent, its integral, and the inverse of that; an exponent of 1 included. */
function zipfCurve(exponent: number): {
  height(x: number): number;
  integral(x: number): number;
  inverse(area: number): number;
} {
  return {
    height: (x) => Math.exp(-exponent * Math.log(x)),
    integral: (x) => {
      const log = Math.log(x);
      return expm1Over((1 - exponent) * log) * log;
    },
    inverse: (area) => {
      // Rounding may lead below -1, where the logarithm ends.
      const t = Math.max(-1, area * (1 - exponent));
      return Math.exp(log1pOver(t) * area);
    },
  };
}

/** (e^x - 1) / x, and its limit at 0. */
function expm1Over(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2;
}

/** log(1 + x) / x, and its limit at 0. */
function log1pOver(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2;
}
