/**
 * The table against its model: some million random calls in tables of every kind.
 *
 * fast-check draws the kind of table and a seed; the calls themselves come from a generator with
 * that seed, which is a hundred times faster than drawing each. A failure prints both, and giving
 * them to `TableModel` repeats the run.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { TableModel } from "../../test/support/table-model.ts";
import type { ModelConfig } from "../../test/support/table-model.ts";

const MIB = 1024 * 1024;
const CASES: readonly (readonly [string, number, Partial<ModelConfig>])[] = [
  ["without limits", 400_000, {}],
  ["with few keys", 300_000, { keys: 12, namespaces: 2 }],
  ["with many keys", 500_000, { keys: 20_000, namespaces: 2, valueBytesMax: 2_100 }],
  ["at capacity", 400_000, { capacity: 100 }],
  ["at capacity 1", 100_000, { capacity: 1 }],
  ["at capacity without eviction", 200_000, { capacity: 100, eviction: "none" }],
  ["at the memory limit", 400_000, { maxBytes: MIB }],
  ["at the memory limit with large values", 100_000, { maxBytes: 4 * MIB, valueBytesMax: 200_000 }],
  ["at a limit of a few entries", 200_000, { maxBytes: 20_000, valueBytesMax: 9_000 }],
  ["at the memory limit without eviction", 200_000, { maxBytes: MIB, eviction: "none" }],
  ["with a full directory", 200_000, { namespaces: 40, namespacesMax: 7, maxBytes: MIB }],
];

for (const [name, steps, config] of CASES) {
  test(`a table ${name} does what its model does`, () => {
    const run = (seed: number): void => {
      const model = new TableModel({ ...DEFAULTS, ...config, seed });
      model.run(steps / 2, steps / 10);
      expect(model.counts.writes).toBeGreaterThan(0);
    };
    const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    fc.assert(fc.property(seeds, run), { numRuns: 1, endOnFailure: true });
  });
}

const DEFAULTS: ModelConfig = {
  seed: 1,
  maxBytes: 64 * MIB,
  capacity: 0,
  eviction: "lru",
  namespaces: 5,
  namespacesMax: 300,
  keys: 400,
  valueBytesMax: 60_000,
};
