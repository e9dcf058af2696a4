/**
 * The journal of a store that keeps nothing.
 */
import { expect, test } from "vitest";
import { MemoryJournal } from "./journal.ts";

test("every append is acknowledged at once and gets the next seq", async () => {
  const journal = new MemoryJournal(5);
  expect([journal.admit(), journal.append(), journal.append()]).toEqual(["ok", 5, 6]);
  expect([journal.lastSeq, journal.nextSeq, journal.ackSeq >= 6]).toEqual([6, 7, true]);
  await Promise.all([journal.acknowledged(), journal.flush(), journal.room(), journal.retire()]);
  expect(journal.stats()).toMatchObject({ fsync: null, recordsSinceRoll: 2, bytes: 0 });
});

test("a roll gives the last seq and starts the count anew", async () => {
  const journal = new MemoryJournal();
  journal.append();
  expect(await journal.roll()).toBe(1);
  expect(journal.stats().recordsSinceRoll).toBe(0);
});

test("a closed one refuses", async () => {
  const journal = new MemoryJournal();
  await journal.close();
  expect(journal.admit()).toMatchObject({ code: "SHUTTING_DOWN" });
  await expect(journal.room()).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
});
