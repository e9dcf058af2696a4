/** Stores as the benchmarks open them: nothing in the background but what is measured. */
import { open } from "../../src/index.ts";
import type { Kv, OpenOptions } from "../../src/index.ts";
import { keyOf, valueOf } from "./data.ts";

const GiB = 1024 ** 3;

/** No snapshots of their own accord. */
export function openForBench(options: OpenOptions): Promise<Kv> {
  return open({
    compactionIntervalMs: 0,
    logLimit: { bytesMax: 0, recordsMax: 0 },
    memoryBytesMax: 4 * GiB,
    ...options,
  });
}

const CHUNK = 1000;

/** Adds `keys` keys from number 0 on, never more than a chunk of them unacknowledged. */
export async function fill(kv: Kv, keys: number): Promise<void> {
  for (let i = 0; i < keys; i += CHUNK) {
    const end = Math.min(keys, i + CHUNK);
    let last: Promise<unknown> | null = null;
    for (let j = i; j < end; j++) last = kv.set(keyOf(j), valueOf(j));
    await last;
  }
}
