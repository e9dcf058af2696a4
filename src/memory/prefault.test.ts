import { expect, onTestFinished, test } from "vitest";
import { Prefault, WINDOW_PAGES } from "./prefault.ts";
import { COUNTER, PAGE_BYTES, PAGE_WORDS, Shard } from "./shard.ts";

const MiB = 1024 * 1024;
const LARGE_BYTES = 96 * MiB;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function start(bytes: number): { shard: Shard; prefault: Prefault } {
  const shard = new Shard({ pageBytes: LARGE_BYTES, namespacesMax: 16 });
  const prefault = Prefault.start(shard, bytes)!;
  onTestFinished(() => prefault.stop());
  return { shard, prefault };
}

test("stays a window ahead of the highest page in use, and no further", async () => {
  const { shard, prefault } = start(LARGE_BYTES);
  await until(() => prefault.pagesTouched === WINDOW_PAGES);
  shard.u32[COUNTER.pagesTop] = shard.firstPage + 1000;
  await until(() => prefault.pagesTouched === WINDOW_PAGES + 1000);
});

test("touches no more pages than will be needed, and ends then", async () => {
  const { shard, prefault } = start(40 * MiB);
  shard.u32[COUNTER.pagesTop] = shard.endPage;
  await prefault.ended;
  expect(prefault.pagesTouched).toBe((40 * MiB) / PAGE_BYTES);
});

test("ends when it is told to", async () => {
  const { shard, prefault } = start(LARGE_BYTES);
  prefault.stop();
  await prefault.ended;
  shard.u32[COUNTER.pagesTop] = shard.endPage;
  expect(prefault.pagesTouched).toBeLessThanOrEqual(WINDOW_PAGES);
});

test("changes nothing that is written meanwhile", async () => {
  const { shard, prefault } = start(LARGE_BYTES);
  const { u32 } = shard;
  const first = shard.firstPage;
  const end = first + LARGE_BYTES / PAGE_BYTES;
  let wrong = 0;
  // Over and over in front of the worker, and behind it.
  for (let round = 0; prefault.pagesTouched < end - first; round++) {
    u32[COUNTER.pagesTop] = Math.min(end, first + round * 100);
    for (let page = first; page < end; page += 10) {
      const at = page * PAGE_WORDS;
      if (round > 0 && u32[at] !== page + round - 1) wrong++;
      u32[at] = page + round;
    }
  }
  expect(wrong).toBe(0);
});

test("is not started for little", () => {
  const shard = new Shard({ pageBytes: MiB, namespacesMax: 16 });
  expect(Prefault.start(shard, MiB)).toBeNull();
});
