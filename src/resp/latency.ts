/**
 * LATENCY: what has held the server up of late, by the kind of event: `command` and `fast-command`,
 * and `aof-fsync-always` or `aof-write` for a group commit of the log.
 *
 * As in Redis: of the events of one second the longest is kept, and so many seconds of each kind.
 */
const SAMPLES_MAX = 160;

export type LatencyEvent = "command" | "fast-command" | "aof-fsync-always" | "aof-write";

export interface LatencySample {
  /** Since 1970. */
  readonly seconds: number;
  durationMs: number;
}

export interface LatencyRecord {
  readonly samples: LatencySample[];
  maxMs: number;
}

export class LatencyMonitor {
  readonly #events = new Map<string, LatencyRecord>();

  /** @param nowMs since 1970 */
  add(event: LatencyEvent, durationMs: number, nowMs: number): void {
    const roundedMs = Math.round(durationMs);
    const seconds = Math.floor(nowMs / 1000);
    const record = this.#events.get(event) ?? { samples: [], maxMs: 0 };
    this.#events.set(event, record);
    record.maxMs = Math.max(record.maxMs, roundedMs);
    const last = record.samples.at(-1);
    if (last?.seconds === seconds) last.durationMs = Math.max(last.durationMs, roundedMs);
    else record.samples.push({ seconds, durationMs: roundedMs });
    if (record.samples.length > SAMPLES_MAX) record.samples.shift();
  }

  get events(): ReadonlyMap<string, LatencyRecord> {
    return this.#events;
  }

  /** Oldest first; empty for what has not happened. */
  samples(event: string): readonly LatencySample[] {
    return this.#events.get(event)?.samples ?? [];
  }

  /** Forgets one kind of event; false when there was none. */
  reset(event: string): boolean {
    return this.#events.delete(event);
  }
}
