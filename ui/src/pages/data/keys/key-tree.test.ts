/** The order of keys, the sorted list, and the tree: each against a plain model. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyTree } from "./key-tree.ts";
import { compareKeys } from "./order.ts";
import { SortedList } from "./sorted-list.ts";

const smallKey = fc
  .array(fc.constantFrom("a", "b", ":", "0", "1", "9", "10", "é"), { minLength: 1, maxLength: 7 })
  .map((parts) => parts.join(""));

describe("the order of keys", () => {
  test.each([
    ["user:9", "user:10"],
    ["user:9:b", "user:10:a"],
    ["a", "b"],
    ["a", "aa"],
    ["a12b", "a123"],
    ["a1", "a01"],
    ["0", "00"],
    ["a2", "a02"],
    ["a02", "a3"],
    ["9", "a"],
    ["99999999999999999998", "99999999999999999999"],
    ["Z", "a"],
  ])("%s stands before %s", (a, b) => {
    expect(compareKeys(a, b)).toBeLessThan(0);
    expect(compareKeys(b, a)).toBeGreaterThan(0);
  });

  test("it is total: only equal keys are equal, and it is transitive", () => {
    fc.assert(
      fc.property(smallKey, smallKey, smallKey, (a, b, c) => {
        expect(compareKeys(a, b) === 0).toBe(a === b);
        expect(Math.sign(compareKeys(a, b)) + Math.sign(compareKeys(b, a))).toBe(0);
        if (compareKeys(a, b) < 0 && compareKeys(b, c) < 0) {
          expect(compareKeys(a, c)).toBeLessThan(0);
        }
      }),
    );
  });
});

describe("the sorted list", () => {
  test("is what a sorted array would be, beyond the size of a block", () => {
    const list = new SortedList<number>((a, b) => a - b);
    const model = new Set<number>();
    for (let i = 0, x = 7; i < 9000; i++, x = (x * 48_271) % 7_919) {
      expect(list.add(x)).toBe(!model.has(x));
      model.add(x);
      if (i % 5 === 0) expect(list.delete(x + 1)).toBe(model.delete(x + 1));
    }
    const sorted = [...model].sort((a, b) => a - b);
    expect([...list]).toEqual(sorted);
    expect(list.size).toBe(sorted.length);
    expect(sorted.every((item, at) => list.at(at) === item && list.rank(item) === at)).toBe(true);
    expect([list.at(-1), list.at(sorted.length)]).toEqual([undefined, undefined]);
    expect(list.find(sorted[5]!)).toBe(sorted[5]);
    expect(list.find(0.5)).toBeUndefined();
  });
});

/** The rows of a tree, written out. */
function rowsOf(tree: KeyTree): string[] {
  return Array.from({ length: tree.rowCount }, (_, at) => {
    const row = tree.rowAt(at)!;
    const indent = "  ".repeat(row.depth);
    if (row.kind === "key") return `${indent}${row.key}`;
    return `${indent}${row.folder.isOpen ? "-" : "+"}${row.folder.prefix} ${row.folder.keyCount}`;
  });
}

/** The same from a plain list of keys, the slow way. */
function modelRows(keys: readonly string[], separator: string, open: ReadonlySet<string>) {
  const rowsBelow = (prefix: string, depth: number): string[] => {
    const inside = keys.filter((key) => key.startsWith(prefix)).sort(compareKeys);
    const nextOf = (key: string) => {
      const at = key.indexOf(separator, prefix.length);
      return at < 0 ? null : key.slice(0, at + separator.length);
    };
    const folders = [...new Set(inside.map(nextOf))].filter((each) => each !== null);
    const indent = "  ".repeat(depth);
    return [
      ...folders.sort(compareKeys).flatMap((each) => {
        const count = inside.filter((key) => key.startsWith(each)).length;
        const head = `${indent}${open.has(each) ? "-" : "+"}${each} ${count}`;
        return [head, ...(open.has(each) ? rowsBelow(each, depth + 1) : [])];
      }),
      ...inside.filter((key) => nextOf(key) === null).map((key) => indent + key),
    ];
  };
  return rowsBelow("", 0);
}

describe("the tree", () => {
  test("puts folders first, counts keys, and opens", () => {
    const tree = new KeyTree(":");
    for (const key of ["b", "user:10", "user:9", "user:9:name", "a", ":", "user:"]) tree.add(key);
    expect(rowsOf(tree)).toEqual(["+: 1", "+user: 4", "a", "b"]);
    tree.reveal("user:9:name");
    expect(rowsOf(tree)).toEqual([
      "+: 1",
      "-user: 4",
      "  -user:9: 1",
      "    user:9:name",
      "  user:",
      "  user:9",
      "  user:10",
      "a",
      "b",
    ]);
    expect(tree.rowOfKey("user:10")).toBe(6);
    expect(tree.rowOfFolder("user:9:")).toBe(2);
    tree.setOpen("user:", false);
    expect(tree.rowOfKey("user:10")).toBe(-1);
  });

  test("a key that comes twice is there once, and the last key takes its folders along", () => {
    const tree = new KeyTree(":");
    expect([tree.add("a:b:c"), tree.add("a:b:c"), tree.keyCount]).toEqual([true, false, 1]);
    expect([tree.delete("a:b"), tree.delete("a:b:c"), tree.delete("a:b:c")]).toEqual([
      ...[false, true, false],
    ]);
    expect([tree.rowCount, tree.keyCount]).toEqual([0, 0]);
  });

  test("without a separator it is one list", () => {
    const tree = new KeyTree("");
    for (const key of ["a:2", "a:10", "a:1"]) tree.add(key);
    expect(rowsOf(tree)).toEqual(["a:1", "a:2", "a:10"]);
  });

  test("a key of nothing but separators is no endless ladder", () => {
    const tree = new KeyTree(":");
    tree.add(":".repeat(60_000));
    tree.reveal(":".repeat(60_000));
    expect(tree.rowCount).toBe(33);
  });

  test("whatever is added, removed, opened and closed, rows are those of the model", () => {
    const step = fc.record({
      what: fc.constantFrom("add", "add", "delete", "open", "shut"),
      key: smallKey,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tree = new KeyTree(":");
        const keys = new Set<string>();
        for (const { what, key } of steps) {
          if (what === "add") expect(tree.add(key)).toBe(keys.size < keys.add(key).size);
          if (what === "delete") expect(tree.delete(key)).toBe(keys.delete(key));
          if (what === "open") tree.reveal(key);
          if (what === "shut") tree.setOpen(key.slice(0, key.indexOf(":") + 1), false);
        }
        const all = [...keys];
        expect(rowsOf(tree)).toEqual(modelRows(all, ":", tree.openPrefixes));
        expect([...tree.keysIn("")].sort()).toEqual(all.sort());
        const rows = Array.from({ length: tree.rowCount }, (_, at) => tree.rowAt(at)!);
        rows.forEach((row, at) => {
          const found =
            row.kind === "key" ? tree.rowOfKey(row.key) : tree.rowOfFolder(row.folder.prefix);
          expect(found).toBe(at);
        });
        expect(tree.rowAt(tree.rowCount)).toBeUndefined();
      }),
    );
  });
});
