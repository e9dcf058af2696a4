/**
 * Checks everything that must hold in a table between two calls, from the bytes of its shard alone.
 *
 * It reads the shard as another thread would, with no help from the code under test but the names
 * of the fields: every page is accounted for exactly once, every block and slot is either free or in
 * use by one entry, and each list, counter and sum says what a count from scratch says. The first
 * thing that is wrong is thrown, by name.
 */
import { CLASS_BLOCKS, CLASS_PAGES, CLASS_WORDS } from "../../src/memory/arena.ts";
import { INNER_KIND, PINNED_CLASS } from "../../src/memory/arena.ts";
import { NAMESPACE, NAMESPACE_TOTAL } from "../../src/memory/namespaces.ts";
import type { NamespaceId } from "../../src/memory/namespaces.ts";
import { PAGE, PAGE_KIND } from "../../src/memory/pages.ts";
import { COUNTER, PAGE_BYTES, RUN_BINS, RUN_BINS_AT } from "../../src/memory/shard.ts";
import { SPAN_LISTS, SPAN_LISTS_AT, TOTAL } from "../../src/memory/shard.ts";
import { SLOT, SLOTS_PER_PAGE, slotWord } from "../../src/memory/slots.ts";
import type { SlotRef } from "../../src/memory/slots.ts";
import type { Table } from "../../src/memory/table.ts";
import { checkIndex } from "./check-index.ts";
import { checkWheel } from "./check-wheel.ts";
import { blockSize, chain, equal, expect, pageField, runOf, surveyPages } from "./table-survey.ts";
import type { Survey } from "./table-survey.ts";

/** `heldBlocks` is how many large blocks the test has got from `makeRoom` and not yet put. */
export function checkTable(table: Table, { heldBlocks = 0 } = {}): void {
  const survey = surveyPages(table);
  checkFreeRuns(survey);
  checkSpans(survey);
  checkNamespaces(survey);
  const pinned = checkIndex(survey);
  checkBlocks(survey, pinned, heldBlocks);
  checkLists(survey);
  checkWheel(survey);
  expect(table.usedBytes <= table.maxBytes, "usedBytes is within the limit");
}

function checkFreeRuns({ table, freeRuns }: Survey): void {
  const { u32 } = table.shard;
  const top = u32[COUNTER.pagesTop]!;
  for (const [page, length] of freeRuns) {
    const last = page + length - 1;
    equal(pageField(table, last, PAGE.kind), PAGE_KIND.free, "kind of a free run's last page");
    equal(pageField(table, last, PAGE.length), length, "length in a free run's last page");
    expect(!freeRuns.has(page + length), "free runs that touch are one");
    expect(page + length < top, "a free run at the frontier is below it no more");
  }
  let binned = 0;
  for (let bin = 0; bin < RUN_BINS; bin++) {
    const runs = chain(u32[RUN_BINS_AT + bin]!, (page) => pageField(table, page, PAGE.next));
    runs.forEach((page, i) => {
      const length = freeRuns.get(page) ?? 0;
      const rightBin = length <= 64 ? length : 64 + Math.floor(Math.log2(length)) - 5;
      equal(bin, rightBin, "bin of a free run");
      equal(pageField(table, page, PAGE.prev), runs[i - 1] ?? 0, "link back in a bin");
    });
    binned += runs.length;
  }
  equal(binned, freeRuns.size, "free runs in bins");
}

function checkSpans({ table, spans }: Survey): void {
  const { u32, f64 } = table.shard;
  const serving: number[] = [];
  let bytes = 0;
  let liveBytes = 0;
  for (const [page, free] of spans) {
    const sizeClass = pageField(table, page, PAGE.kind) >>> 8;
    const pages = pageField(table, page, PAGE.length);
    equal(pages, CLASS_PAGES[sizeClass]!, "pages of a span");
    for (let inner = page + 1; inner < page + pages; inner++) {
      equal(pageField(table, inner, PAGE.kind), INNER_KIND, "kind of a span's inner page");
      equal(pageField(table, inner, PAGE.head), page, "first page named by an inner one");
    }
    const bump = pageField(table, page, PAGE.bump);
    const live = pageField(table, page, PAGE.live);
    const list = chain(pageField(table, page, PAGE.free), (block) => u32[block]!);
    for (const block of list) {
      const place = (block - page * 1024) / CLASS_WORDS[sizeClass]!;
      expect(Number.isInteger(place) && place >= 0 && place < bump, "a free block is in its span");
      free.add(block);
    }
    equal(live, bump - free.size, "live blocks of a span");
    expect(bump <= CLASS_BLOCKS[sizeClass]!, "a span has no more blocks than fit");
    if (live < CLASS_BLOCKS[sizeClass]!) serving.push(page);
    bytes += pages * PAGE_BYTES;
    liveBytes += live * CLASS_WORDS[sizeClass]! * 4;
  }
  equal(f64[TOTAL.spanBytes]!, bytes, "bytes of spans");
  equal(f64[TOTAL.spanBlockBytes]!, liveBytes, "bytes of live blocks in spans");
  checkSpanLists(table, serving);
}

function checkSpanLists(table: Table, serving: readonly number[]): void {
  const listed = new Set<number>();
  for (let c = 0; c < SPAN_LISTS; c++) {
    const first = table.shard.u32[SPAN_LISTS_AT + c]!;
    const list = chain(first, (page) => pageField(table, page, PAGE.next));
    list.forEach((page, i) => {
      listed.add(page);
      equal(pageField(table, page, PAGE.kind) >>> 8, c, "size class of a span in its list");
      equal(pageField(table, page, PAGE.prev), list[i - 1] ?? 0, "link back in a list of spans");
    });
  }
  equal(listed.size, serving.length, "spans with a free block that are in a list");
  for (const page of serving) expect(listed.has(page), "a span with a free block is in a list");
}

function checkNamespaces(survey: Survey): void {
  const { table } = survey;
  const { u32, f64 } = table.shard;
  let pages = 0;
  let dying = 0;
  let empty = 0;
  for (let n = 1; n <= table.namespaces.top; n++) {
    const id = n as NamespaceId;
    const before = survey.slots.size;
    const owned = checkSlotPages(survey, id);
    pages += owned;
    if (table.namespaces.isDying(id)) dying++;
    if (table.namespaces.isLive(id)) {
      equal(table.namespaces.find(table.namespaces.name(id)), id, "namespace that a name means");
    } else if (!table.namespaces.isDying(id)) equal(owned, 0, "pages of an unused namespace");
    equal(table.namespaces.keys(id), survey.slots.size - before, "keys of a namespace");
    if (table.namespaces.isLive(id) && table.namespaces.keys(id) === 0) empty++;
    let bytes = 0;
    let deadlines = 0;
    for (const [slot, block] of [...survey.slots].slice(before)) {
      bytes += 24 + blockSize(table, block);
      equal(table.namespaceOf(slot), id, "namespace in a slot");
      if (table.deadline(slot) > 0) deadlines++;
    }
    const counted = f64[table.namespaces.double(id) + NAMESPACE_TOTAL.deadlines]!;
    equal(counted, deadlines, "keys of a namespace that have a deadline");
    equal(f64[table.namespaces.double(id) + NAMESPACE_TOTAL.bytes]!, bytes, "bytes of a namespace");
  }
  equal(pages, survey.slotPages.size, "pages of slots that a namespace owns");
  equal(u32[COUNTER.slotPages]!, pages, "pages of slots");
  equal(table.namespaces.dying, dying, "dying namespaces");
  equal(u32[COUNTER.emptyNamespaces]!, empty, "live namespaces without keys");
}

/** Walks a namespace's pages, files its slots in use, and returns how many pages there are. */
function checkSlotPages(survey: Survey, id: NamespaceId): number {
  const { table } = survey;
  const { u32 } = table.shard;
  const record = table.namespaces.word(id);
  const pages = chain(u32[record + NAMESPACE.firstPage]!, (p) => pageField(table, p, PAGE.next));
  let ordinal = 0;
  const partial = new Set<number>();
  pages.forEach((page, i) => {
    expect(survey.slotPages.has(page), "a namespace's page is one of slots");
    equal(pageField(table, page, PAGE.prev), pages[i - 1] ?? 0, "link back in a chain of pages");
    equal(u32[page * 1024 + 3]! >>> 16, id, "owner of a page of slots");
    const next = (u32[page * 1024 + 3]! & 0xffff) * 2 ** 32 + u32[page * 1024 + 2]!;
    expect(next > ordinal, "ordinals ascend");
    ordinal = next;
    if (addSlots(survey, page) < SLOTS_PER_PAGE) partial.add(page);
  });
  equal(u32[record + NAMESPACE.lastPage]!, pages.at(-1) ?? 0, "last page of a namespace");
  const listed = chain(u32[record + NAMESPACE.partialPage]!, (page) => u32[page * 1024]!);
  listed.forEach((page, i) => {
    expect(partial.has(page), "a page in the list has a free slot");
    equal(u32[page * 1024 + 1]!, listed[i - 1] ?? 0, "link back in a list of pages");
  });
  equal(listed.length, partial.size, "pages with a free slot");
  return pages.length;
}

function addSlots(survey: Survey, page: number): number {
  const { table, slots } = survey;
  const { u32 } = table.shard;
  const link = (slot: number): number => u32[slotWord(slot as SlotRef) + SLOT.next]!;
  const free = new Set(chain(pageField(table, page, PAGE.free), link));
  const bump = pageField(table, page, PAGE.bump);
  expect(bump <= SLOTS_PER_PAGE, "a page has no more slots than fit");
  let live = 0;
  for (let place = 0; place < bump; place++) {
    const slot = ((page << 8) | place) as SlotRef;
    const block = u32[slotWord(slot)]!;
    equal(block === 0 ? 1 : 0, free.has(slot) ? 1 : 0, "a slot without a block is free");
    if (block === 0) continue;
    slots.set(slot, block);
    live++;
  }
  equal(free.size, bump - live, "free slots of a page");
  equal(pageField(table, page, PAGE.live), live, "live slots of a page");
  return live;
}

/** Every live block is that of one slot, or pinned; and the sums agree. */
function checkBlocks(survey: Survey, overflow: ReadonlySet<number>, heldBlocks: number): void {
  const { table, spans } = survey;
  const { f64 } = table.shard;
  const liveOf = new Map<number, number>();
  const seen = new Set<number>();
  let bytes = 0;
  let largeBytes = 0;
  const use = (block: number, isPinned: boolean): void => {
    expect(!seen.has(block), "a block is in use once");
    seen.add(block);
    const page = runOf(table, block);
    bytes += blockSize(table, block);
    if (survey.largePages.has(page)) largeBytes += blockSize(table, block);
    else {
      expect(spans.has(page) && !spans.get(page)!.has(block), "a block in use is not free");
      const isIn = pageField(table, page, PAGE.kind) >>> 8 === PINNED_CLASS;
      equal(isIn ? 1 : 0, isPinned ? 1 : 0, "class of blocks that may be moved");
      liveOf.set(page, (liveOf.get(page) ?? 0) + 1);
    }
  };
  const isHeld = new Set([...survey.largePages].map((page) => page * 1024));
  for (const block of survey.slots.values()) isHeld.delete(block);
  equal(isHeld.size, heldBlocks, "large blocks that no entry knows");
  for (const block of isHeld) use(block, false);
  for (const block of overflow) use(block, true);
  for (const block of survey.slots.values()) use(block, false);
  let spare = 0;
  for (const page of spans.keys()) {
    const unknown = pageField(table, page, PAGE.live) - (liveOf.get(page) ?? 0);
    if (pageField(table, page, PAGE.kind) >>> 8 === PINNED_CLASS) spare += unknown;
    else equal(unknown, 0, "live blocks of a span that no entry knows");
  }
  expect(spare === 0 || spare === 1, "the index keeps at most one bucket ready");
  equal(f64[TOTAL.blockBytes]!, bytes + spare * 64, "bytes of live blocks");
  equal(f64[TOTAL.largeBytes]!, largeBytes, "bytes of large blocks");
}

function checkLists(survey: Survey): void {
  const { table } = survey;
  const { u32 } = table.shard;
  const inLists = new Set<number>();
  let expected = 0;
  for (const id of table.namespaces.live()) {
    const record = table.namespaces.word(id);
    const head = u32[record + NAMESPACE.lruHead]!;
    if (head === 0) continue;
    const list = chain(head, (slot) => u32[slotWord(slot as SlotRef) + SLOT.next]!);
    list.forEach((slot, i) => {
      expect(survey.slots.has(slot as SlotRef), "what is in an LRU list is a live slot");
      equal(table.namespaceOf(slot as SlotRef), id, "namespace of a slot in an LRU list");
      const prev = u32[slotWord(slot as SlotRef) + SLOT.prev]!;
      equal(prev, list[i - 1] ?? 0, "link back in an LRU list");
      inLists.add(slot);
    });
    equal(u32[record + NAMESPACE.lruTail]!, list.at(-1)!, "tail of an LRU list");
    equal(list.length, table.namespaces.keys(id), "slots in an LRU list");
    expected += list.length;
  }
  equal(inLists.size, expected, "slots that are in one LRU list only");
}
