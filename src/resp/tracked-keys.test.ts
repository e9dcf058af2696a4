import { expect, test } from "vitest";
import { randomNumbers } from "../../bench/support/data.ts";
import { TrackedKeys } from "./tracked-keys.ts";

const nobodyIsGone = (): boolean => false;

/** The client numbers as an array. */
function idsOf(ids: number | ReadonlySet<number> | undefined): number[] {
  if (ids === undefined) return [];
  return typeof ids === "number" ? [ids] : [...ids];
}

test("a key is forgotten once, with all who have it", () => {
  const keys = new TrackedKeys();
  for (const id of [1, 2, 2, 3, 1]) keys.add("a", "k", id, nobodyIsGone);
  keys.add("b", "k", 9, nobodyIsGone);
  expect(keys.size).toBe(2);
  expect(idsOf(keys.take("a", "k"))).toEqual([1, 2, 3]);
  expect(keys.take("a", "k")).toBeUndefined();
  expect(idsOf(keys.take("b", "k"))).toEqual([9]);
  expect(keys.take("c", "k")).toBeUndefined();
  expect(keys.size).toBe(0);
});

test("a namespace is forgotten with those who have tracked a key there", () => {
  const keys = new TrackedKeys();
  for (let i = 0; i < 10; i++) keys.add("a", `k${i}`, i % 3, nobodyIsGone);
  keys.add("b", "k", 5, nobodyIsGone);
  keys.forgetClient(2);
  expect([...keys.takeNamespace("a")]).toEqual([0, 1]);
  expect([...keys.takeNamespace("a")]).toEqual([]);
  expect(keys.size).toBe(1);
});

test("the oldest of each namespace goes in turn", () => {
  const keys = new TrackedKeys();
  for (const key of ["1", "2", "3"]) keys.add("a", key, 1, nobodyIsGone);
  for (const key of ["4", "5"]) keys.add("b", key, 1, nobodyIsGone);
  keys.take("a", "1");
  keys.add("a", "1", 1, nobodyIsGone);
  const order = Array.from({ length: 5 }, () => keys.takeOldest().key);
  expect(order).toEqual(["2", "4", "3", "5", "1"]);
  expect(keys.size).toBe(0);
});

test("numbers of clients that are gone do not pile up", () => {
  const keys = new TrackedKeys();
  for (let id = 1; id <= 10_000; id++) keys.add("a", "k", id, (each) => each < id - 5);
  expect(idsOf(keys.take("a", "k")).length).toBeLessThan(32);
});

test("whatever is done, the size is right and the oldest is always found", () => {
  const random = randomNumbers(7);
  const keys = new TrackedKeys();
  const model = new Map<string, Set<number>>();
  const expected = (name: string): number[] => [...(model.get(name) ?? [])];
  for (let step = 0; step < 20_000; step++) {
    const namespace = `n${random() % 4}`;
    const key = `k${random() % 50}`;
    const name = `${namespace} ${key}`;
    const id = random() % 6;
    const choice = random() % 10;
    if (choice < 6) {
      keys.add(namespace, key, id, nobodyIsGone);
      model.set(name, (model.get(name) ?? new Set()).add(id));
    } else if (choice < 8) {
      expect(idsOf(keys.take(namespace, key)).sort()).toEqual(expected(name).sort());
      model.delete(name);
    } else if (choice === 8 && model.size > 0) {
      const oldest = keys.takeOldest();
      const matching = [...model.keys()].filter((each) => each.endsWith(` ${oldest.key}`));
      const owner = matching.find((each) => expected(each).join() === idsOf(oldest.ids).join());
      expect(owner).toBeDefined();
      model.delete(owner!);
      // Two namespaces may have the same key with the same clients: take the right one from both.
      for (const each of matching) keys.take(each.split(" ")[0]!, oldest.key);
      for (const each of matching) model.delete(each);
    } else if (random() % 50 === 0) {
      keys.takeNamespace(namespace);
      for (const each of [...model.keys()])
        if (each.startsWith(`${namespace} `)) model.delete(each);
    }
    expect(keys.size).toBe(model.size);
  }
});

test("counts the memory of keys and of the clients that have them, and gives all of it back", () => {
  const keys = new TrackedKeys();
  for (let i = 0; i < 100; i++) {
    for (let id = 0; id < 50; id++) keys.add(i % 2 === 0 ? "a" : "b", `key${i}`, id, nobodyIsGone);
  }
  expect(keys.bytes).toBeGreaterThan(100 * 50 * 8);
  keys.add("a", "x".repeat(10_000), 1, nobodyIsGone);
  const before = keys.bytes;
  keys.take("a", "x".repeat(10_000));
  expect(before - keys.bytes).toBeGreaterThanOrEqual(10_000);
  keys.takeNamespace("a");
  while (keys.size > 0) keys.takeOldest();
  expect(keys.bytes).toBe(0);
});
