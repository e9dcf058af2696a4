import { expect, test } from "vitest";
import { History } from "./history.ts";
import { COLUMNS } from "./types.ts";
import type { Columns, HistoryEvent, SampleEvent } from "./types.ts";

const NOW = { namespaces: [] } as unknown as SampleEvent["now"];

function historyOf(times: readonly number[], namespaces = {}): HistoryEvent {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, times])) as Columns;
  return { interval_seconds: 1, columns, namespaces, now: NOW };
}

function sampleOf(time: number, now = NOW): SampleEvent {
  const figures = Object.fromEntries(COLUMNS.map((name) => [name, time]));
  return { figures: figures as SampleEvent["figures"], now };
}

test("the history and the samples behind it make one row of seconds", () => {
  const history = new History();
  history.join(historyOf([1, 2, 3]));
  history.push(sampleOf(4));
  expect(history.column("keys")).toEqual([1, 2, 3, 4]);
  expect(history.last().keys).toBe(4);
});

test("what is known already is not added again when the connection is back", () => {
  const history = new History();
  history.join(historyOf([1, 2, 3]));
  history.join(historyOf([2, 3, 4, 5]));
  history.join(historyOf([4, 5]));
  expect(history.column("time_ms")).toEqual([1, 2, 3, 4, 5]);
});

test("no more than 900 seconds are kept", () => {
  const history = new History();
  history.join(historyOf(Array.from({ length: 900 }, (_, i) => i)));
  for (let i = 900; i < 910; i++) history.push(sampleOf(i));
  expect(history.length).toBe(900);
  expect(history.column("rest_ops")[0]).toBe(10);
});

test("namespaces go on from their history, and those that are not told of any more are forgotten", () => {
  const history = new History();
  history.join(historyOf([1], { a: [1, 2], b: [3] }));
  const figures = [{ name: "a", reads_per_second: 5 }];
  history.push(sampleOf(2, { namespaces: figures } as unknown as SampleEvent["now"]));
  expect(history.namespace("a")).toEqual([1, 2, 5]);
  expect(history.namespace("b")).toEqual([]);
});
