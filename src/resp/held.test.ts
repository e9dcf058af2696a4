import { expect, test } from "vitest";
import { HeldReplies } from "./held.ts";

function add(held: HeldReplies, text: string, barrier: number, replies = 1): void {
  // In the middle of a buffer that is used again, as the door's output is.
  const bytes = Buffer.from(`<${text}>`, "latin1");
  held.add(bytes, 1, bytes.length - 1, barrier, replies);
  bytes.fill(0xff);
}

/** What is sent when the log has come that far. */
function released(held: HeldReplies, ackSeq: number, isFree = true): string {
  let sent = "";
  held.release(ackSeq, (bytes, length) => {
    sent += bytes.toString("latin1", 0, length);
    return isFree;
  });
  return sent;
}

test("releases what waits for no more than is acknowledged, in order", () => {
  const held = new HeldReplies();
  add(held, "a", 5);
  add(held, "b", 7);
  add(held, "c", 9);
  expect(released(held, 4)).toBe("");
  expect(released(held, 7)).toBe("ab");
  expect(held.barrier).toBe(9);
  expect(released(held, 9)).toBe("c");
  expect([held.isEmpty, held.bytes, held.barrier]).toEqual([true, 0, 0]);
});

test("sends what waits for nothing behind what waits, never before it", () => {
  const held = new HeldReplies();
  add(held, "write", 5);
  add(held, "read", 0);
  add(held, "later", 6);
  expect(released(held, 5)).toBe("writeread");
  expect(released(held, 6)).toBe("later");
});

test("takes more while some of it is released", () => {
  const held = new HeldReplies();
  add(held, "a", 1);
  add(held, "b", 2);
  expect(released(held, 1)).toBe("a");
  add(held, "c", 3);
  expect(held.bytes).toBe(2);
  expect(released(held, 3)).toBe("bc");
});

test("does not touch bytes that the socket has kept", () => {
  const held = new HeldReplies();
  let kept: Buffer = Buffer.alloc(0);
  add(held, "first", 1);
  held.release(1, (bytes, length) => {
    kept = bytes.subarray(0, length);
    return false;
  });
  add(held, "other", 2);
  expect(kept.toString()).toBe("first");
  expect(released(held, 2)).toBe("other");
});

test("does not touch bytes that the socket has kept while others go on waiting", () => {
  const held = new HeldReplies();
  let kept: Buffer = Buffer.alloc(0);
  add(held, "first", 1);
  add(held, "second", 2);
  held.release(1, (bytes, length) => {
    kept = bytes.subarray(0, length);
    return false;
  });
  add(held, "third", 3);
  expect(kept.toString()).toBe("first");
  expect(released(held, 3)).toBe("secondthird");
});

test("holds large replies", () => {
  const held = new HeldReplies();
  const text = "0123456789".repeat(50_000);
  add(held, text, 1);
  add(held, text, 2);
  expect(held.bytes).toBe(1_000_000);
  expect(released(held, 2) === text + text).toBe(true);
});

test("says how many replies it drops, pushes not counted", () => {
  const held = new HeldReplies();
  add(held, "abc", 1, 3);
  add(held, "push", 1, 0);
  add(held, "d", 2, 1);
  expect(held.drop()).toBe(4);
  expect([held.isEmpty, held.bytes]).toEqual([true, 0]);
  expect(held.drop()).toBe(0);
});

test("counts only the replies that still wait", () => {
  const held = new HeldReplies();
  add(held, "ab", 1, 2);
  add(held, "c", 2, 1);
  released(held, 1);
  expect(held.drop()).toBe(1);
});

test("lets go first of what was put before all the rest, and of the rest not before that", () => {
  const held = new HeldReplies();
  add(held, "c", 0, 1);
  held.addFirst(Buffer.from("<b>"), 1, 2, 8, 2);
  held.addFirst(Buffer.from("<a>"), 1, 2, 3, 1);
  expect([held.barrier, held.bytes]).toEqual([3, 3]);
  expect(released(held, 2)).toBe("");
  expect(released(held, 3)).toBe("a");
  expect(released(held, 8)).toBe("bc");
  expect(held.isEmpty).toBe(true);
});
