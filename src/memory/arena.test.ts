import { expect, test } from "vitest";
import { Arena, NO_BLOCK, PINNED_BYTES, blockBytes } from "./arena.ts";
import type { BlockRef } from "./arena.ts";
import { Pages } from "./pages.ts";
import { PAGE_BYTES, Shard } from "./shard.ts";

function makeArena(pageCount: number): { arena: Arena; pages: Pages; shard: Shard } {
  const shard = new Shard({ pageBytes: pageCount * PAGE_BYTES, namespacesMax: 1 });
  const pages = new Pages(shard);
  return { arena: new Arena(shard, pages), pages, shard };
}

// prettier-ignore
const SIZES: readonly (readonly [number, number])[] = [
  [1, 4], [4, 4], [5, 8], [84, 84], [125, 128], [128, 128],
  [129, 136], [136, 136], [137, 144], [255, 256], [256, 256], [257, 272],
  [2052, 2176], [32_767, 32_768], [32_768, 32_768], [32_769, 36_864], [36_864, 36_864],
  [36_865, 40_960],
];
for (const [asked, taken] of SIZES) {
  test(`${asked} bytes take a block of ${taken}`, () => expect(blockBytes(asked)).toBe(taken));
}

test("a block is never smaller than asked for, nor more than 3 bytes or 6.25 % larger", () => {
  for (let bytes = 1; bytes <= 33_000; bytes++) {
    const taken = blockBytes(bytes);
    if (taken % 4 !== 0 || taken < bytes) throw new Error(`${bytes} take ${taken}`);
    const isClose = taken - bytes <= Math.max(3, bytes * 0.0625);
    if (!isClose && bytes <= 32_768) throw new Error(`${bytes} take ${taken}`);
  }
});

for (const bytes of [4, 8, 84, 128, 136, 1000, 2176, 4096, 32_768, 32_769, 1_000_000]) {
  test(`blocks of ${bytes} bytes don't overlap, and come back as they went`, () => {
    const { arena, pages, shard } = makeArena(4000);
    const blocks: BlockRef[] = [];
    for (let i = 0; i < Math.min(20_000, 12_000_000 / bytes); i++) {
      const block = arena.allocate(bytes);
      expect(block).not.toBe(NO_BLOCK);
      shard.u32.fill(i + 1, block, block + Math.ceil(bytes / 4));
      blocks.push(block);
    }
    expect(arena.sizeOf(blocks[0]!)).toBe(blockBytes(bytes));
    expect(arena.liveBytes).toBe(blocks.length * blockBytes(bytes));
    for (const [i, block] of blocks.entries()) {
      const words = shard.u32.subarray(block, block + Math.ceil(bytes / 4));
      if (words[0] !== i + 1 || words.at(-1) !== i + 1) throw new Error("overwritten");
    }
    for (const block of blocks) arena.free(block);
    expect(arena.liveBytes).toBe(0);
    expect(pages.used * PAGE_BYTES).toBe(arena.spanBytes);
    expect(arena.spanBytes).toBeLessThanOrEqual(bytes > 32_768 ? 0 : 80 * PAGE_BYTES);
  });
}

test("a block fits what would take a block just as large", () => {
  const { arena } = makeArena(1000);
  for (const [bytes, least, most] of [
    [84, 81, 84],
    [130, 129, 136],
    [40_000, 36_865, 40_960],
  ] as const) {
    const block = arena.allocate(bytes);
    // prettier-ignore
    expect([least - 1, least, most, most + 1].map((n) => arena.fits(block, n))).toEqual([
      false, true, true, false,
    ]);
  }
});

test("a block that is freed is the next one given out", () => {
  const { arena } = makeArena(1000);
  const [first] = [arena.allocate(50), arena.allocate(50)];
  arena.free(first);
  expect(arena.allocate(50)).toBe(first);
});

test("a full arena says so, and serves again when something is freed", () => {
  const { arena, pages } = makeArena(64);
  const blocks: BlockRef[] = [];
  for (let b = arena.allocate(1000); b !== NO_BLOCK; b = arena.allocate(1000)) blocks.push(b);
  expect(arena.allocate(100_000)).toBe(NO_BLOCK);
  expect(arena.allocatePinned()).toBe(NO_BLOCK);
  expect(arena.liveBytes).toBe(blocks.length * blockBytes(1000));
  for (const block of blocks) arena.free(block);
  expect(arena.allocatePinned()).not.toBe(NO_BLOCK);
  expect(pages.used).toBeLessThan(64);
});

test("pinned blocks lie apart from others of their size", () => {
  const { arena } = makeArena(1000);
  const pinned = arena.allocatePinned();
  const other = arena.allocate(PINNED_BYTES);
  expect(arena.sizeOf(pinned)).toBe(PINNED_BYTES);
  expect(Math.abs(pinned - other)).toBeGreaterThanOrEqual(16 * 1024);
});

test("a span is sparse by what it holds, unless it is the one that serves", () => {
  const { arena } = makeArena(1000);
  const blocks = Array.from({ length: 100 }, () => arena.allocate(4096));
  // Sixteen to a span: leave one in each of the full ones.
  blocks.slice(0, 96).forEach((block, i) => i % 16 > 0 && arena.free(block));
  const left = blocks.filter((_, i) => i < 96 && i % 16 === 0);
  expect(left.map((block) => arena.isSparse(block, 1 / 16))).toEqual(left.map(() => false));
  expect(left.filter((block) => arena.isSparse(block, 1 / 8))).toHaveLength(left.length - 1);
  expect(arena.isSparse(arena.allocate(100_000), 1)).toBe(false);
});
