/** Drafts survive a reload, and a storage that has no room. */
import { expect, test } from "vitest";
import { Drafts } from "./drafts.ts";
import type { DraftStorage } from "./drafts.ts";

function makeStorage(
  roomCharacters = Infinity,
): DraftStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    get length() {
      return items.size;
    },
    key: (at) => [...items.keys()][at] ?? null,
    getItem: (name) => items.get(name) ?? null,
    removeItem: (name) => void items.delete(name),
    setItem: (name, text) => {
      if (text.length > roomCharacters) throw new Error("QuotaExceededError");
      items.set(name, text);
    },
  };
}

test("a draft is there after a reload, until it is dropped", () => {
  const storage = makeStorage();
  storage.items.set("another's", "1");
  storage.items.set("pykv-draft:broken", "{");
  new Drafts(storage).set("value:ns\nkey", { text: "typed" });
  const drafts = new Drafts(storage);
  expect(drafts.ids()).toEqual(["value:ns\nkey"]);
  expect(drafts.get("value:ns\nkey")).toEqual({ text: "typed" });
  drafts.delete("value:ns\nkey");
  expect(new Drafts(storage).ids()).toEqual([]);
});

test("what the storage refuses is kept in memory, and said to be fragile", () => {
  const drafts = new Drafts(makeStorage(50));
  drafts.set("small", "x");
  expect(drafts.isFragile).toBe(false);
  drafts.set("large", "x".repeat(100));
  expect([drafts.isFragile, drafts.get("large")]).toEqual([true, "x".repeat(100)]);
  drafts.delete("large");
  expect(drafts.isFragile).toBe(false);
  const without = new Drafts(null);
  without.set("any", "x");
  expect([without.isFragile, without.get("any")]).toEqual([true, "x"]);
});

test("a draft that grows too large leaves no old one in the storage", () => {
  const storage = makeStorage();
  const drafts = new Drafts(storage);
  drafts.set("id", "old");
  drafts.set("id", "x".repeat(1_000_001));
  expect([storage.items.size, drafts.isFragile]).toEqual([0, true]);
});

test("listeners hear of each change", () => {
  const drafts = new Drafts(makeStorage());
  let heard = 0;
  const stop = drafts.subscribe(() => (heard += 1));
  drafts.set("id", 1);
  drafts.delete("id");
  drafts.delete("id");
  stop();
  drafts.set("id", 2);
  expect(heard).toBe(2);
});
