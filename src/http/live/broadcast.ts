/**
 * Sends each second's sample to everybody who follows the events.
 *
 * The text is made once for all of them, and not at all while nobody listens. Who does not read is
 * dropped as soon as a megabyte waits for him: he comes back by himself and is told what he missed. The
 * samples are the heartbeat: a connection that was silent for some seconds is dead.
 *
 * An event's id is the run of the server and the number of the sample, so that a client that comes
 * back after a restart gets the whole history and not a gap.
 */
import type { ServerResponse } from "node:http";
import type { HttpContext } from "../context.ts";
import { historyText, sampleText } from "./render.ts";
import { INTERVAL_MS, Sampler } from "./sampler.ts";

export const SUBSCRIBERS_MAX = 64;
const WAITING_BYTES_MAX = 1024 * 1024;
/** How soon a browser tries again. */
const RETRY_MS = 2000;

export class Broadcast {
  readonly #context: HttpContext;
  readonly #sampler: Sampler;
  readonly #subscribers = new Set<ServerResponse>();
  /** Of this run of the server. */
  readonly #run: string;
  readonly #startedMs: number;
  #ticks = 0;
  #cancel: () => void;

  constructor(context: HttpContext) {
    this.#context = context;
    this.#sampler = new Sampler(context);
    this.#run = Math.trunc(context.clock.nowMs()).toString(36);
    this.#startedMs = context.clock.monotonicMs();
    this.#cancel = this.#arm();
  }

  get isFull(): boolean {
    return this.#subscribers.size >= SUBSCRIBERS_MAX;
  }

  /** Sends what came after the event `since` (empty for all there is), then every sample. */
  subscribe(response: ServerResponse, since: string): void {
    this.#subscribers.add(response);
    response.once("close", () => this.#subscribers.delete(response));
    const text = historyText(this.#context, this.#sampler, this.#firstAfter(since));
    response.write(`retry: ${RETRY_MS}\n${this.#event("history", text)}`);
  }

  /** Ends all connections; there are no more samples. */
  close(): void {
    this.#cancel();
    for (const response of this.#subscribers) response.end();
    this.#subscribers.clear();
  }

  #tick(): void {
    // Armed first: whatever a sample may throw, the next one comes.
    this.#cancel = this.#arm();
    this.#sampler.sample();
    if (this.#subscribers.size === 0) return;
    const event = this.#event("sample", sampleText(this.#context, this.#sampler));
    for (const response of this.#subscribers) {
      if (response.writableLength > WAITING_BYTES_MAX) response.destroy();
      else response.write(event);
    }
  }

  /** On the second, and not a second after the last one ended; what was missed is left out. */
  #arm(): () => void {
    const elapsedMs = this.#context.clock.monotonicMs() - this.#startedMs;
    this.#ticks = Math.max(this.#ticks + 1, Math.ceil(elapsedMs / INTERVAL_MS));
    const delayMs = Math.max(0, this.#ticks * INTERVAL_MS - elapsedMs);
    const timer = this.#context.timers.after(delayMs, () => this.#tick());
    return () => timer.cancel();
  }

  #event(name: string, data: string): string {
    return `id: ${this.#run}-${this.#sampler.ring.count}\nevent: ${name}\ndata: ${data}\n\n`;
  }

  /** The number of the first sample that a client has not seen. */
  #firstAfter(id: string): number {
    const [run, count] = id.split("-");
    if (run !== this.#run || count === undefined || !/^\d+$/.test(count)) return 0;
    return Number(count);
  }
}
