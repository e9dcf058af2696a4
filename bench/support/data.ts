/**
 * Keys and values of the benchmarks.
 *
 * Every string is flat: made from bytes, as those are that come out of requests, and not by joining
 * others, which V8 keeps as a tree until somebody needs the characters.
 */

export const KEY_BYTES = 16;
export const VALUE_BYTES = 64;

const DIGITS = 12;
const key = Buffer.from("key:000000000000", "latin1");
const value = Buffer.alloc(VALUE_BYTES, "abcdefghijklmnopqrstuvwxyz");

/** `key:` and twelve digits; a string of its own at each call. */
export function keyOf(i: number): string {
  writeDigits(key, KEY_BYTES - DIGITS, i);
  return key.toString("latin1");
}

/** 64 letters and digits, other ones for each `i`. */
export function valueOf(i: number): string {
  writeDigits(value, 0, i);
  return value.toString("latin1");
}

function writeDigits(target: Buffer, at: number, n: number): void {
  let rest = n;
  for (let place = at + DIGITS - 1; place >= at; place--) {
    const next = Math.floor(rest / 10);
    target[place] = 48 + rest - next * 10;
    rest = next;
  }
}

/** Numbers from 0 to 2^32 - 1, the same in every run: xorshift32 (Marsaglia, 2003). */
export function randomNumbers(seed = 0x9e3779b9): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** 0 to `count - 1`, shuffled. */
export function shuffled(count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const random = randomNumbers();
  for (let i = count - 1; i > 0; i--) {
    const j = random() % (i + 1);
    const other = order[j]!;
    order[j] = order[i]!;
    order[i] = other;
  }
  return order;
}

/** Collects what is garbage, where node was started with --expose-gc as all sides are. */
export function collectGarbage(): void {
  globalThis.gc?.();
}

/** `count` over the seconds that `work` takes. */
export function rateOf(count: number, work: () => void): number {
  collectGarbage();
  const startMs = performance.now();
  work();
  return count / ((performance.now() - startMs) / 1000);
}
