/** What the table check finds first: what each run of pages is for. And the words it complains in. */
import { CLASS_WORDS, INNER_KIND } from "../../src/memory/arena.ts";
import { PAGE, PAGE_KIND } from "../../src/memory/pages.ts";
import { COUNTER, PAGE_BYTES } from "../../src/memory/shard.ts";
import type { SlotRef } from "../../src/memory/slots.ts";
import type { Table } from "../../src/memory/table.ts";

/** What a walk over the pages found. */
export interface Survey {
  readonly table: Table;
  readonly freeRuns: Map<number, number>;
  /** First pages of spans, with the free blocks of each. */
  readonly spans: Map<number, Set<number>>;
  readonly largePages: Set<number>;
  readonly slotPages: Set<number>;
  readonly indexPages: Set<number>;
  /** Slots in use, with the block of each. */
  readonly slots: Map<SlotRef, number>;
}

export function surveyPages(table: Table): Survey {
  const { shard } = table;
  const survey: Survey = {
    table,
    freeRuns: new Map(),
    spans: new Map(),
    largePages: new Set(),
    slotPages: new Set(),
    indexPages: new Set(),
    slots: new Map(),
  };
  const top = shard.u32[COUNTER.pagesTop]!;
  let used = 0;
  let page = shard.firstPage;
  while (page < top) {
    const length = pageField(table, page, PAGE.length);
    expect(length > 0 && page + length <= top, "a run of pages has a length");
    if (!addRun(survey, page, length)) used += length;
    page += length;
  }
  expect(top <= shard.endPage, "the frontier is within the shard");
  equal(shard.u32[COUNTER.pagesUsed]!, used, "pages given out");
  equal(table.arenaBytes, used * PAGE_BYTES, "arenaBytes");
  return survey;
}

/** Files a run under its kind; true when it is free. */
function addRun(survey: Survey, page: number, length: number): boolean {
  const kind = pageField(survey.table, page, PAGE.kind);
  if (kind === PAGE_KIND.free) survey.freeRuns.set(page, length);
  else if ((kind & 0xff) === PAGE_KIND.span) survey.spans.set(page, new Set());
  else if (kind === PAGE_KIND.large) survey.largePages.add(page);
  else if (kind === PAGE_KIND.slots) survey.slotPages.add(page);
  else if (kind === PAGE_KIND.index) survey.indexPages.add(page);
  else throw new Error(`table check: page ${page} is of no kind (${kind})`);
  if (kind === PAGE_KIND.slots) equal(length, 1, "length of a page of slots");
  if (kind === PAGE_KIND.index) equal(length, 16, "length of a segment of the index");
  return kind === PAGE_KIND.free;
}

export function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`table check: ${what}`);
}

export function equal(found: number, counted: number, what: string): void {
  if (found !== counted) throw new Error(`table check: ${what}: ${found}, by count ${counted}`);
}

/** A field of the record of a page. */
export function pageField(table: Table, page: number, field: number): number {
  return table.shard.u32[table.shard.pageRecord(page) + field]!;
}

/** Bytes that a block takes. */
export function blockSize(table: Table, block: number): number {
  const page = runOf(table, block);
  const kind = pageField(table, page, PAGE.kind);
  if (kind === PAGE_KIND.large) return pageField(table, page, PAGE.length) * PAGE_BYTES;
  equal(kind & 0xff, PAGE_KIND.span, "kind of the run that a block is in");
  return CLASS_WORDS[kind >>> 8]! * 4;
}

/** First page of the span or large run that a block is in. */
export function runOf(table: Table, block: number): number {
  const page = block >>> 10;
  if (pageField(table, page, PAGE.kind) !== INNER_KIND) return page;
  return pageField(table, page, PAGE.head);
}

/** The members of a list, in order; throws when it runs in a circle. */
export function chain(first: number, next: (member: number) => number): number[] {
  const members: number[] = [];
  for (let member = first; member !== 0; member = next(member)) {
    members.push(member);
    expect(members.length < 2 ** 24, "a list has an end");
  }
  return members;
}
