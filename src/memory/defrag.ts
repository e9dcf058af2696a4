/**
 * Moves blocks out of spans that are mostly empty, so that these can be given back.
 *
 * Spans serve one size each. When the sizes that a workload writes drift, spans of the old sizes
 * empty out unevenly and memory is held by spans with a few live blocks. Since only its slot knows
 * where a block is, a block can simply be moved: a pass walks all slots, and a block found in a
 * sparse span is copied to the span that serves new blocks of this size. Others serve none until
 * that one is full, so they only lose blocks, and those that the pass drains to the last are given
 * back. Slots are dense, so the walk costs little beside the copying, and it is done a few slots at
 * a time, paid by writes. Nothing is marked or listed for it: no step looks at more than it moves.
 *
 * The idea of compacting by a moving collector over log-structured or slab memory is RAMCloud's
 * (Rumble et al., FAST 2014).
 */
import { NO_BLOCK } from "./arena.ts";
import type { Arena, BlockRef } from "./arena.ts";
import type { NamespaceId, Namespaces } from "./namespaces.ts";
import type { Shard } from "./shard.ts";
import { NO_SLOT, SLOT, slotWord } from "./slots.ts";
import type { SlotCursor, SlotRef, Slots } from "./slots.ts";

/** A pass begins when this share of the spans is free ... */
const FREE_SHARE_MAX = 1 / 8;
/** ... and it is worth it. */
const FREE_BYTES_MIN = 2 * 1024 * 1024;
/** Spans with less in use than this share are emptied. */
const SPARSE_SHARE = 7 / 8;
/** What could not be moved in one pass must have grown this much for the next. */
const UNMOVABLE_GROWTH = 1.25;
/** A rescue is tried again when this share of the spans has become free since the last. */
const RESCUE_SHARE_MIN = 1 / 32;

export class Defragmenter {
  readonly #shard: Shard;
  readonly #arena: Arena;
  readonly #slots: Slots;
  readonly #namespaces: Namespaces;
  #active = false;
  #namespace = 1 as NamespaceId;
  #cursor: SlotCursor = { ordinal: 0, page: 0, place: 0 };
  /** What was still free at the end of the last pass: the next waits until it has grown. */
  #unmovableBytes = 0;
  /** The same of the last rescue. */
  #rescuedBytes = 0;
  #share = SPARSE_SHARE;

  constructor(shard: Shard, arena: Arena, slots: Slots, namespaces: Namespaces) {
    this.#shard = shard;
    this.#arena = arena;
    this.#slots = slots;
    this.#namespaces = namespaces;
  }

  get active(): boolean {
    return this.#active;
  }

  /** Begins a pass when enough is free in spans; `force` begins one in any case. */
  maybeStart(force = false): void {
    const free = this.#arena.freeInSpansBytes;
    this.#unmovableBytes = Math.min(this.#unmovableBytes, free);
    const worthIt =
      free > FREE_BYTES_MIN + this.#unmovableBytes * UNMOVABLE_GROWTH &&
      free > this.#arena.spanBytes * FREE_SHARE_MAX;
    if (!this.#active && (force || worthIt)) this.#start(SPARSE_SHARE);
  }

  /** Looks at up to `slotsMax` slots and moves the blocks that lie in a sparse span. */
  step(slotsMax: number): void {
    for (let looked = 0; looked < slotsMax && this.#active; looked++) {
      const slot = this.#slots.next(this.#namespace, this.#cursor, slotsMax);
      if (slot !== NO_SLOT) this.#move(slot);
      else if (this.#cursor.page === 0) this.#nextNamespace();
    }
  }

  /**
   * For when there is no page left: a whole pass at once, that leaves no span but full ones and one
   * for each size. False, and nothing done, when there has been one and little has become free since.
   */
  rescue(): boolean {
    const free = this.#arena.freeInSpansBytes;
    this.#rescuedBytes = Math.min(this.#rescuedBytes, free);
    if (free < this.#rescuedBytes + this.#arena.spanBytes * RESCUE_SHARE_MIN) return false;
    this.#start(1);
    while (this.#active) this.step(65_536);
    this.#rescuedBytes = this.#arena.freeInSpansBytes;
    return true;
  }

  #start(share: number): void {
    this.#active = true;
    this.#share = share;
    this.#namespace = 1 as NamespaceId;
    this.#cursor = { ordinal: 0, page: 0, place: 0 };
  }

  #nextNamespace(): void {
    this.#cursor = { ordinal: 0, page: 0, place: 0 };
    if (this.#namespace < this.#namespaces.top) this.#namespace++;
    else this.#finish();
  }

  #finish(): void {
    this.#active = false;
    this.#unmovableBytes = this.#arena.freeInSpansBytes;
  }

  #move(slot: SlotRef): void {
    const { u8, u32 } = this.#shard;
    const at = slotWord(slot) + SLOT.block;
    const from = u32[at]! as BlockRef;
    if (!this.#arena.isSparse(from, this.#share)) return;
    const bytes = this.#arena.sizeOf(from);
    const to = this.#arena.allocate(bytes);
    if (to === NO_BLOCK) {
      this.#finish();
      return;
    }
    u8.copyWithin(to * 4, from * 4, from * 4 + bytes);
    u32[at] = to;
    this.#arena.free(from);
  }
}
