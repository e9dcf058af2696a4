import { expect, test } from "vitest";
import { TableDriver, randomFrom } from "../../test/support/table-driver.ts";
import { checkTable } from "../../test/support/check-table.ts";
import { NAMESPACE_TOTAL, Namespaces } from "./namespaces.ts";
import type { NamespaceId } from "./namespaces.ts";
import { Pages } from "./pages.ts";
import { COUNTER, PAGE_BYTES, Shard } from "./shard.ts";
import { NO_SLOT, SLOTS_PER_PAGE, Slots, slotWord } from "./slots.ts";
import type { SlotCursor, SlotRef } from "./slots.ts";

/** Slots of one namespace, marked as in use by a block word of their own. */
class Bare {
  readonly shard = new Shard({ pageBytes: 400 * PAGE_BYTES, namespacesMax: 4 });
  readonly namespaces = new Namespaces(this.shard);
  readonly slots = new Slots(this.shard, new Pages(this.shard), this.namespaces);
  readonly id: NamespaceId = this.namespaces.findOrCreate("a");

  add(): SlotRef {
    expect(this.slots.ensureFree(this.id)).toBe(true);
    const slot = this.slots.allocate(this.id);
    this.shard.u32[slotWord(slot)] = 1;
    return slot;
  }

  addMany(count: number): SlotRef[] {
    return Array.from({ length: count }, () => this.add());
  }

  remove(slot: SlotRef): void {
    this.slots.free(this.id, slot);
  }

  get pages(): number {
    return this.shard.u32[COUNTER.slotPages]!;
  }
}

const START: SlotCursor = { ordinal: 0, page: 0, place: 0 };

test("a page of slots is taken when the last is full, and given back when its last slot goes", () => {
  const bare = new Bare();
  const slots = bare.addMany(SLOTS_PER_PAGE);
  expect(bare.pages).toBe(1);
  expect(bare.slots.hasFree(bare.id)).toBe(false);
  const one = bare.add();
  expect(bare.pages).toBe(2);
  bare.remove(one);
  expect(bare.pages).toBe(1);
  slots.forEach((slot) => bare.remove(slot));
  expect(bare.pages).toBe(0);
});

for (const version of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 48 - 1]) {
  test(`a slot holds the version ${version} beside its namespace`, () => {
    const bare = new Bare();
    const slot = bare.add();
    bare.slots.setVersion(slot, version);
    expect(bare.slots.version(slot)).toBe(version);
    expect(bare.slots.namespaceOf(slot)).toBe(bare.id);
  });
}

for (const [count, pages] of [
  [1, 1],
  [170, 1],
  [171, 2],
  [1000, 6],
] as const) {
  test(`room for ${count} slots is ${pages} pages, taken at once and given back unused`, () => {
    const bare = new Bare();
    expect(bare.slots.ensureFreeFor(bare.id, count)).toBe(true);
    expect(bare.slots.ensureFreeFor(bare.id, count)).toBe(true);
    expect(bare.pages).toBe(pages);
    const slot = bare.add();
    expect(bare.slots.releaseUnused(bare.id)).toBe(pages - 1);
    bare.remove(slot);
    expect(bare.pages).toBe(0);
  });
}

test("there are no slots when there is no page", () => {
  const bare = new Bare();
  expect(bare.slots.ensureFreeFor(bare.id, 10 ** 6)).toBe(false);
  expect(bare.slots.releaseUnused(bare.id)).toBeGreaterThan(300);
});

for (const looksMax of [1, 2, 169, 170, 171, 1000, Infinity]) {
  test(`a walk by ${looksMax} looks meets each slot that stays once, while others come and go`, () => {
    const bare = new Bare();
    const random = randomFrom(looksMax === Infinity ? 5 : looksMax);
    const staying = new Set(bare.addMany(900).filter((_, i) => i % 3 === 0));
    const passing = new Set<SlotRef>();
    const seen = new Map<SlotRef, number>();
    const cursor = { ...START };
    do {
      const slot = bare.slots.next(bare.id, cursor, looksMax);
      if (slot !== NO_SLOT) seen.set(slot, (seen.get(slot) ?? 0) + 1);
      const isAdding = random() % 2 === 0 && passing.size < 2000;
      const count = random() % 5;
      if (isAdding) bare.addMany(count).forEach((added) => passing.add(added));
      else {
        for (const gone of [...passing].slice(0, count)) {
          bare.remove(gone);
          passing.delete(gone);
        }
      }
      // What came again at the place of what went is another slot.
      if (passing.size > 1500)
        [...passing].forEach((gone) => (bare.remove(gone), passing.delete(gone)));
    } while (cursor.page !== 0 && seen.size < 50_000);
    for (const slot of staying) expect(seen.get(slot)).toBe(1);
  });
}

test("a walk goes on behind pages that went, in calls that look at no more than they may", () => {
  const bare = new Bare();
  const slots = bare.addMany(100 * SLOTS_PER_PAGE);
  const cursor = { ...START };
  for (let i = 0; i < 60 * SLOTS_PER_PAGE + 5; i++) bare.slots.next(bare.id, cursor, Infinity);
  const stood = cursor.page;
  slots.filter((slot) => slot >>> 8 === stood).forEach((slot) => bare.remove(slot));
  let calls = 0;
  let next: SlotRef = NO_SLOT;
  while (next === NO_SLOT && cursor.page !== 0) {
    next = bare.slots.next(bare.id, cursor, 10);
    calls++;
  }
  expect(calls).toBe(7);
  expect(next).toBe(slots[61 * SLOTS_PER_PAGE]);
});

test("a page that went and came back to the same namespace is not taken for the old one", () => {
  const bare = new Bare();
  const [first, second] = [bare.addMany(SLOTS_PER_PAGE), bare.addMany(SLOTS_PER_PAGE)];
  const cursor = { ...START };
  for (let i = 0; i < 5; i++) bare.slots.next(bare.id, cursor, Infinity);
  first.forEach((slot) => bare.remove(slot));
  const again = bare.addMany(SLOTS_PER_PAGE);
  expect(again[0]! >>> 8).toBe(first[0]! >>> 8);
  const met: SlotRef[] = [];
  for (let s = bare.slots.next(bare.id, cursor, Infinity); s !== NO_SLOT;) {
    met.push(s);
    s = bare.slots.next(bare.id, cursor, Infinity);
  }
  expect(met).toEqual([...second, ...again]);
});

test("pages keep their order when more than 2^32 have joined", () => {
  const bare = new Bare();
  const total = bare.namespaces.double(bare.id) + NAMESPACE_TOTAL.lastOrdinal;
  bare.shard.f64[total] = 2 ** 32 - 2;
  const slots = bare.addMany(4 * SLOTS_PER_PAGE);
  const cursor = { ...START };
  const met: SlotRef[] = [];
  for (let s = bare.slots.next(bare.id, cursor, Infinity); s !== NO_SLOT;) {
    met.push(s);
    // A cursor that went round the world still stands where it stood.
    Object.assign(cursor, JSON.parse(JSON.stringify(cursor)));
    s = bare.slots.next(bare.id, cursor, Infinity);
  }
  expect(met).toEqual(slots);
  expect(bare.shard.f64[total]).toBe(2 ** 32 + 2);
});

for (const cursor of [
  { ordinal: 1, page: 2 ** 40, place: 0 },
  { ordinal: 0, page: 1, place: 0 },
  { ordinal: 2 ** 47, page: 3, place: 169 },
  { ordinal: 5, page: 0, place: 10_000 },
]) {
  test(`a cursor from elsewhere, ${JSON.stringify(cursor)}, ends a walk and harms nothing`, () => {
    const driver = new TableDriver();
    for (let i = 0; i < 1000; i++) driver.set(`key${i}`, "v");
    const at = { ...cursor };
    let met = 0;
    do {
      if (driver.table.next(driver.id(), at, 100) !== NO_SLOT) met++;
    } while (at.page !== 0);
    expect(met).toBeLessThanOrEqual(1000);
    checkTable(driver.table);
  });
}
