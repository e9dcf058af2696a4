/**
 * What the store does in the background: expired keys, cleared namespaces, sparse memory, and the
 * question whether the log has grown long enough for a snapshot.
 *
 * It wakes every `cleanupIntervalMs`, or less often while no key is about to expire, works in slices of
 * at most SLICE_MS, and lets the event loop turn between two slices until it has caught up. Nothing
 * here is needed for a reply to be right: an expired key is never returned, swept or not. But who has
 * asked to be told when a key expires hears of it no sooner than it is swept.
 */
import type { Clock } from "../base/clock.ts";
import { DELETE_REASON } from "../format/record.ts";
import { NAMESPACE_TOTAL } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Engine } from "./engine.ts";
import type { MemoryLimit } from "./memory-limit.ts";

/** A slice ends after this long; the longest allowed hold of the event loop is 5 ms. */
const SLICE_MS = 2;
/** Steps between two looks at the clock. */
const STEPS = 64;
/** Moves within the timing wheel before the clock is looked at: each is about a microsecond. */
const WHEEL_STEPS_MAX = 256;

/** Between wakings while nothing is due soon: to wake an idle process costs about 0.1 ms. */
const IDLE_INTERVAL_MS = 100;

export interface MaintenanceOptions {
  readonly engine: Engine;
  readonly memoryLimit: MemoryLimit;
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Called at every waking. */
  readonly onWake: () => void;
}

export class Maintenance {
  readonly #options: MaintenanceOptions;
  #timer: NodeJS.Timeout | null = null;
  #intervalMs = 0;
  #immediate: NodeJS.Immediate | null = null;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  start(): void {
    this.#wakeEvery(this.#options.intervalMs);
  }

  stop(): void {
    this.#options.engine.table.wheel.onNear = null;
    this.#intervalMs = 0;
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
  }

  /** One slice; true when there is more to do now. */
  slice(): boolean {
    const { engine, memoryLimit, clock } = this.#options;
    const endMs = clock.monotonicMs() + SLICE_MS;
    const isOver = (): boolean => clock.monotonicMs() >= endMs;
    return (
      sweepExpired(engine, clock.nowMs(), isOver) ||
      memoryLimit.slice(isOver) ||
      reap(engine, isOver) ||
      defragment(engine, isOver)
    );
  }

  #wake(): void {
    this.#options.onWake();
    this.#pace();
    if (this.#immediate === null && !this.#turn()) this.#dealAhead();
  }

  /** Wakes less often until a key is due soon. */
  #pace(): void {
    const { engine, intervalMs } = this.#options;
    const { wheel } = engine.table;
    if (wheel.hasNear) return;
    this.#wakeEvery(Math.max(intervalMs, IDLE_INTERVAL_MS));
    wheel.onNear = () => {
      wheel.onNear = null;
      this.#wakeEvery(intervalMs);
    };
  }

  #wakeEvery(intervalMs: number): void {
    if (intervalMs === this.#intervalMs) return;
    this.#intervalMs = intervalMs;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#wake(), intervalMs);
    this.#timer.unref();
  }

  /** One slice a waking is enough: there is as much time as a list of the wheel spans. */
  #dealAhead(): void {
    const { engine, clock } = this.#options;
    const endMs = clock.monotonicMs() + SLICE_MS;
    while (engine.table.wheel.dealAhead(STEPS)) if (clock.monotonicMs() >= endMs) return;
  }

  /** True when there is more to do, in the next turn of the event loop. */
  #turn(): boolean {
    const hasMore = this.slice();
    this.#immediate = hasMore ? setImmediate(() => this.#turn()) : null;
    return hasMore;
  }
}

/**
 * Removes keys past their deadline, each with a record in the log, until there is none, the log
 * takes no more for now, or `isOver`. True when there is more to do now.
 */
export function sweepExpired(engine: Engine, nowMs: number, isOver: () => boolean): boolean {
  const { wheel } = engine.table;
  for (let done = 1; ; done++) {
    const slot = wheel.due(nowMs, WHEEL_STEPS_MAX);
    if (slot === NO_SLOT) {
      if (wheel.caughtUp(nowMs)) return false;
    } else if (!expire(engine, slot)) return false;
    if ((slot === NO_SLOT || done % STEPS === 0) && isOver()) return true;
  }
}

/** False when the log takes no record now. */
function expire(engine: Engine, slot: SlotRef): boolean {
  const { table, journal } = engine;
  const namespace = table.namespaceOf(slot);
  if (table.namespaces.isDying(namespace)) {
    // The log knows already: its namespace was cleared.
    table.remove(slot, 0);
    return true;
  }
  if (journal.admit(engine.removalBytes(slot)) !== "ok") return false;
  table.count(namespace, NAMESPACE_TOTAL.expired);
  engine.remove(slot, DELETE_REASON.expired);
  return true;
}

function reap(engine: Engine, isOver: () => boolean): boolean {
  while (engine.table.reap(STEPS) > 0) if (isOver()) return true;
  return false;
}

function defragment(engine: Engine, isOver: () => boolean): boolean {
  while (engine.table.defragment(STEPS)) if (isOver()) return true;
  return false;
}
