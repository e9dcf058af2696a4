/** Random choices for tests, which print their seed. */
import { randomBelow, type Random } from "../../src/base/random.ts";

export { createRandom, randomBelow } from "../../src/base/random.ts";
export type { Random } from "../../src/base/random.ts";

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[randomBelow(random, from.length)]!;
}
