import { expect, test } from "vitest";
import { PollingPacer } from "./pacer.ts";

/** An event loop by hand: a round takes a tenth of a millisecond, timers are a millisecond late. */
class Loop {
  nowMs = 0;
  #soon: (() => void)[] = [];
  #timers: { atMs: number; run: () => void }[] = [];

  readonly monotonicMs = () => this.nowMs;
  readonly soon = (run: () => void) => void this.#soon.push(run);
  readonly after = (delayMs: number, run: () => void) => {
    const timer = { atMs: Math.ceil(this.nowMs + delayMs) + 1, run };
    this.#timers.push(timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((it) => it !== timer)) };
  };

  get timers(): number {
    return this.#timers.length;
  }

  /** Goes round until a time; returns when each wait ended. */
  async run(untilMs: number, waits: readonly Promise<void>[]): Promise<(number | null)[]> {
    const ended = waits.map((): number | null => null);
    waits.forEach((wait, i) => void wait.then(() => (ended[i] = this.nowMs)));
    while (this.nowMs < untilMs) {
      this.nowMs = Math.round((this.nowMs + 0.1) * 10) / 10;
      const due = this.#timers.filter(({ atMs }) => atMs <= this.nowMs);
      this.#timers = this.#timers.filter((it) => !due.includes(it));
      const soon = this.#soon;
      this.#soon = [];
      for (const run of [...due.map((it) => it.run), ...soon]) run();
      await Promise.resolve();
    }
    return ended;
  }
}

test("waits end when they are due, although timers are late", async () => {
  const loop = new Loop();
  const pacer = new PollingPacer(loop, loop);
  const waits = [0.4, 0.4, 3.7, 20.3].map((dueMs) => pacer.until(dueMs));
  expect(await loop.run(25, waits)).toEqual([0.4, 0.4, 3.7, 20.3]);
});

test("what is past needs no wait", async () => {
  const loop = new Loop();
  loop.nowMs = 5;
  const pacer = new PollingPacer(loop, loop);
  await pacer.until(5);
  await pacer.until(3);
});

test("a wait may begin after all others have ended", async () => {
  const loop = new Loop();
  const pacer = new PollingPacer(loop, loop);
  expect(await loop.run(2, [pacer.until(1)])).toEqual([1]);
  expect(await loop.run(9, [pacer.until(8.5)])).toEqual([8.5]);
});

test("stopping ends all waits, and those that come later", async () => {
  const loop = new Loop();
  const pacer = new PollingPacer(loop, loop);
  const wait = pacer.until(1_000_000);
  expect(loop.timers).toBe(1);
  pacer.stop();
  await wait;
  await pacer.until(1_000_000);
  expect(loop.timers).toBe(0);
});
