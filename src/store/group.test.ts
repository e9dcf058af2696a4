/** Groups of writes: what they may log, and what a reader may see of what they depend on. */
import { expect, test } from "vitest";
import { diskStore, memoryStore } from "../../test/support/store-harness.ts";
import { KiB, MiB } from "../base/units.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { Draft, Engine } from "./engine.ts";
import { recordBytesMax } from "./record-bytes.ts";

const NAME = "n".repeat(64);

function draftOf(key: string, value: Uint8Array, deadlineMs = 0): Draft {
  const bytes = Buffer.from(value);
  const name = Buffer.from(key);
  return {
    ...{ namespace: NAME, key: name, keyAt: 0, keyLength: name.length },
    ...{ value: bytes, valueAt: 0, valueLength: bytes.length, kind: 2, ascii: false },
    ...{ deadlineMs, keepDeadline: false, condition: null },
  };
}

/** A memory full of entries whose records are longer than the memory that they take. */
function fill(engine: Engine): void {
  for (let i = 0; engine.table.usedBytes < engine.table.maxBytes - MiB; i++) {
    engine.set(draftOf(`${i}`, Buffer.alloc(1)));
  }
}

test("evictions for one write of a group leave what the others have asked for", async () => {
  const { store } = await memoryStore({ memoryBytesMax: 16 * MiB });
  const { engine } = store;
  fill(engine);
  const bytes = recordBytesMax(NAME, 3, 3 * MiB) + recordBytesMax(NAME, 3, 0);
  engine.set(draftOf("old", Buffer.alloc(1)));
  expect(engine.begin(bytes)).toBe(true);
  engine.set(draftOf("new", Buffer.alloc(3 * MiB)));
  engine.delete(draftOf("old", Buffer.alloc(0)));
  engine.end();
  const found = (key: string) => engine.read(NAME, Buffer.from(key), 0, key.length, false);
  expect([found("new") === NO_SLOT, found("old") === NO_SLOT]).toEqual([false, true]);
});

test("a group that needs a little more than it has asked for gets it while the log has room", async () => {
  const { store } = await memoryStore();
  const { engine } = store;
  expect(engine.begin(1)).toBe(true);
  expect(engine.set(draftOf("k", Buffer.alloc(200 * KiB)))).toBe("done");
  engine.end();
});

test("a miss waits for the record that has set the deadline which the key is past", async () => {
  const { store, clock, disk } = await diskStore();
  const { engine } = store;
  engine.set(draftOf("k", Buffer.from("old")));
  await engine.journal.acknowledged(engine.journal.lastSeq);
  const release = disk.hold("sync");
  const draft = draftOf("k", Buffer.from("new"), clock.nowMs() + 10);
  engine.set(draft);
  const seq = engine.version;
  clock.advance(20);
  expect(engine.read(NAME, draft.key, 0, 1, false)).toBe(NO_SLOT);
  expect(engine.barrier).toBe(seq);
  expect([engine.delete(draft), engine.barrier]).toEqual(["unmet", seq]);
  expect([engine.expire(draft), engine.barrier]).toEqual(["unmet", seq]);
  const present = { ...draft, condition: { ifPresent: true } };
  expect([engine.set(present), engine.barrier]).toEqual(["unmet", seq]);
  release();
  await engine.journal.acknowledged(seq);
  engine.read(NAME, draft.key, 0, 1, false);
  expect(engine.barrier).toBe(0);
  await store.close();
});

test("a group that announces more than half a gibibyte is refused before anything happens", async () => {
  const { store } = await memoryStore();
  const { engine } = store;
  expect(() => engine.begin(512 * MiB + 1)).toThrow(/limit is 536870912/);
  expect(engine.begin(512 * MiB)).toBe(true);
  engine.end();
  await store.close();
});
