/**
 * Sending entries to a server in batches, several at a time, and knowing up to where all is done.
 *
 * Batches go out in order and may be answered in any; `acknowledged` is the end of the run of batches
 * from the first on that all were answered, so whatever happens, everything before that place is in
 * the store. Two entries of one key must not pass each other: a batch with a key that is under way
 * waits until that one is through.
 *
 * A batch is not atomic, so each entry has its own result. When a server refuses a whole batch for the
 * fault of one entry, the batch is halved until that entry stands alone. A server that does not
 * answer, or is restarting, is asked again for a while: sets may be repeated.
 */
import type { Clock } from "../../base/clock.ts";
import { toError } from "../../base/errors.ts";
import { MiB } from "../../base/units.ts";
import { PyKVError } from "../../client/errors.ts";
import type { Entry } from "./exchange.ts";
import type { Place } from "./pieces.ts";
import type { SetRequest, SetResult } from "./wire.ts";

/** An entry with where it came from. */
export interface Sourced {
  readonly entry: Entry;
  readonly namespace: string;
  /** For messages: "line 7", "key user:1". */
  readonly origin: string;
  /** The bytes it was read from, for the file of bad records. */
  readonly source: Buffer;
}

/** How far the input was read when a batch was closed, and what became of it on the way. */
export interface Mark {
  readonly place: Place;
  readonly read: number;
  /** Passed over before they could become part of a batch. */
  readonly bad: number;
  readonly filtered: number;
}

/** What became of the entries of a batch. */
export interface Outcomes {
  /** Set in the store. */
  stored: number;
  /** Left alone with --if-absent, since the key was there. */
  kept: number;
  /** Past their deadline before they could be sent. */
  expired: number;
  /** Never to be taken by the server. */
  refused: number;
}

export interface Upload {
  /** Carries out sets, each by itself; rejects with the PyKVError of the client. */
  readonly send: (requests: readonly SetRequest[]) => Promise<readonly SetResult[]>;
  readonly clock: Clock;
  readonly ifAbsent: boolean;
  /** Entries in a batch. */
  readonly batchSize: number;
  /** Batches under way at once. */
  readonly concurrency: number;
  /** How long a server that is not there is asked again, in milliseconds. */
  readonly patienceMs: number;
  /** Called before a pause; resolves with whether to ask once more after it. */
  readonly onWaiting: (reason: string, delayMs: number) => Promise<boolean>;
  /** An entry that the server will never take. Throwing ends the upload. */
  readonly onRefused: (sourced: Sourced, reason: string) => void;
  /** Everything up to the mark is in the store, or was passed over; for each batch, in order. */
  readonly onAcknowledged: (mark: Mark, outcomes: Readonly<Outcomes>) => void;
}

interface Batch {
  readonly keys: readonly string[];
  readonly mark: Mark;
  readonly outcomes: Outcomes;
  isDone: boolean;
}

/** Characters of values in a batch; a larger value goes alone. */
const BATCH_CHARACTERS_MAX = 2 * MiB;
const RETRY_BASE_MS = 200;
const RETRY_MS_MAX = 3000;
/** What passes by itself: nobody there, too slow, stopping or starting. */
const PASSING: ReadonlySet<string> = new Set([
  "UNREACHABLE",
  "TIMED_OUT",
  "SHUTTING_DOWN",
  "NOT_READY",
]);
/** The fault of an entry, and of nothing else. */
const ENTRY_FAULTS: ReadonlySet<string> = new Set([
  "INVALID_KEY",
  "INVALID_VALUE",
  "INVALID_TTL",
  "INVALID_NAMESPACE",
  "INVALID_REQUEST",
  "INVALID_JSON",
  "VALUE_TOO_LARGE",
]);

export class Uploader {
  readonly #upload: Upload;
  readonly #underway: Batch[] = [];
  readonly #keys = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #open: Sourced[] = [];
  #openCharacters = 0;
  #failure: Error | null = null;

  constructor(upload: Upload) {
    this.#upload = upload;
  }

  /**
   * Takes an entry, whose record the mark is behind. Null when there is nothing to wait for; else the
   * batch is full, and the promise resolves once it could be sent, or rejects with what made an
   * earlier one fail.
   */
  add(sourced: Sourced, mark: () => Mark): Promise<void> | null {
    this.#open.push(sourced);
    this.#openCharacters += sourced.entry.valueText.length;
    const isFull =
      this.#open.length >= this.#upload.batchSize || this.#openCharacters >= BATCH_CHARACTERS_MAX;
    return isFull ? this.#dispatch(mark()) : null;
  }

  /** Sends what is left, and resolves when everything up to the mark is answered. */
  async flush(mark: Mark): Promise<void> {
    await this.#dispatch(mark);
    await this.settle();
    this.#throwFailure();
  }

  /** Resolves when nothing is under way any more; never rejects. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #dispatch(mark: Mark): Promise<void> {
    const entries = this.#open;
    this.#open = [];
    this.#openCharacters = 0;
    const keys = entries.map(({ namespace, entry }) => `${namespace}/${entry.key}`);
    while (
      this.#running.size >= this.#upload.concurrency ||
      (this.#running.size > 0 && keys.some((key) => this.#keys.has(key)))
    ) {
      await Promise.race(this.#running);
    }
    this.#throwFailure();
    const outcomes = { stored: 0, kept: 0, expired: 0, refused: 0 };
    const batch: Batch = { keys, mark, outcomes, isDone: false };
    this.#underway.push(batch);
    for (const key of keys) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    const run = this.#carryOut(batch, entries).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #carryOut(batch: Batch, entries: readonly Sourced[]): Promise<void> {
    try {
      if (entries.length > 0) await this.#send(entries, batch.outcomes);
      batch.isDone = true;
    } catch (error) {
      this.#failure ??= toError(error);
    } finally {
      this.#release(batch.keys);
    }
    this.#advance();
  }

  /** Tells of the run of batches, from the oldest on, that are answered. */
  #advance(): void {
    while (this.#underway[0]?.isDone === true) {
      const { mark, outcomes } = this.#underway.shift()!;
      this.#upload.onAcknowledged(mark, outcomes);
    }
  }

  #release(keys: readonly string[]): void {
    for (const key of keys) {
      const count = this.#keys.get(key) ?? 0;
      if (count > 1) this.#keys.set(key, count - 1);
      else this.#keys.delete(key);
    }
  }

  async #send(entries: readonly Sourced[], outcomes: Outcomes): Promise<void> {
    const nowMs = this.#upload.clock.nowMs();
    const alive = entries.filter(({ entry: { deadlineMs } }) => (deadlineMs ?? Infinity) > nowMs);
    outcomes.expired += entries.length - alive.length;
    if (alive.length === 0) return;
    let results: readonly SetResult[];
    try {
      results = await this.#tryLong(alive);
    } catch (error) {
      if (!(error instanceof PyKVError && isEntryFault(error))) throw error;
      return this.#isolate(alive, error, outcomes);
    }
    for (const [i, result] of results.entries()) this.#note(alive[i]!, result, outcomes);
  }

  async #isolate(entries: readonly Sourced[], error: PyKVError, outcomes: Outcomes): Promise<void> {
    if (entries.length === 1) return this.#refuse(entries[0]!, error, outcomes);
    const half = Math.ceil(entries.length / 2);
    await this.#send(entries.slice(0, half), outcomes);
    await this.#send(entries.slice(half), outcomes);
  }

  #note(sourced: Sourced, error: SetResult, outcomes: Outcomes): void {
    if (error === null) outcomes.stored++;
    else if (error.code === "CONDITION_FAILED") outcomes.kept++;
    else if (isEntryFault(error)) this.#refuse(sourced, error, outcomes);
    else throw error;
  }

  #refuse(sourced: Sourced, error: PyKVError, outcomes: Outcomes): void {
    const { errors, message } = error;
    // The path of a field names its place in the batch, which means nothing to the user.
    const field = errors?.[0];
    const said = field === undefined ? message : `${field.path.split("/").at(-1)} ${field.message}`;
    this.#upload.onRefused(sourced, said);
    outcomes.refused++;
  }

  async #tryLong(entries: readonly Sourced[]): Promise<readonly SetResult[]> {
    const { clock, patienceMs, onWaiting } = this.#upload;
    const untilMs = clock.monotonicMs() + patienceMs;
    for (let delayMs = RETRY_BASE_MS; ; delayMs = Math.min(2 * delayMs, RETRY_MS_MAX)) {
      try {
        return await this.#upload.send(this.#requests(entries));
      } catch (error) {
        const isPassing = error instanceof PyKVError && PASSING.has(error.code);
        if (!isPassing || this.#failure !== null || clock.monotonicMs() >= untilMs) throw error;
        if (!(await onWaiting(error.message, delayMs))) throw error;
      }
    }
  }

  /** A deadline becomes a time to live as late as can be. */
  #requests(entries: readonly Sourced[]): SetRequest[] {
    const nowMs = this.#upload.clock.nowMs();
    const { ifAbsent } = this.#upload;
    return entries.map(({ entry, namespace }) => {
      const { key, valueText, isBase64, deadlineMs } = entry;
      const ttlMs = deadlineMs === null ? null : Math.max(1, deadlineMs - nowMs);
      return { key, namespace, valueText, isBase64, ttlMs, ifAbsent };
    });
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}

function isEntryFault({ code }: PyKVError): boolean {
  return ENTRY_FAULTS.has(code);
}
