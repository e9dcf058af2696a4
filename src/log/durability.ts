/**
 * What has been written, what of it is durable, and the syncs that turn the one into the other.
 *
 * A sync makes durable what had been written when it began. One runs at a time; who asks for one
 * while it runs shares it, and asks again if that was too early. A failed one is never repeated.
 */
import { SYNC_INTERVAL_MS } from "./log-options.ts";
import type { Timer, Timers } from "../base/timers.ts";

export interface DurabilityEvents {
  /** Syncs the file that is written to. */
  syncFile(): Promise<void>;
  /** More is durable than before. */
  advanced(): void;
  failure(cause: unknown): void;
  hasFailed(): boolean;
}

export class Durability {
  writtenSeq: number;
  durableSeq: number;
  /** Bytes of records since the start. */
  writtenBytes = 0;
  durableBytes = 0;
  syncs = 0;
  readonly #timers: Timers;
  readonly #events: DurabilityEvents;
  #syncing: Promise<void> | null = null;
  #exclusive: Promise<void> | null = null;
  #timer: Timer | null = null;

  constructor(lastSeq: number, timers: Timers, events: DurabilityEvents) {
    this.writtenSeq = lastSeq;
    this.durableSeq = lastSeq;
    this.#timers = timers;
    this.#events = events;
  }

  get isBehind(): boolean {
    return this.durableSeq < this.writtenSeq;
  }

  wrote(seq: number, bytes: number): void {
    this.writtenSeq = seq;
    this.writtenBytes += bytes;
  }

  /** All that is written has been synced since it was. */
  caughtUp(): void {
    this.#reached(this.writtenSeq, this.writtenBytes);
  }

  /** Makes durable what has been written, or shares in what does so already. Never rejects. */
  sync(): Promise<void> {
    if (this.#exclusive !== null) return this.#exclusive;
    this.#syncing ??= this.#sync().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  /** Syncs within SYNC_INTERVAL_MS from the first call on. */
  syncSoon(): void {
    this.#timer ??= this.#timers.after(SYNC_INTERVAL_MS, () => {
      this.#timer = null;
      if (this.#events.hasFailed() || !this.isBehind) return;
      // A sync that was under way already may have begun before the last write.
      void this.sync().then(() => {
        if (!this.#events.hasFailed() && this.isBehind) this.syncSoon();
      });
    });
  }

  cancel(): void {
    this.#timer?.cancel();
  }

  /** Resolves when no sync is under way. */
  async settled(): Promise<void> {
    await this.#syncing;
  }

  /**
   * Does `work`, which makes durable all that is written, with no other sync beside it: one of the
   * next segment must not speak for the last one. Nothing may be written meanwhile. Never rejects.
   */
  async exclusively(work: () => Promise<void>): Promise<void> {
    this.#exclusive = this.#workAlone(work);
    await this.#exclusive;
    this.#exclusive = null;
  }

  async #workAlone(work: () => Promise<void>): Promise<void> {
    try {
      await this.#syncing;
      if (this.#events.hasFailed()) return;
      await work();
    } catch (cause) {
      return this.#events.failure(cause);
    }
    this.caughtUp();
  }

  async #sync(): Promise<void> {
    const { writtenSeq, writtenBytes } = this;
    try {
      await this.#events.syncFile();
    } catch (cause) {
      return this.#events.failure(cause);
    }
    this.syncs += 1;
    this.#reached(writtenSeq, writtenBytes);
    this.#events.advanced();
  }

  #reached(seq: number, bytes: number): void {
    this.durableSeq = Math.max(this.durableSeq, seq);
    this.durableBytes = Math.max(this.durableBytes, bytes);
  }
}
