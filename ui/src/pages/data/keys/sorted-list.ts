/**
 * A list that stays sorted while items come and go, with any item reachable by its place.
 *
 * It is an array of blocks of at most 2048 items: adding one is a binary search for the block, one in
 * the block, and a short move. A plain array would move half a million items for each new one, and a
 * balanced tree would cost an object for each; a million keys in blocks cost little more than the
 * strings, and ten thousand new ones some 20 ms. (The idea is that of Python's sortedcontainers, Grant
 * Jenks, 2014.) Where each block starts is counted when it is asked for, a thousand additions at most.
 *
 * The order must be total: items that compare as equal are one and the same.
 */
const BLOCK_ITEMS_MAX = 2048;

export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number;
  #blocks: T[][] = [];
  /** Place of the first item of each block; null when it must be counted again. */
  #starts: number[] | null = null;
  #size = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether it is new. */
  add(item: T): boolean {
    if (this.#blocks.length === 0) this.#blocks.push([]);
    const which = this.#blockFor(item);
    const block = this.#blocks[which]!;
    const at = this.#lowerBound(block, item);
    const there = block[at];
    if (at < block.length && this.#compare(there as T, item) === 0) return false;
    block.splice(at, 0, item);
    if (block.length > BLOCK_ITEMS_MAX) {
      this.#blocks.splice(which + 1, 0, block.splice(BLOCK_ITEMS_MAX / 2));
    }
    this.#size += 1;
    this.#starts = null;
    return true;
  }

  /** Whether it was there. */
  delete(item: T): boolean {
    const which = this.#blockFor(item);
    const block = this.#blocks[which];
    if (block === undefined) return false;
    const at = this.#lowerBound(block, item);
    if (at === block.length || this.#compare(block[at]!, item) !== 0) return false;
    block.splice(at, 1);
    if (block.length === 0) this.#blocks.splice(which, 1);
    this.#size -= 1;
    this.#starts = null;
    return true;
  }

  /** The item at a place, from 0; undefined outside of the list. */
  at(place: number): T | undefined {
    if (place < 0 || place >= this.#size) return undefined;
    const starts = this.#countStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return this.#blocks[low]![place - starts[low]!];
  }

  /** How many items come before this one, which need not be there. */
  rank(item: T): number {
    const which = this.#blockFor(item);
    const block = this.#blocks[which];
    if (block === undefined) return 0;
    return this.#countStarts()[which]! + this.#lowerBound(block, item);
  }

  /** The item in the list that equals this one. */
  find(item: T): T | undefined {
    const block = this.#blocks[this.#blockFor(item)];
    if (block === undefined) return undefined;
    const found = block[this.#lowerBound(block, item)];
    return found !== undefined && this.#compare(found, item) === 0 ? found : undefined;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const block of this.#blocks) yield* block;
  }

  /** The last block that starts at or before the item, or the first. */
  #blockFor(item: T): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#compare(this.#blocks[middle]![0]!, item) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #lowerBound(block: readonly T[], item: T): number {
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(block[middle]!, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #countStarts(): number[] {
    if (this.#starts !== null) return this.#starts;
    const starts: number[] = [];
    let sum = 0;
    for (const block of this.#blocks) {
      starts.push(sum);
      sum += block.length;
    }
    this.#starts = starts;
    return starts;
  }
}
