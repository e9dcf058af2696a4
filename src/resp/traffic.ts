/**
 * What INFO tells of the traffic: rates, errors by kind, and totals since CONFIG RESETSTAT.
 *
 * The store's totals (hits, misses, ...) are REST's too and are never set back; a reset notes where
 * they stood.
 */
import type { Store } from "../store/store.ts";

/** Kinds of error that are counted; clients can't make up any, scripts of ours could not either. */
const ERROR_KINDS_MAX = 128;
/** Seconds over which a rate is taken. */
const SAMPLES_MAX = 4;

export interface Totals {
  readonly commands: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

interface StoreTotals {
  readonly hits: number;
  readonly misses: number;
  readonly expired: number;
  readonly evictions: number;
}

export interface Rates {
  readonly commandsPerSecond: number;
  readonly inputBytesPerSecond: number;
  readonly outputBytesPerSecond: number;
}

export class Traffic {
  readonly errors = new Map<string, number>();
  errorsTotal = 0;
  /** Bytes of connections that are closed. */
  closedInputBytes = 0;
  closedOutputBytes = 0;
  /** The most that has been used when somebody looked, which is every second. */
  peakBytes = 0;
  #since: StoreTotals = { hits: 0, misses: 0, expired: 0, evictions: 0 };
  #samples: { readonly nowMs: number; readonly totals: Totals }[] = [];

  /** An error was replied. */
  failed(text: string): void {
    const end = text.indexOf(" ");
    const kind = end < 0 ? text : text.slice(0, end);
    this.errorsTotal++;
    const count = this.errors.get(kind) ?? 0;
    if (count > 0 || this.errors.size < ERROR_KINDS_MAX) this.errors.set(kind, count + 1);
  }

  /** To be called about once a second. */
  sample(nowMs: number, totals: Totals): void {
    this.#samples.push({ nowMs, totals });
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
  }

  rates(): Rates {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    const seconds = first === undefined ? 0 : (last!.nowMs - first.nowMs) / 1000;
    const rate = (field: keyof Totals): number =>
      seconds > 0 ? (last!.totals[field] - first!.totals[field]) / seconds : 0;
    return {
      commandsPerSecond: Math.round(rate("commands")),
      inputBytesPerSecond: rate("inputBytes"),
      outputBytesPerSecond: rate("outputBytes"),
    };
  }

  /** The store's totals since the last reset. */
  ofStore(store: Store): StoreTotals {
    const { hits, misses, expired, evictions } = store.stats();
    const since = this.#since;
    return {
      hits: hits - since.hits,
      misses: misses - since.misses,
      expired: expired - since.expired,
      evictions: evictions - since.evictions,
    };
  }

  reset(store: Store): void {
    this.#since = store.stats();
    this.#samples = [];
    this.errors.clear();
    this.errorsTotal = 0;
    this.closedInputBytes = 0;
    this.closedOutputBytes = 0;
    this.peakBytes = 0;
  }
}
