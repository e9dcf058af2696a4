/** The connection: retries that are put off, silence, hiding, and what was missed. */
import { expect, test } from "vitest";
import { Stream } from "./stream.ts";
import type { Connection, Source, SourceEvent } from "./stream.ts";

class TestSource implements Source {
  readonly url: string;
  isClosed = false;
  readonly #listeners = new Map<string, (event: SourceEvent) => void>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: (event: SourceEvent) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.isClosed = true;
  }

  emit(type: string, lastEventId = "", data: unknown = {}): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data), lastEventId });
  }
}

function start() {
  const sources: TestSource[] = [];
  const states: Connection[] = [];
  const received: string[] = [];
  const timers = new Set<{ atMs: number; run: () => void }>();
  let nowMs = 0;
  const stream = new Stream(
    "/events",
    {
      open: (url) => {
        const source = new TestSource(url);
        sources.push(source);
        return source;
      },
      nowMs: () => nowMs,
      random: () => 1,
      after: (delayMs, run) => {
        const timer = { atMs: nowMs + delayMs, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    {
      connection: (state) => states.push(state),
      history: () => received.push("history"),
      sample: () => received.push("sample"),
    },
  );
  const advance = (ms: number): void => {
    nowMs += ms;
    for (const timer of [...timers].sort((a, b) => a.atMs - b.atMs)) {
      if (timer.atMs <= nowMs && timers.delete(timer)) timer.run();
    }
  };
  stream.connect();
  const source = () => sources.at(-1)!;
  return { stream, sources, states, received, advance, source };
}

test("what arrives is handed on, and makes the connection live", () => {
  const { source, states, received } = start();
  source().emit("history", "a-1");
  source().emit("sample", "a-2");
  expect(received).toEqual(["history", "sample"]);
  expect(states.at(-1)).toEqual({ status: "live" });
});

test("each failure in a row puts the next try off for longer, up to 15 s", () => {
  const { source, states, advance } = start();
  const delays: number[] = [];
  let nowMs = 0;
  for (let i = 0; i < 8; i++) {
    source().emit("error");
    const state = states.at(-1)!;
    if (state.status !== "waiting") throw new Error("must wait");
    expect(state.failures).toBe(i + 1);
    delays.push(state.retryAtMs - nowMs);
    advance(state.retryAtMs - nowMs);
    nowMs = state.retryAtMs;
  }
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("what arrives ends the row of failures", () => {
  const { source, states, advance } = start();
  source().emit("error");
  advance(500);
  source().emit("history", "a-1");
  source().emit("error");
  expect(states.at(-1)).toMatchObject({ status: "waiting", failures: 1 });
});

test("a new connection asks for what was missed", () => {
  const { source, advance } = start();
  expect(source().url).toBe("/events");
  source().emit("sample", "run-41");
  source().emit("error");
  advance(500);
  expect(source().url).toBe("/events?since=run-41");
});

test("silence counts as a failure, and the old connection is closed", () => {
  const { sources, source, states, advance } = start();
  source().emit("sample", "a-1");
  advance(5_999);
  expect(states.at(-1)).toEqual({ status: "live" });
  advance(1);
  expect(sources[0]!.isClosed).toBe(true);
  expect(states.at(-1)).toMatchObject({ status: "waiting" });
});

test("a page that is hidden for a minute lets go, and comes back at once", () => {
  const { stream, sources, source, states, advance } = start();
  stream.setVisible(false);
  for (let i = 0; i < 60; i++) {
    source().emit("sample", "a-1");
    advance(1000);
  }
  expect(states.at(-1)).toEqual({ status: "resting" });
  expect(sources).toHaveLength(1);
  expect(source().isClosed).toBe(true);
  stream.setVisible(true);
  expect(sources).toHaveLength(2);
});

test("a page that is hidden for a moment keeps its connection", () => {
  const { stream, sources, source, advance } = start();
  source().emit("sample", "a-1");
  stream.setVisible(false);
  advance(5000);
  stream.setVisible(true);
  source().emit("sample", "a-2");
  advance(5000);
  expect(sources).toHaveLength(1);
  expect(source().isClosed).toBe(false);
});

test("what a connection says after it was given up is not heard", () => {
  const { stream, sources, received } = start();
  stream.connect();
  sources[0]!.emit("sample", "old");
  sources[0]!.emit("error");
  expect(received).toEqual([]);
  expect(sources).toHaveLength(2);
});
