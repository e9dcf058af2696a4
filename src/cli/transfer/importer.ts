/**
 * An import: candidates from a source, through the checks, to the uploader; and an orderly end,
 * however it ends.
 *
 * Whatever ends it early (a bad record, a server that is gone, Ctrl-C), what was read before is sent
 * and answered first if that is still possible, and then the place up to which everything is in the
 * store is saved. So nothing is lost, and going on repeats at most the last batches.
 */
import { BadRecord, type Entry } from "./exchange.ts";
import { BadRecordEnd, type BadRecords } from "./bad-records.ts";
import { BrokenInput, type Place } from "./pieces.ts";
import type { Candidate, Source } from "./source.ts";
import type { Tally } from "./state.ts";
import type { Mark, Outcomes, Sourced, Uploader } from "./uploader.ts";

export interface ImportJob {
  readonly source: Source;
  readonly from: Place;
  /** What an earlier part of this import has counted. */
  readonly before: Tally;
  /** In place of what records say; null lets them say. */
  readonly namespace: string | null;
  readonly defaultNamespace: string;
  readonly prefix: string;
  readonly bad: BadRecords;
  /** Null for a dry run. */
  readonly uploader: Uploader | null;
  readonly nowMs: () => number;
  /** Called after every run of candidates. */
  readonly onProgress: (read: number) => void;
  readonly isStopping: () => boolean;
}

export type ImportEnd =
  | { readonly kind: "complete" | "stopped" }
  /** `error` is a BadRecordEnd, a BrokenInput, or what the client or the system said. */
  | { readonly kind: "failed"; readonly error: unknown };

export class Importer {
  readonly #job: ImportJob;
  #read = 0;
  #filtered = 0;
  #parsedBad = 0;
  /** Of those, how many the last acknowledged mark has counted. */
  #markedBad = 0;
  /** In a dry run: what would be sent, and what has expired. */
  #dry = { stored: 0, expired: 0 };
  #place: Place;
  #acknowledged: Tally;
  #acknowledgedPlace: Place;

  constructor(job: ImportJob) {
    this.#job = job;
    this.#place = job.from;
    this.#acknowledged = job.before;
    this.#acknowledgedPlace = job.from;
  }

  /** What is in the store or was passed over, up to `place`. */
  get tally(): Tally {
    return this.#acknowledged;
  }

  /** Up to where everything is in the store or was passed over. */
  get place(): Place {
    return this.#acknowledgedPlace;
  }

  /** For the uploader: a batch is answered, and all before it. */
  acknowledge(mark: Mark, { stored, kept, expired, refused }: Readonly<Outcomes>): void {
    const { before } = this.#job;
    const known = this.#acknowledged;
    this.#acknowledgedPlace = mark.place;
    this.#acknowledged = {
      read: before.read + mark.read,
      stored: known.stored + stored,
      kept: known.kept + kept,
      expired: known.expired + expired,
      bad: known.bad + refused + (mark.bad - this.#markedBad),
      filtered: before.filtered + mark.filtered,
    };
    this.#markedBad = mark.bad;
  }

  /** Resolves with how it ended; never rejects. */
  async run(): Promise<ImportEnd> {
    const { uploader } = this.#job;
    let end: ImportEnd = { kind: "complete" };
    try {
      end = { kind: await this.#readAll() };
    } catch (error) {
      end = { kind: "failed", error };
    }
    try {
      if (uploader === null) this.acknowledge(this.#mark(), this.#dryOutcomes());
      else await uploader.flush(this.#mark());
    } catch (error) {
      // What ended the reading came first, unless it was this very failure.
      if (end.kind !== "failed" || !isOfInput(end.error)) end = { kind: "failed", error };
    }
    await uploader?.settle();
    return end;
  }

  async #readAll(): Promise<"complete" | "stopped"> {
    const { source, from, isStopping, onProgress, uploader } = this.#job;
    for await (const run of source.candidates(from)) {
      for (const candidate of run) {
        const sourced = this.#take(candidate);
        this.#place = candidate.next;
        if (sourced === null) continue;
        if (uploader === null) this.#countDry(sourced);
        else {
          const waiting = uploader.add(sourced, () => this.#mark());
          if (waiting !== null) await waiting;
        }
        if (isStopping()) return "stopped";
      }
      onProgress(this.#job.before.read + this.#read);
    }
    return "complete";
  }

  /** Null for what is passed over. Throws BadRecordEnd. */
  #take({ origin, source, read }: Candidate): Sourced | null {
    const { namespace, defaultNamespace, prefix, bad, nowMs } = this.#job;
    let entry: Entry;
    try {
      entry = read(nowMs());
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      bad.add(origin, error.message, source, error.group);
      this.#read++;
      this.#parsedBad++;
      return null;
    }
    this.#read++;
    if (!entry.key.startsWith(prefix)) {
      this.#filtered++;
      return null;
    }
    return { entry, origin, source, namespace: namespace ?? entry.namespace ?? defaultNamespace };
  }

  #mark(): Mark {
    return {
      place: this.#place,
      read: this.#read,
      bad: this.#parsedBad,
      filtered: this.#filtered,
    };
  }

  #countDry({ entry: { deadlineMs } }: Sourced): void {
    if ((deadlineMs ?? Infinity) > this.#job.nowMs()) this.#dry.stored++;
    else this.#dry.expired++;
  }

  #dryOutcomes(): Outcomes {
    return { ...this.#dry, kept: 0, refused: 0 };
  }
}

function isOfInput(error: unknown): boolean {
  return error instanceof BadRecordEnd || error instanceof BrokenInput;
}
