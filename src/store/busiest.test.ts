import { expect, test } from "vitest";
import { SimulatedClock } from "../../test/support/simulated-clock.ts";
import { memoryStoreOn } from "../../test/support/store-harness.ts";
import { ReadMarks } from "./busiest.ts";

async function storeWith(sizes: Record<string, number>) {
  const store = await memoryStoreOn(new SimulatedClock());
  for (const [namespace, length] of Object.entries(sizes)) {
    await store.set({ namespace, key: "k", value: "v".repeat(length), kind: "text" });
  }
  const marks = new ReadMarks();
  const look = (limit = 9) => store.busiest(limit, marks).map(({ name, reads }) => [name, reads]);
  const read = (namespace: string, times: number): void => {
    for (let i = 0; i < times; i++) store.get(namespace, "k");
  };
  return { store, look, read };
}

test("those that were read most since the last look come first, then the largest", async () => {
  const { look, read } = await storeWith({ a: 10, b: 3000, c: 500 });
  look();
  read("c", 2);
  read("a", 5);
  expect(look()).toEqual([["a", 5], ["c", 2], ["b", 0]]); // prettier-ignore
  read("b", 1);
  expect(look()).toEqual([["b", 1], ["c", 0], ["a", 0]]); // prettier-ignore
});

test("no more are told than asked for, and misses count as reads", async () => {
  const { store, look, read } = await storeWith({ a: 1, b: 1, c: 1, d: 1 });
  look();
  read("d", 3);
  store.get("b", "none");
  expect(look(2)).toEqual([["d", 3], ["b", 1]]); // prettier-ignore
});

test("a cleared namespace is told of with its reads since, though its counters go on", async () => {
  const { store, look, read } = await storeWith({ a: 1 });
  read("a", 4);
  look();
  await store.clear("a");
  read("a", 1);
  expect(look()).toEqual([["a", 0]]);
  read("a", 2);
  expect(look()).toEqual([["a", 2]]);
});

test("many namespaces are counted apart", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `n${i}`);
  const { look, read } = await storeWith(Object.fromEntries(names.map((name) => [name, 1])));
  look();
  read("n59", 7);
  expect(look(1)).toEqual([["n59", 7]]);
});
