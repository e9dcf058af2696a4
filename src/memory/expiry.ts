/**
 * The timing wheel: which entries reach their deadline next.
 *
 * Time is cut into ticks of 16 ms. Eight levels of lists hold the entries that have a deadline:
 * level 0 has a list a tick, level 1 a list for 64 ticks, and so on, each 64 times coarser than the
 * one below. As the current tick comes to a list of a higher level, its entries are dealt out to lower
 * ones; a list of level 0 is due. Adding and removing are O(1), an entry is dealt at most seven times
 * in its life, and nothing ever looks at entries that are not due. The links lie in the entry's block,
 * so a key without a deadline pays nothing for any of this.
 *
 * A list of a higher level may hold very many entries, and those due first would wait until all are
 * dealt. So each level has room for two turns, the present one and the next: the list that comes next
 * is dealt out ahead of its time (`dealAhead`), a few entries at a time, while there is nothing else to
 * do. What is left of it when its time has come is dealt then.
 *
 * Source: Varghese and Lauck, "Hashed and hierarchical timing wheels" (1987), scheme 7.
 */
import { DEADLINE, deadlineMs } from "./entry.ts";
import { COUNTER, TOTAL, WHEEL_AT, WHEEL_LEVELS, WHEEL_LISTS, WHEEL_TURN } from "./shard.ts";
import type { Shard } from "./shard.ts";
import { NO_SLOT, SLOT, slotWord } from "./slots.ts";
import type { SlotRef } from "./slots.ts";

export const TICK_MS = 16;
const LEVEL_COUNTS_AT = WHEEL_AT + WHEEL_LEVELS * WHEEL_LISTS;
const LISTS_BITS = Math.log2(WHEEL_LISTS);
/** Ticks that a list spans, by level. */
const SPAN = Array.from({ length: WHEEL_LEVELS }, (_, level) => WHEEL_TURN ** level);

export class TimingWheel {
  readonly #u32: Uint32Array;
  readonly #f64: Float64Array;
  /** Called when an entry comes into the lowest level: it is due within two turns, two seconds. */
  onNear: (() => void) | null = null;

  constructor(shard: Shard, nowMs: number) {
    this.#u32 = shard.u32;
    this.#f64 = shard.f64;
    this.#f64[TOTAL.wheelTick] = Math.floor(nowMs / TICK_MS);
  }

  /** Entries with a deadline. */
  get count(): number {
    return this.#u32[COUNTER.deadlines]!;
  }

  /** Whether an entry is due within two turns of the lowest level, as far as they are dealt. */
  get hasNear(): boolean {
    return this.#u32[LEVEL_COUNTS_AT]! > 0;
  }

  /** Adds an entry whose block has its deadline set and is in no list. */
  add(slot: SlotRef): void {
    this.#u32[COUNTER.deadlines]!++;
    this.#link(slot);
  }

  remove(slot: SlotRef): void {
    this.#u32[COUNTER.deadlines]!--;
    this.#unlink(slot);
  }

  /**
   * The next entry whose deadline has passed at `nowMs`, still in its list: the caller removes it
   * (or moves its deadline) before it asks again. NO_SLOT when none is due, or after `stepsMax`
   * ticks and deals, which `caughtUp` tells apart.
   */
  due(nowMs: number, stepsMax: number): SlotRef {
    const target = Math.floor(nowMs / TICK_MS);
    for (let steps = 0; steps < stepsMax; steps++) {
      const tick = this.#f64[TOTAL.wheelTick]!;
      if (tick > target) return NO_SLOT;
      if (this.#deal(tick)) continue;
      const slot = this.#u32[WHEEL_AT + (tick % WHEEL_LISTS)]! as SlotRef;
      if (slot !== NO_SLOT) return slot;
      this.#f64[TOTAL.wheelTick] = this.#nextTick(tick, target);
    }
    return NO_SLOT;
  }

  /** Deals at most `stepsMax` entries ahead of their time; true when there may be more. */
  dealAhead(stepsMax: number): boolean {
    const tick = this.#f64[TOTAL.wheelTick]!;
    let steps = 0;
    for (let level = 1; level < WHEEL_LEVELS; level++) {
      if (this.#u32[LEVEL_COUNTS_AT + level] === 0) continue;
      const next = listOf(level, tick + SPAN[level]!);
      while (this.#dealOne(next)) if (++steps === stepsMax) return true;
    }
    return false;
  }

  caughtUp(nowMs: number): boolean {
    return this.#f64[TOTAL.wheelTick]! > Math.floor(nowMs / TICK_MS);
  }

  /** Moves one entry of a higher list that begins at this tick further down; false when none is. */
  #deal(tick: number): boolean {
    for (let level = 1; level < WHEEL_LEVELS && tick % SPAN[level]! === 0; level++) {
      if (this.#dealOne(listOf(level, tick))) return true;
    }
    return false;
  }

  /** False when the list is empty. */
  #dealOne(list: number): boolean {
    const slot = this.#u32[WHEEL_AT + list]! as SlotRef;
    if (slot === NO_SLOT) return false;
    this.#unlink(slot);
    this.#link(slot);
    return true;
  }

  /** The next tick at which something may have to be done: a list of the lowest level in use. */
  #nextTick(tick: number, target: number): number {
    let level = 0;
    while (level < WHEEL_LEVELS && this.#u32[LEVEL_COUNTS_AT + level] === 0) level++;
    if (level === WHEEL_LEVELS) return target + 1;
    return Math.min(target + 1, (Math.floor(tick / SPAN[level]!) + 1) * SPAN[level]!);
  }

  #link(slot: SlotRef): void {
    const u32 = this.#u32;
    const block = u32[slotWord(slot) + SLOT.block]!;
    const list = this.#listFor(deadlineMs(u32, block));
    const head = u32[WHEEL_AT + list]! as SlotRef;
    u32[block + DEADLINE.highAndList] =
      (u32[block + DEADLINE.highAndList]! & 0xffff) | (list << 16);
    u32[block + DEADLINE.prev] = NO_SLOT;
    u32[block + DEADLINE.next] = head;
    if (head !== NO_SLOT) u32[u32[slotWord(head) + SLOT.block]! + DEADLINE.prev] = slot;
    u32[WHEEL_AT + list] = slot;
    u32[LEVEL_COUNTS_AT + (list >>> LISTS_BITS)]!++;
    if (list < WHEEL_LISTS && this.onNear !== null) this.onNear();
  }

  #unlink(slot: SlotRef): void {
    const u32 = this.#u32;
    const block = u32[slotWord(slot) + SLOT.block]!;
    const list = u32[block + DEADLINE.highAndList]! >>> 16;
    const prev = u32[block + DEADLINE.prev]! as SlotRef;
    const next = u32[block + DEADLINE.next]! as SlotRef;
    if (prev === NO_SLOT) u32[WHEEL_AT + list] = next;
    else u32[u32[slotWord(prev) + SLOT.block]! + DEADLINE.next] = next;
    if (next !== NO_SLOT) u32[u32[slotWord(next) + SLOT.block]! + DEADLINE.prev] = prev;
    u32[LEVEL_COUNTS_AT + (list >>> LISTS_BITS)]!--;
  }

  /** The lowest level on which the deadline is in this turn or the next: a list of the level above. */
  #listFor(deadline: number): number {
    const now = this.#f64[TOTAL.wheelTick]!;
    const tick = Math.max(now, Math.ceil(deadline / TICK_MS));
    let level = 0;
    for (; level < WHEEL_LEVELS - 1; level++) {
      const span = SPAN[level + 1]!;
      if (Math.floor(tick / span) - Math.floor(now / span) <= 1) break;
    }
    return listOf(level, tick);
  }
}

/** The list of a level that a tick falls into. */
function listOf(level: number, tick: number): number {
  return level * WHEEL_LISTS + (Math.floor(tick / SPAN[level]!) % WHEEL_LISTS);
}
