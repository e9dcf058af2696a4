/** The runner over a target of the test's, with a simulated clock. */
import { expect, test } from "vitest";
import type { Pacer } from "./pacer.ts";
import { Runner, type Phase, type RunnerPlan } from "./runner.ts";
import { OperationError, type Connection, type Target } from "./target.ts";
import { Values } from "./values.ts";

/** Time that jumps to whatever is due next; as a pacer it wakes waits, in order. */
class Time implements Pacer {
  nowMs = 0;
  readonly monotonicMs = () => this.nowMs;
  #waiting: { dueMs: number; wake: () => void }[] = [];
  #isRunning = false;

  readonly until = (dueMs: number): Promise<void> =>
    new Promise((wake) => {
      this.#waiting.push({ dueMs, wake });
      if (!this.#isRunning) void this.#run();
    });
  readonly after = (ms: number): Promise<void> => this.until(this.nowMs + ms);

  stop(): void {
    for (const { wake } of this.#waiting.splice(0)) wake();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#waiting.sort((a, b) => a.dueMs - b.dueMs).shift();
      if (next === undefined) break;
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.wake();
    }
    this.#isRunning = false;
  }
}

/** A server that answers after `serviceMs(now)`; connections queue for nothing. */
class FakeTarget implements Target {
  readonly name = "fake";
  readonly sent: string[] = [];
  readonly deleted: string[] = [];
  readonly #answer: () => Promise<void>;

  constructor(answer: () => Promise<void>) {
    this.#answer = answer;
  }

  connection(): Connection {
    const note = async (text: string): Promise<void> => {
      this.sent.push(text);
      await this.#answer();
    };
    return {
      get: async (namespace, key) => (await note(`get ${namespace} ${key}`), null),
      set: (namespace, key, _value, ttlMs) => note(`set ${namespace} ${key} ${ttlMs}`),
      delete: async (namespace, key) => (await note(`delete ${namespace} ${key}`), true),
      deleteMany: (namespace, keys) => {
        this.deleted.push(...keys.map((key) => `${namespace} ${key}`));
        return Promise.resolve();
      },
      close: () => undefined,
    };
  }
}

function makeRunner(time: Time, target: Target, more: Partial<RunnerPlan> = {}): Runner {
  return new Runner({
    ...{ target, connections: 1, namespaces: ["default"], keyPrefix: "k", keys: 10 },
    values: new Values({ min: 10, max: 10 }),
    verifier: null,
    clock: time,
    pacer: time,
    sleep: time.after,
    signal: new AbortController().signal,
    ...more,
  });
}

const GETS: Phase = {
  operations: null,
  durationMs: null,
  perSecond: null,
  operation: () => "get",
  key: () => 0,
  ttlMs: null,
};

test("a closed loop hides a stall: one slow operation in a thousand", async () => {
  const time = new Time();
  let count = 0;
  const target = new FakeTarget(() => time.after(count++ === 50 ? 1000 : 1));
  const figures = await makeRunner(time, target).run({ ...GETS, operations: 1000 });
  expect(figures.latency).toMatchObject({
    count: 1000,
    maxMs: 1000,
    p99Ms: expect.closeTo(1, 1) as number,
  });
});

test("an open loop counts a stall in every operation that it delayed", async () => {
  const time = new Time();
  let count = 0;
  const target = new FakeTarget(() => time.after(count++ === 50 ? 1000 : 1));
  const phase = { ...GETS, operations: 1000, perSecond: 100 };
  const figures = await makeRunner(time, target).run(phase);
  // 100 operations were due during the stall; the last of them waited least. The queue that had
  // built up was worked off at 1 ms each, while 10 ms apart new ones came.
  expect(figures.latency.maxMs).toBe(1000);
  expect(figures.latency.p50Ms).toBeLessThan(2);
  expect(figures.latency.p95Ms).toBeGreaterThan(500);
  expect(figures.latency.p99Ms).toBeGreaterThan(850);
  // From when they were sent, it is one operation alone, as in a closed loop.
  expect(figures.service).toMatchObject({ maxMs: 1000, p99Ms: expect.closeTo(1, 1) as number });
  expect(figures.elapsedMs).toBeCloseTo(9991, 0);
});

test("operations that are late are sent at once, and end in the order of the schedule", async () => {
  const time = new Time();
  const ends: number[] = [];
  const target = new FakeTarget(async () => {
    await time.after(ends.length === 0 ? 35 : 1);
    ends.push(time.nowMs);
  });
  await makeRunner(time, target).run({ ...GETS, operations: 6, perSecond: 100 });
  expect(ends).toEqual([35, 36, 37, 38, 41, 51]);
});

test("what a duration left unsent is told", async () => {
  const time = new Time();
  const target = new FakeTarget(() => time.after(100));
  const phase = { ...GETS, durationMs: 1000, perSecond: 100 };
  const figures = await makeRunner(time, target, { connections: 2 }).run(phase);
  expect(figures.operations).toBe(20);
  expect(figures.unsent).toBe(80);
});

test("keys go round the namespaces, with their time to live, and are deleted at the end", async () => {
  const time = new Time();
  const target = new FakeTarget(() => time.after(1));
  const runner = makeRunner(time, target, { namespaces: ["a", "b"], keys: 4 });
  let key = 0;
  const phase: Phase = {
    ...GETS,
    operations: 3,
    operation: () => "set",
    key: () => key++,
    ttlMs: 5,
  };
  await runner.run(phase);
  expect(target.sent).toEqual(["set a k0 5", "set b k1 5", "set a k2 5"]);
  expect(await runner.tryRemoveKeys()).toBeNull();
  expect(target.deleted).toEqual(["a k0", "a k2", "b k1"]);
});

test("errors are counted by kind and end nothing; nobody listening slows the worker down", async () => {
  const time = new Time();
  let count = 0;
  const target = new FakeTarget(async () => {
    await time.after(1);
    count++;
    if (count % 2 === 0) throw new OperationError("HTTP 503", "refused");
    if (count > 10) throw new OperationError("refused", "refused", { isUnreachable: true });
  });
  const figures = await makeRunner(time, target).run({ ...GETS, durationMs: 3000 });
  expect(figures.operations).toBe(5);
  expect(figures.errors).toBeLessThan(50);
  expect(figures.errorKinds.map(({ kind }) => kind).sort()).toEqual(["HTTP 503", "refused"]);
});

test("a signal stops all workers, those that wait among them", async () => {
  const time = new Time();
  const stop = new AbortController();
  const target = new FakeTarget(async () => {
    await time.after(1);
    if (target.sent.length === 3) stop.abort();
  });
  const runner = makeRunner(time, target, { connections: 4, signal: stop.signal });
  const figures = await runner.run({ ...GETS, perSecond: 10 });
  expect(figures.operations).toBe(3);
});

test("what is no error of an operation is a bug, and not counted away", async () => {
  const time = new Time();
  const target = new FakeTarget(() => Promise.reject(new TypeError("bug")));
  await expect(makeRunner(time, target).run({ ...GETS, operations: 1 })).rejects.toThrow("bug");
});
