/**
 * Runs phases of load: as many workers as there are connections, each with one operation under way.
 *
 * A worker takes the next operation off the schedule, waits until it is due, sends it and counts what
 * came of it. All workers share one thread: what they do between requests is little, and the tool's
 * own load on the processors stays small next to the server's.
 */
import { setTimeout as sleepReal } from "node:timers/promises";
import type { Clock } from "../../base/clock.ts";
import type { Operation } from "./operations.ts";
import type { Pacer } from "./pacer.ts";
import { Recorder, type PhaseFigures } from "./recorder.ts";
import { closedLoop, openLoop, type Schedule } from "./schedule.ts";
import { OperationError, type Connection, type Target } from "./target.ts";
import type { Values } from "./values.ts";
import type { Underway, Verifier } from "./verifier.ts";

export interface Phase {
  /** Operations in all; null is no bound. */
  readonly operations: number | null;
  readonly durationMs: number | null;
  /** Operations that start in a second; null is as many as are answered. */
  readonly perSecond: number | null;
  readonly operation: () => Operation;
  /** Draws a key from 0 on. */
  readonly key: () => number;
  readonly ttlMs: number | null;
}

export interface RunnerPlan {
  readonly target: Target;
  readonly connections: number;
  /** Key `i` is in namespace `i % namespaces.length`. */
  readonly namespaces: readonly string[];
  readonly keyPrefix: string;
  readonly keys: number;
  readonly values: Values;
  readonly verifier: Verifier | null;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly pacer: Pacer;
  readonly signal: AbortSignal;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** How long a worker waits that found nobody listening; twice as long each time. */
const PAUSE_MS = 20;
const PAUSE_MS_MAX = 500;
const REMOVED_AT_ONCE = 500;
const REMOVERS = 4;

export class Runner {
  readonly #plan: RunnerPlan;
  readonly #connections: Connection[];
  /** Which keys were sent a write: a byte each. */
  readonly #isWritten: Uint8Array;
  readonly #sleep: (ms: number) => Promise<unknown>;
  readonly #stopPacer = (): void => this.#plan.pacer.stop();
  #seq = 0;

  constructor(plan: RunnerPlan) {
    this.#plan = plan;
    const { target, connections } = plan;
    this.#connections = Array.from({ length: connections }, () => target.connection());
    this.#isWritten = new Uint8Array(plan.keys);
    this.#sleep = plan.sleep ?? sleepReal;
    plan.signal.addEventListener("abort", this.#stopPacer);
  }

  /** The name of a key, and its namespace. */
  nameOf(key: number): { readonly namespace: string; readonly name: string } {
    const { namespaces, keyPrefix } = this.#plan;
    const namespace = namespaces[key % namespaces.length]!;
    return { namespace, name: `${keyPrefix}${key}` };
  }

  /** Runs a phase to its end, or until the signal; `onStart` is given what counts it meanwhile. */
  async run(phase: Phase, onStart?: (recorder: Recorder) => void): Promise<PhaseFigures> {
    const { clock } = this.#plan;
    const startMs = clock.monotonicMs();
    const recorder = new Recorder(startMs);
    onStart?.(recorder);
    const bounds = { startMs, operations: phase.operations, durationMs: phase.durationMs };
    const schedule =
      phase.perSecond === null ? closedLoop(bounds) : openLoop(bounds, phase.perSecond);
    await Promise.all(
      this.#connections.map((connection) => this.#work(connection, phase, schedule, recorder)),
    );
    const endMs = clock.monotonicMs();
    return recorder.figures(endMs, schedule.overdue(endMs));
  }

  /** Deletes every key that was written; returns what went wrong, or null. */
  async tryRemoveKeys(): Promise<string | null> {
    try {
      await this.#removeKeys();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  close(): void {
    this.#plan.signal.removeEventListener("abort", this.#stopPacer);
    for (const connection of this.#connections) connection.close();
  }

  async #work(
    connection: Connection,
    phase: Phase,
    schedule: Schedule,
    recorder: Recorder,
  ): Promise<void> {
    const { clock, pacer } = this.#plan;
    let pauseMs = PAUSE_MS;
    while (!this.#isStopped()) {
      const nowMs = clock.monotonicMs();
      const dueMs = schedule.take(nowMs);
      if (dueMs === null) return;
      if (dueMs > nowMs) await pacer.until(dueMs);
      if (this.#isStopped()) return;
      const operation = phase.operation();
      const sentMs = clock.monotonicMs();
      try {
        const found = await this.#perform(connection, operation, phase.key(), phase.ttlMs);
        // A closed loop takes and sends at once.
        const from = phase.perSecond === null ? sentMs : dueMs;
        recorder.success(operation, { dueMs: from, sentMs, endMs: clock.monotonicMs() }, found);
        pauseMs = PAUSE_MS;
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
        recorder.failure(error.kind, clock.monotonicMs());
        if (!error.isUnreachable) continue;
        await this.#sleep(pauseMs);
        pauseMs = Math.min(PAUSE_MS_MAX, pauseMs * 2);
      }
    }
  }

  #isStopped(): boolean {
    return this.#plan.signal.aborted;
  }

  /** Whether a get found a value, or a delete something to delete. */
  #perform(
    connection: Connection,
    operation: Operation,
    key: number,
    ttlMs: number | null,
  ): Promise<boolean> {
    switch (operation) {
      case "get":
        return this.#get(connection, key);
      case "set":
        return this.#set(connection, key, ttlMs);
      case "delete":
        return this.#delete(connection, key);
    }
  }

  async #get(connection: Connection, key: number): Promise<boolean> {
    const { verifier } = this.#plan;
    const { namespace, name } = this.nameOf(key);
    const underway = verifier?.beginRead(key);
    const value = await this.#noting(underway, connection.get(namespace, name));
    if (underway !== undefined) verifier?.endRead(underway, value);
    return value !== null;
  }

  async #set(connection: Connection, key: number, ttlMs: number | null): Promise<boolean> {
    const { verifier, values } = this.#plan;
    const { namespace, name } = this.nameOf(key);
    const begun = verifier?.beginSet(key);
    const value = begun?.value ?? values.of(key, this.#seq++);
    this.#isWritten[key] = 1;
    await this.#noting(begun?.underway, connection.set(namespace, name, value, ttlMs));
    if (begun !== undefined) verifier?.endSet(begun.underway);
    return true;
  }

  async #delete(connection: Connection, key: number): Promise<boolean> {
    const { verifier } = this.#plan;
    const { namespace, name } = this.nameOf(key);
    const underway = verifier?.beginDelete(key);
    const existed = await this.#noting(underway, connection.delete(namespace, name));
    if (underway !== undefined) verifier?.endDelete(underway, existed);
    return existed;
  }

  /** Tells the verifier when an operation fails. */
  async #noting<T>(underway: Underway | undefined, reply: Promise<T>): Promise<T> {
    const { verifier } = this.#plan;
    if (verifier === null || underway === undefined) return reply;
    try {
      return await reply;
    } catch (error) {
      verifier.fail(underway, error instanceof OperationError ? error.outcome : "unknown");
      throw error;
    }
  }

  async #removeKeys(): Promise<void> {
    const batches = this.#batches();
    await Promise.all(
      this.#connections.slice(0, REMOVERS).map(async (connection) => {
        for (const { namespace, names } of batches) await connection.deleteMany(namespace, names);
      }),
    );
  }

  *#batches(): Generator<{ readonly namespace: string; readonly names: readonly string[] }> {
    const { namespaces } = this.#plan;
    for (const [offset, namespace] of namespaces.entries()) {
      let names: string[] = [];
      for (let key = offset; key < this.#isWritten.length; key += namespaces.length) {
        if (this.#isWritten[key] === 0) continue;
        names.push(this.nameOf(key).name);
        if (names.length < REMOVED_AT_ONCE) continue;
        yield { namespace, names };
        names = [];
      }
      if (names.length > 0) yield { namespace, names };
    }
  }
}
