import { expect, test } from "vitest";
import { randomFrom } from "../../test/support/table-driver.ts";
import { PAGE, PAGE_KIND, Pages } from "./pages.ts";
import { COUNTER, PAGE_BYTES, RUN_BINS, RUN_BINS_AT, Shard } from "./shard.ts";

function makePages(count: number): { pages: Pages; shard: Shard; runs: () => number[] } {
  const shard = new Shard({ pageBytes: count * PAGE_BYTES, namespacesMax: 1 });
  const pages = new Pages(shard);
  /** Lengths of the free runs, shortest bin first. */
  const runs = (): number[] => {
    const lengths: number[] = [];
    for (let bin = 0; bin < RUN_BINS; bin++) {
      let page = shard.u32[RUN_BINS_AT + bin]!;
      for (; page !== 0; page = shard.u32[shard.pageRecord(page) + PAGE.next]!) {
        lengths.push(shard.u32[shard.pageRecord(page) + PAGE.length]!);
      }
    }
    return lengths;
  };
  return { pages, shard, runs };
}

const take = (pages: Pages, length: number): number => pages.allocate(length, PAGE_KIND.large);

test("pages never touched lie above a frontier that comes down again", () => {
  const { pages, shard, runs } = makePages(100);
  const first = take(pages, 3);
  const second = take(pages, 4);
  expect([first, second]).toEqual([shard.firstPage, shard.firstPage + 3]);
  expect(shard.u32[COUNTER.pagesTop]).toBe(shard.firstPage + 7);
  pages.release(second);
  expect(shard.u32[COUNTER.pagesTop]).toBe(shard.firstPage + 3);
  pages.release(first);
  expect(shard.u32[COUNTER.pagesTop]).toBe(shard.firstPage);
  expect(runs()).toEqual([]);
  expect(pages.used).toBe(0);
});

/** Three runs side by side and one that holds the frontier; released in this order. */
const ORDERS: readonly (readonly [readonly number[], readonly (readonly number[])[]])[] = [
  [
    [0, 1, 2],
    [[2], [5], [9]],
  ],
  [
    [2, 1, 0],
    [[4], [7], [9]],
  ],
  [
    [0, 2, 1],
    [[2], [2, 4], [9]],
  ],
  [
    [1, 0, 2],
    [[3], [5], [9]],
  ],
  [
    [1, 2, 0],
    [[3], [7], [9]],
  ],
];
for (const [order, expected] of ORDERS) {
  test(`runs released in the order ${order.join(", ")} join their free neighbours`, () => {
    const { pages, runs } = makePages(100);
    const taken = [take(pages, 2), take(pages, 3), take(pages, 4)];
    const fence = take(pages, 1);
    const seen = order.map((i) => {
      pages.release(taken[i]!);
      return runs();
    });
    expect(seen).toEqual(expected);
    expect(take(pages, 9)).toBe(taken[0]);
    pages.release(taken[0]!);
    pages.release(fence);
    expect(runs()).toEqual([]);
  });
}

for (const length of [1, 63, 64, 65, 127, 128, 129, 1000]) {
  test(`a free run of ${length} serves a request of its length, and the rest stays free`, () => {
    const { pages, runs } = makePages(4000);
    const run = take(pages, length);
    take(pages, 1);
    pages.release(run);
    expect(take(pages, length)).toBe(run);
    pages.release(run);
    expect(take(pages, 1)).toBe(run);
    expect(runs()).toEqual(length === 1 ? [] : [length - 1]);
  });
}

test("there is nothing when no run is long enough, and all of it can be had", () => {
  const { pages, shard } = makePages(50);
  const total = shard.endPage - shard.firstPage;
  expect(pages.total).toBe(total);
  expect(take(pages, total + 1)).toBe(0);
  const all = take(pages, total);
  expect(all).toBe(shard.firstPage);
  expect(take(pages, 1)).toBe(0);
  pages.release(all);
  expect(take(pages, total)).toBe(all);
});

test("random runs never overlap, and all come together again", () => {
  const { pages, shard, runs } = makePages(5000);
  const random = randomFrom(11);
  const owner = new Int32Array(shard.endPage).fill(-1);
  const taken: (readonly [number, number])[] = [];
  for (let i = 0; i < 50_000; i++) {
    const length = 1 + (random() % (random() % 20 === 0 ? 300 : 20));
    if (random() % 2 === 0 || taken.length === 0) {
      const page = take(pages, length);
      if (page === 0) continue;
      for (let p = page; p < page + length; p++) {
        if (owner[p] !== -1) throw new Error("given out twice");
        owner[p] = i;
      }
      taken.push([page, length]);
    } else {
      const [[page, run]] = taken.splice(random() % taken.length, 1) as [[number, number]];
      owner.fill(-1, page, page + run);
      pages.release(page);
    }
  }
  for (const [page] of taken) pages.release(page);
  expect(runs()).toEqual([]);
  expect(shard.u32[COUNTER.pagesTop]).toBe(shard.firstPage);
  expect(pages.used).toBe(0);
});
