/** The part of the table check that is about the index. */
import { COUNTER } from "../../src/memory/shard.ts";
import { SLOT, slotWord } from "../../src/memory/slots.ts";
import type { SlotRef } from "../../src/memory/slots.ts";
import { chain, equal, expect } from "./table-survey.ts";
import type { Survey } from "./table-survey.ts";

const PLACES = 15;
const BUCKET_WORDS = 16;
const SEGMENT_BUCKETS = 1024;

/** Checks that the index leads to each live slot once; returns its overflow buckets. */
export function checkIndex(survey: Survey): Set<number> {
  const { table, slots } = survey;
  const { u32, indexDirectoryAt } = table.shard;
  const level = u32[COUNTER.indexLevel]!;
  const buckets = 2 ** level + u32[COUNTER.indexSplit]!;
  expect(u32[COUNTER.indexSplit]! < 2 ** level, "the split pointer is within its round");
  const found = new Set<number>();
  const overflow = new Set<number>();
  for (let bucket = 0; bucket < buckets; bucket++) {
    const segment = u32[indexDirectoryAt + Math.floor(bucket / SEGMENT_BUCKETS)]!;
    expect(survey.indexPages.has(segment >>> 10), "a segment of the index is in pages of its own");
    const word = segment + (bucket % SEGMENT_BUCKETS) * BUCKET_WORDS;
    const parts = chain(word, (part) => u32[part + PLACES]!);
    const before = found.size;
    for (const part of parts) checkBucket(survey, part, bucket, level, found);
    const needed = Math.max(1, Math.ceil((found.size - before) / PLACES));
    equal(parts.length, needed, "buckets of a chain");
    for (const part of parts.slice(1)) overflow.add(part);
  }
  equal(found.size, slots.size, "slots in the index");
  equal(u32[COUNTER.indexCount]!, found.size, "count of the index");
  equal(u32[COUNTER.overflowBuckets]!, overflow.size, "overflow buckets");
  equal(table.indexBytes, buckets * BUCKET_WORDS * 4, "bytes of buckets");
  equal(survey.indexPages.size, Math.ceil(buckets / SEGMENT_BUCKETS), "segments of the index");
  for (let s = Math.ceil(buckets / SEGMENT_BUCKETS); s < 16_384; s++) {
    equal(u32[indexDirectoryAt + s]!, 0, "segment behind the last bucket");
  }
  return overflow;
}

function checkBucket(
  { table, slots }: Survey,
  part: number,
  bucket: number,
  level: number,
  found: Set<number>,
): void {
  const { u32, u8 } = table.shard;
  for (let place = 0; place < PLACES; place++) {
    const word = u32[part + place]!;
    if (word === 0) continue;
    const slot = (word & 0x0fffffff) as SlotRef;
    expect(slots.has(slot), "the index leads to live slots");
    expect(!found.has(slot), "the index leads to a slot once");
    found.add(slot);
    const hash = u32[slotWord(slot) + SLOT.hash]!;
    equal(word >>> 28, hash >>> 28, "tag of a slot");
    let home = hash % 2 ** level;
    if (home < u32[COUNTER.indexSplit]!) home = hash % 2 ** (level + 1);
    equal(bucket, home, "bucket of a slot");
    const at = table.keyAt(slot);
    const right = table.hash(table.namespaceOf(slot), u8, at, table.keyLength(slot));
    equal(hash, right >>> 0, "hash of a slot's key");
  }
}
