/**
 * Reads per second of the busiest namespaces over the last minutes, for their sparklines.
 *
 * Only those are kept that were among the busiest of late, and never more than TRACKED_MAX: whoever has
 * been out of that company the longest goes first.
 */

/** A namespace and how often it is read. */
interface Busy {
  readonly name: string;
  readonly readsPerSecond: number;
}

/** So many are shown, and watched for being the busiest. */
export const SHOWN_MAX = 20;
const TRACKED_MAX = 40;
const STEPS_MAX = 300;

interface Track {
  /** Overwritten from its start when it is full. */
  readonly reads: Float32Array;
  /** The step at which it was last among the busiest. */
  seenAt: number;
}

export class NamespaceHistory {
  readonly #tracks = new Map<string, Track>();
  #step = 0;

  /** Ends a step. */
  push(busiest: readonly Busy[]): void {
    const at = this.#step % STEPS_MAX;
    for (const track of this.#tracks.values()) track.reads[at] = 0;
    for (const { name, readsPerSecond } of busiest) {
      const track = this.#tracks.get(name) ?? this.#begin(name);
      track.reads[at] = readsPerSecond;
      track.seenAt = this.#step;
    }
    this.#step += 1;
  }

  /** Oldest first; nothing for a namespace that is not tracked. */
  of(name: string): number[] {
    const reads = this.#tracks.get(name)?.reads;
    if (reads === undefined) return [];
    const length = Math.min(this.#step, STEPS_MAX);
    const values: number[] = [];
    for (let at = this.#step - length; at < this.#step; at++) {
      values.push(Number((reads[at % STEPS_MAX] ?? 0).toPrecision(4)));
    }
    return values;
  }

  #begin(name: string): Track {
    if (this.#tracks.size >= TRACKED_MAX) this.#forgetOne();
    const track = { reads: new Float32Array(STEPS_MAX), seenAt: this.#step };
    this.#tracks.set(name, track);
    return track;
  }

  #forgetOne(): void {
    const [oldest] = [...this.#tracks].sort(([, a], [, b]) => a.seenAt - b.seenAt);
    if (oldest !== undefined) this.#tracks.delete(oldest[0]);
  }
}
