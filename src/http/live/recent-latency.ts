/**
 * Latencies since the last look, out of histograms that only ever grow: their sum now, less their sum
 * then.
 */
import { Histogram } from "../../base/histogram.ts";

export class RecentLatency {
  #before = new Histogram();
  #now = new Histogram();
  readonly #recent = new Histogram();

  /** Valid until the next call. Costs a microsecond or two a histogram. */
  advance(histograms: Iterable<Histogram>): Histogram {
    const now = this.#now;
    now.reset();
    for (const each of histograms) now.add(each);
    // Fewer than before: somebody has reset the counters.
    if (now.count < this.#before.count) this.#before.reset();
    this.#recent.reset();
    this.#recent.add(now);
    this.#recent.subtract(this.#before);
    this.#now = this.#before;
    this.#before = now;
    return this.#recent;
  }
}
