import { expect, test } from "vitest";
import { closedLoop, openLoop, type Schedule } from "./schedule.ts";

const START = { startMs: 1000, operations: null, durationMs: null };

/** Takes at each of the times; null where there was none. */
function takeAt(schedule: Schedule, times: readonly number[]): (number | null)[] {
  return times.map((nowMs) => schedule.take(nowMs));
}

test("a closed loop starts an operation when it is asked for one", () => {
  expect(takeAt(closedLoop(START), [1000, 1003, 1003])).toEqual([1000, 1003, 1003]);
});

test("a closed loop ends after so many operations", () => {
  const schedule = closedLoop({ ...START, operations: 2 });
  expect(takeAt(schedule, [1000, 1001, 1002, 1003])).toEqual([1000, 1001, null, null]);
});

test("a closed loop ends after its time, and owes nothing", () => {
  const schedule = closedLoop({ ...START, durationMs: 10 });
  expect(takeAt(schedule, [1009, 1010])).toEqual([1009, null]);
  expect(schedule.overdue(1010)).toBe(0);
});

test("an open loop's operations are due at even intervals, however late they are taken", () => {
  const schedule = openLoop(START, 1000);
  expect(takeAt(schedule, [1000, 1000, 1500, 1500])).toEqual([1000, 1001, 1002, 1003]);
});

test("intervals of an open loop do not add up rounding errors", () => {
  const schedule = openLoop({ ...START, startMs: 0 }, 3);
  let last = 0;
  for (let i = 0; i <= 3_000_000; i++) last = schedule.take(0)!;
  expect(last).toBe(1_000_000_000);
});

test("an open loop has no operation that would be due after its time", () => {
  const schedule = openLoop({ ...START, durationMs: 3 }, 1000);
  expect(takeAt(schedule, [1000, 1000, 1000, 1000])).toEqual([1000, 1001, 1002, null]);
});

test("an open loop ends at its time, and tells what was due and not taken", () => {
  const schedule = openLoop({ ...START, durationMs: 10 }, 1000);
  expect(takeAt(schedule, [1000, 1005, 1010])).toEqual([1000, 1001, null]);
  expect(schedule.overdue(1010)).toBe(8);
  expect(schedule.overdue(2000)).toBe(8);
});

test("stopped in between, an open loop owes what was due by then", () => {
  const schedule = openLoop({ ...START, operations: 100 }, 1000);
  schedule.take(1000);
  expect(schedule.overdue(1004)).toBe(3);
  expect(schedule.overdue(5000)).toBe(99);
});

test("how many operations are due does not hang on the last bit of the clock", () => {
  for (let i = 0; i < 2000; i++) {
    const startMs = 1000 + i * 7.123456789;
    const durationMs = 100 + i;
    const schedule = openLoop({ startMs, operations: null, durationMs }, 400);
    const due = Math.ceil(durationMs * 0.4);
    expect(schedule.overdue(startMs + durationMs)).toBe(due);
    let taken = 0;
    while (schedule.take(startMs) !== null) taken++;
    expect(taken).toBe(due);
  }
});
