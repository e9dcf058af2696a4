/**
 * Random numbers that a seed repeats: load that can be run again, tests that print their seed.
 */
export type Random = () => number;

/**
 * Mulberry32, by Tommy Ettinger: numbers from 0 up to, and not including, 1, in 2^32 steps, which
 * repeat after 2^32 of them. Not for secrets.
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 to `limit - 1`. */
export function randomBelow(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}
