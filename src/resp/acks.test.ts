import { expect, test } from "vitest";
import type { Journal } from "../log/journal.ts";
import { Acks } from "./acks.ts";
import type { Waiting } from "./acks.ts";

/** A journal that acknowledges, or fails, when the test says so. */
function testJournal() {
  const asked: { seq: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  const journal = {
    ackSeq: 0,
    acknowledged: (seq: number) =>
      new Promise<void>((resolve, reject) => asked.push({ seq, resolve, reject })),
  };
  const acknowledge = async (seq: number) => {
    journal.ackSeq = seq;
    asked.shift()!.resolve();
    await Promise.resolve();
  };
  return { asked, acknowledge, acks: new Acks(journal as unknown as Journal) };
}

function waiting(barrier: number, events: string[], again?: () => void): Waiting {
  return {
    barrier,
    release: (ackSeq) => {
      events.push(`${barrier} by ${ackSeq}`);
      again?.();
    },
    fail: (error) => events.push(`${barrier}: ${error.message}`),
  };
}

test("asks the journal once for all who wait", async () => {
  const { asked, acknowledge, acks } = testJournal();
  const events: string[] = [];
  acks.wait(waiting(3, events));
  acks.wait(waiting(4, events));
  acks.wait(waiting(5, events));
  expect(asked.map(({ seq }) => seq)).toEqual([3]);
  await acknowledge(5);
  expect(events).toEqual(["3 by 5", "4 by 5", "5 by 5"]);
  expect(asked).toEqual([]);
});

test("asks again for those who have more to wait for", async () => {
  const { asked, acknowledge, acks } = testJournal();
  const events: string[] = [];
  const second = waiting(9, events);
  acks.wait(waiting(3, events, () => acks.wait(second)));
  await acknowledge(3);
  expect(asked.map(({ seq }) => seq)).toEqual([9]);
  await acknowledge(9);
  expect(events).toEqual(["3 by 3", "9 by 9"]);
});

test("serves those who come between two acknowledgements", async () => {
  const { asked, acknowledge, acks } = testJournal();
  const events: string[] = [];
  for (const barrier of [1, 2, 3]) {
    acks.wait(waiting(barrier, events));
    await acknowledge(barrier);
  }
  expect(events).toEqual(["1 by 1", "2 by 2", "3 by 3"]);
  expect(asked).toEqual([]);
});

test("tells all who wait that the journal has failed, and asks anew for later ones", async () => {
  const { asked, acks } = testJournal();
  const events: string[] = [];
  acks.wait(waiting(1, events));
  acks.wait(waiting(2, events));
  asked.shift()!.reject(new Error("disk"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual(["1: disk", "2: disk"]);
  acks.wait(waiting(3, events));
  expect(asked.map(({ seq }) => seq)).toEqual([3]);
});
