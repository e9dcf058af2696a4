import { expect, test } from "vitest";
import { diskStore, memoryStore } from "../../test/support/store-harness.ts";
import { turns } from "../../test/support/log-harness.ts";
import { createRandom, randomBelow } from "../../test/support/random.ts";
import { checkTable } from "../../test/support/check-table.ts";
import { CHANGE } from "./observer.ts";
import type { Store } from "./store.ts";

function text(store: Store, namespace: string, key: string): string | undefined {
  return store.get(namespace, key)?.value.toString();
}

function set(store: Store, namespace: string, key: string, value: string): Promise<unknown> {
  return store.set({ namespace, key, kind: "text", value });
}

test("two namespaces exchange their keys, deadlines and versions with them", async () => {
  const { store, clock } = await memoryStore();
  const deadlineMs = clock.nowMs() + 1000;
  await store.set({ namespace: "a", key: "k", kind: "json", value: "1", deadlineMs });
  await set(store, "b", "k", "in b");
  const [inA, inB] = [store.get("a", "k"), store.get("b", "k")];
  expect(store.engine.swap("a", "b")).toBe("done");
  expect(store.get("b", "k")).toEqual(inA);
  expect(store.get("a", "k")).toEqual(inB);
  clock.advance(1000);
  expect(store.get("b", "k")).toBeNull();
  checkTable(store.engine.table);
});

test("one of them need not be there", async () => {
  const { store } = await memoryStore();
  await set(store, "a", "k", "v");
  expect(store.engine.swap("a", "b")).toBe("done");
  expect([text(store, "a", "k"), text(store, "b", "k")]).toEqual([undefined, "v"]);
  expect(store.engine.swap("c", "b")).toBe("done");
  expect([text(store, "b", "k"), text(store, "c", "k")]).toEqual([undefined, "v"]);
});

test("nothing is logged when there is nothing to swap", async () => {
  const { store } = await memoryStore();
  await set(store, "a", "k", "v");
  await store.clear("a");
  await set(store, "full", "k", "v");
  const { lastSeq } = store.engine.journal;
  expect(store.engine.swap("a", "b")).toBe("unmet");
  expect(store.engine.swap("full", "full")).toBe("unmet");
  expect(store.engine.journal.lastSeq).toBe(lastSeq);
});

test("a name that no namespace may have is refused, and a directory that is full", async () => {
  const { store } = await memoryStore({}, undefined);
  for (let i = 0; i < 64; i++) await set(store, `n${i}`, "k", "v");
  expect(() => store.engine.swap("n0", "not a name")).toThrow("namespace");
  expect(() => store.engine.swap("n0", "one-more")).toThrow("namespace");
  expect(store.engine.swap("n0", "n63")).toBe("done");
});

test("an observer is told that both were cleared", async () => {
  const { store } = await memoryStore();
  await set(store, "a", "k", "v");
  const told: unknown[] = [];
  store.engine.observer = {
    changed: (change, id) => told.push([change, store.engine.table.namespaces.name(id)]),
  };
  store.engine.swap("a", "b");
  expect(told).toHaveLength(2);
  expect(told).toEqual(
    expect.arrayContaining([
      [CHANGE.cleared, "a"],
      [CHANGE.cleared, "b"],
    ]),
  );
});

test("until it is on disk whatever is read waits for it: a hit, a miss, a key past its deadline", async () => {
  const { store, clock } = await diskStore();
  const deadlineMs = clock.nowMs() + 10;
  const writes = [
    set(store, "a", "k", "v"),
    store.set({ namespace: "a", key: "old", kind: "text", value: "v", deadlineMs }),
    set(store, "b", "other", "v"),
  ];
  await Promise.all(writes);
  clock.advance(10);
  const { engine } = store;
  engine.swap("a", "b");
  const seq = engine.version;
  const cases = [
    ["b", "k"],
    ["a", "k"],
    ["b", "old"],
    ["c", "k"],
  ] as const;
  for (const [namespace, key] of cases) {
    store.get(namespace, key);
    expect(store.readBarrier, `${namespace} ${key}`).toBe(seq);
  }
  await store.acknowledged(seq);
  for (const [namespace, key] of cases) {
    store.get(namespace, key);
    expect(store.readBarrier, `${namespace} ${key}`).toBe(0);
  }
  await store.close();
});

test("a refused write shows no swap that a crash could take back", async () => {
  const { store } = await diskStore();
  await Promise.all([set(store, "a", "k", "v"), set(store, "b", "k", "w")]);
  const { engine } = store;
  engine.swap("a", "b");
  const seq = engine.version;
  let isRefused = false;
  const refused = store
    .set({ namespace: "a", key: "k", kind: "text", value: "x", ifAbsent: true })
    .then(() => (isRefused = true));
  await Promise.resolve();
  expect(isRefused).toBe(false);
  await refused;
  expect(engine.journal.ackSeq).toBeGreaterThanOrEqual(seq);
  await store.close();
});

test("a snapshot that a swap overtakes is begun anew, and is that of the state after it", async () => {
  const { store, disk, clock } = await diskStore();
  const value = "v".repeat(2000);
  await Promise.all(Array.from({ length: 600 }, (_, i) => set(store, "a", `k${i}`, value)));
  await set(store, "b", "only", "one");
  await store.engine.journal.roll();
  const before = disk.calls.write;
  const compacted = store.compact();
  // The header is written, the first block not yet.
  while (disk.calls.write === before) await turns(1);
  store.engine.swap("a", "b");
  const seq = store.engine.version;
  await compacted;
  const names = disk.names().filter((name) => name.startsWith("snapshot-"));
  expect(names).toHaveLength(1);
  expect(Number(/\d+/.exec(names[0]!)?.[0])).toBeGreaterThanOrEqual(seq);
  await store.close();
  const again = await diskStore({}, disk, clock);
  expect(text(again.store, "a", "only")).toBe("one");
  expect(again.store.keyCount("b")).toBe(600);
  await again.store.close();
});

test("a snapshot that swaps overtake again and again is given up, and no file is left of it", async () => {
  const { store, disk } = await diskStore();
  await set(store, "a", "k", "v");
  const compacted = store.compact().catch((error: unknown) => error);
  const end = compacted.then(() => true);
  for (let isOver = false; !isOver;) {
    store.engine.swap("a", "b");
    isOver = (await Promise.race([end, turns(1)])) === true;
  }
  expect(await compacted).toMatchObject({ name: "Overtaken" });
  expect(disk.names().filter((name) => name.startsWith("snapshot-"))).toEqual([]);
  await store.compact();
  expect(store.health().status).toBe("healthy");
  await store.close();
});

const SEEDS = [1, 2, 3, 4, 5];

for (const seed of SEEDS) {
  test(`random swaps, writes and snapshots are recovered as they were, seed ${seed}`, async () => {
    const random = createRandom(seed);
    let { store, disk, clock } = await diskStore();
    const model = new Map<string, Map<string, string>>();
    const of = (name: string): Map<string, string> => model.get(name) ?? new Map<string, string>();
    const pick = (): string => `n${randomBelow(random, 4)}`;
    for (let step = 0; step < 400; step++) {
      const [one, other] = [pick(), pick()];
      const key = `k${randomBelow(random, 10)}`;
      const what = randomBelow(random, 20);
      if (what < 10) {
        await set(store, one, key, `${step}`);
        model.set(one, of(one).set(key, `${step}`));
      } else if (what < 13) {
        await store.delete({ namespace: one, key });
        of(one).delete(key);
      } else if (what < 14) {
        await store.clear(one);
        model.delete(one);
      } else if (what < 18) {
        store.engine.swap(one, other);
        const [inOne, inOther] = [of(one), of(other)];
        model.set(one, inOther).set(other, inOne);
      } else if (what < 19) await store.compact();
      else {
        await store.close();
        ({ store, disk, clock } = await diskStore({}, disk, clock));
      }
      for (const name of ["n0", "n1", "n2", "n3"]) expect(store.keyCount(name)).toBe(of(name).size);
      expect(text(store, one, key)).toBe(of(one).get(key));
      expect(text(store, other, key)).toBe(of(other).get(key));
    }
    checkTable(store.engine.table);
    await store.close();
  });
}
