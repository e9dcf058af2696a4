/** The parts of the Data page that need no browser: addresses, loading, drafts of values, deletes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";
import type { Address } from "./address.ts";
import { exportLine } from "./bulk/export-line.ts";
import { PendingDeletes, UNDO_MS } from "./bulk/pending-deletes.ts";
import { KeySource } from "./keys/key-source.ts";
import { Selection } from "./list/selection.ts";
import {
  draftFault,
  draftOf,
  integerOf,
  isSaved,
  isUnchanged,
  readDraft,
  shownText,
  storableOf,
  viewsOf,
} from "./value/entry.ts";
import type { Entry } from "./value/entry.ts";

describe("addresses", () => {
  const back = (address: Address): Address => {
    const url = new URL(formatAddress(address), "http://127.0.0.1");
    return parseAddress(url.search, url.hash);
  };
  const PLAIN: Address = {
    namespace: "default",
    prefix: "",
    separator: ":",
    key: null,
    view: null,
  };

  test.each([
    "..",
    ".",
    "a/b?c#d&e=f",
    "%2e",
    "🦊",
    " ",
    "\0\n",
    "+",
    "\u202e",
    "k".repeat(60_000),
  ])("the key %j has one", (key) => {
    expect(back({ ...PLAIN, key })).toEqual({ ...PLAIN, key });
  });

  test("anything in them comes back, and none is too long to be sent", () => {
    const address = fc.record({
      namespace: fc.constantFrom("default", "..", "a:b-c_d.e"),
      prefix: fc.string({ unit: "grapheme" }),
      separator: fc.constantFrom("", ":", "/", "::"),
      key: fc.option(fc.string({ unit: "grapheme", minLength: 1 })),
      view: fc.constantFrom(null, "text", "json", "hex"),
    });
    fc.assert(
      fc.property(address, (each) => {
        expect(back(each)).toEqual(each);
      }),
    );
    const sent = formatAddress({ ...PLAIN, key: "k".repeat(60_000) }).split("#")[0]!;
    expect(sent.length).toBeLessThan(100);
  });

  test("what was mistyped in them is ignored", () => {
    expect(parseAddress("?view=pdf&key=&separator=", "")).toEqual(PLAIN);
  });
});

/** A listing of pages that are given out one after the other. */
function makeListing(pages: readonly (readonly string[])[], keysMax = Infinity) {
  const asked: (number | undefined)[] = [];
  let nowMs = 0;
  const source = new KeySource("", ":", {
    listPage: ({ cursor, limit }) => {
      asked.push(limit);
      const at = Number(cursor ?? 0);
      const next = at + 1 < pages.length ? String(at + 1) : null;
      const keys = pages[at];
      if (keys === undefined) return Promise.reject(new Error("no such page"));
      return Promise.resolve({ keys: [...keys], cursor: next });
    },
    // Each look at the clock finds it later, so that every slice is as short as can be.
    nowMs: () => (nowMs += 10),
    breathe: () => Promise.resolve(),
    keysMax,
  });
  return { source, asked };
}

describe("loading keys", () => {
  test("a page at a time, the first one small, and a key that comes twice is one", async () => {
    const { source, asked } = makeListing([["b", "a:1"], ["a:1", "c"], []]);
    await source.more();
    expect([source.tree.keyCount, source.status().isComplete]).toEqual([2, false]);
    await source.more();
    expect([source.tree.keyCount, source.status().isComplete]).toEqual([3, false]);
    await source.more();
    await source.more();
    expect(source.status()).toMatchObject({ isComplete: true, phase: "idle" });
    expect(asked).toEqual([1000, 10_000, 10_000]);
  });

  test("all of them until the end, or until it is paused", async () => {
    const pages = Array.from({ length: 9 }, (_, page) =>
      Array.from({ length: 100 }, (_, at) => `k${page * 100 + at}`),
    );
    const { source } = makeListing(pages);
    const stop = source.subscribe(() => {
      if (source.tree.keyCount >= 300) source.pause();
    });
    await source.all();
    expect(source.status()).toMatchObject({ isComplete: false, isLoadingAll: false });
    expect(source.tree.keyCount).toBeLessThan(900);
    stop();
    await source.all();
    expect([source.tree.keyCount, source.status().isComplete]).toEqual([900, true]);
  });

  test("no more than memory is meant for, which is said", async () => {
    const { source } = makeListing([["a", "b"], ["c"], ["d"]], 3);
    await source.all();
    expect(source.status()).toMatchObject({ isFull: true, isComplete: false });
    expect(source.tree.keyCount).toBe(3);
  });

  test("a failure is told, and the next attempt goes on where it was", async () => {
    let isDown = true;
    const source = new KeySource("", ":", {
      listPage: () =>
        isDown ? Promise.reject(new Error("down")) : Promise.resolve({ keys: ["a"], cursor: null }),
      nowMs: () => 0,
      breathe: () => Promise.resolve(),
      keysMax: 10,
    });
    await source.more();
    expect(source.status()).toMatchObject({ phase: "failed", error: new Error("down") });
    isDown = false;
    await source.more();
    expect(source.status()).toMatchObject({ phase: "idle", isComplete: true, error: null });
  });

  test("other separators make other folders of the same keys, also while keys come and go", async () => {
    const keys = Array.from({ length: 500 }, (_, at) => `a:b/${at}`);
    const { source } = makeListing([keys, ["late/1"]]);
    await source.more();
    const change = source.separateBy("/");
    source.remove("a:b/7");
    source.add("a:b/new");
    await source.more();
    await change;
    expect(source.tree.separator).toBe("/");
    expect(source.tree.keyCount).toBe(501);
    expect([source.tree.has("a:b/7"), source.tree.has("a:b/new")]).toEqual([false, true]);
    expect(source.tree.rowOfFolder("a:b/")).toBe(0);
  });
});

function entry(text: string, kind: Entry["kind"] = "text"): Entry {
  const bytes = new TextEncoder().encode(text);
  return { bytes, kind, version: 3, ttl: null, deadlineMs: null };
}

describe("values", () => {
  const JSON_TEXT = '{"id":9223372036854775807,"rate":1.0}';

  test("are shown in the view that suits them", () => {
    expect(viewsOf(entry("hello"))).toEqual(["text", "hex"]);
    expect(viewsOf(entry("5", "json"))).toEqual(["json", "text", "hex"]);
    expect(viewsOf(entry('{"a": 1}'))).toEqual(["json", "text", "hex"]);
    expect(viewsOf(entry("x", "binary"))).toEqual(["hex"]);
    expect(viewsOf(entry("x".repeat(8 * 1024 * 1024 + 1)))).toEqual(["hex"]);
  });

  test("JSON is laid out for editing and compact again when it is saved, digit by digit", () => {
    const draft = draftOf(entry(JSON_TEXT, "json"), "json");
    expect(draft.text).toBe('{\n  "id": 9223372036854775807,\n  "rate": 1.0\n}');
    expect(isUnchanged(draft, entry(JSON_TEXT, "json"))).toBe(true);
    const changed = { ...draft, text: draft.text.replace("1.0", "2.50") };
    expect(storableOf(changed)).toMatchObject({ text: '{"id":9223372036854775807,"rate":2.50}' });
    expect(isSaved(changed, entry('{"id":9223372036854775807,"rate":2.50}', "json"))).toBe(true);
    expect(isSaved(changed, entry(JSON_TEXT, "json"))).toBe(false);
  });

  test("JSON that came with line breaks keeps those that are typed", () => {
    const laidOut = '{\n    "a": 1\n}';
    const draft = draftOf(entry(laidOut, "json"), "json");
    expect([draft.text, draft.isLaidOut]).toEqual([laidOut, false]);
    expect(storableOf(draft)).toMatchObject({ text: laidOut });
  });

  test("text stays text, with its line breaks and all", () => {
    const text = "a\r\nb\0\u202e";
    const draft = draftOf(entry(text), "text");
    expect([storableOf(draft), draftFault(draft), shownText(entry(text), "text")]).toEqual([
      ...[text, null, text],
    ]);
  });

  test("what is not valid JSON can't be saved as JSON", () => {
    const draft = { ...draftOf(entry("{}", "json"), "json"), text: "{" };
    expect(draftFault(draft)).toMatch(/JSON/);
    expect(draftFault({ ...draft, kind: "text", view: "text" })).toBeNull();
  });

  test.each([
    ["41", 41n],
    ["-9223372036854775808", -9223372036854775808n],
    ["1.0", null],
    ["007", null],
    ["", null],
  ])("%j as a counter is %s", (text, value) => {
    expect(integerOf(entry(text))).toBe(value);
  });

  test("a stored draft of another console is not taken for one", () => {
    expect(readDraft({ kind: "text" })).toBeUndefined();
    expect(readDraft(null)).toBeUndefined();
  });
});

describe("deletes that can be undone", () => {
  const make = (fails = false) => {
    const sent: { readonly keys: string[]; readonly isLeaving: boolean }[] = [];
    const timers = new Map<() => void, number>();
    const deletes = new PendingDeletes({
      send: (keys, isLeaving) => {
        sent.push({ keys: keys.map(({ key }) => key), isLeaving });
        return fails ? Promise.reject(new Error("down")) : Promise.resolve();
      },
      after: (delayMs, run) => {
        timers.set(run, delayMs);
        return () => void timers.delete(run);
      },
    });
    return { deletes, sent, timers };
  };
  const doomed = (key: string) => ({ namespace: "n", key, version: null });
  const ignore = (): void => undefined;

  test("are sent after a while, once", async () => {
    const { deletes, sent, timers } = make();
    const { id } = deletes.add([doomed("a")], ignore, ignore);
    expect([...timers.values()]).toEqual([UNDO_MS]);
    expect(deletes.withoutDoomed("n", ["a", "b"])).toEqual(["b"]);
    expect(deletes.withoutDoomed("other", ["a"])).toEqual(["a"]);
    [...timers.keys()][0]!();
    await Promise.resolve();
    expect(sent).toEqual([{ keys: ["a"], isLeaving: false }]);
    expect([deletes.undo(id), deletes.withoutDoomed("n", ["a"])]).toEqual([false, ["a"]]);
  });

  test("are never sent when they were undone", () => {
    const { deletes, sent, timers } = make();
    expect(deletes.undo(deletes.add([doomed("a")], ignore, ignore).id)).toBe(true);
    deletes.leave();
    expect([sent, timers.size]).toEqual([[], 0]);
  });

  test("are sent at once when the page is left", () => {
    const { deletes, sent } = make();
    deletes.add([doomed("a")], ignore, ignore);
    deletes.add([doomed("b"), doomed("c")], ignore, ignore);
    deletes.leave();
    deletes.leave();
    expect(sent).toEqual([
      { keys: ["a"], isLeaving: true },
      { keys: ["b", "c"], isLeaving: true },
    ]);
  });

  test("tell of a failure", async () => {
    const { deletes } = make(true);
    const failed: unknown[] = [];
    const { id } = deletes.add([doomed("a")], ignore, (error) => failed.push(error));
    await deletes.sendNow(id);
    expect(failed).toEqual([new Error("down")]);
  });

  test("only take what a page that goes away can send", () => {
    const { deletes } = make();
    const many = Array.from({ length: 300 }, (_, at) => doomed(`user:${at}`));
    expect([deletes.fits(many.slice(0, 200)), deletes.fits(many)]).toEqual([true, false]);
    deletes.add(many.slice(0, 200), ignore, ignore);
    expect(deletes.fits(many.slice(0, 200))).toBe(false);
  });
});

test("a selection toggles, adds and forgets", () => {
  const selection = new Selection();
  selection.toggle("a");
  selection.addAll(["b", "c"]);
  selection.toggle("b");
  expect([selection.keys(), selection.anchor]).toEqual([["a", "c"], "b"]);
  selection.removeAll(["a"]);
  const { size } = selection;
  selection.clear();
  expect([size, selection.size, selection.anchor]).toEqual([1, 0, null]);
});

test.each([
  ['{"key":"a","value":9223372036854775807}', '{"key":"a","value":9223372036854775807'],
  ['{"key":"a","value":1.0,"ttl":null}', '{"key":"a","value":1.0'],
  ['{"key":"a","value":[1,\n2]}', '{"key":"a","value":"[1,\\n2]","encoding":"json"'],
  [
    '{"key":"a","value":"/w==","encoding":"base64"}',
    '{"key":"a","value":"/w==","encoding":"base64"',
  ],
])("%s is exported as it is", (result, start) => {
  expect(exportLine(result, "shop", 0)).toBe(`${start},"namespace":"shop"}`);
});

test("an export says when a key expires, and leaves out what is gone", () => {
  const line = exportLine('{"key":"a","value":1,"ttl":1.5}', "n", Date.UTC(2027, 0, 1));
  expect(line).toContain('"expires_at":"2027-01-01T00:00:01.500Z"');
  expect(exportLine('{"op":"get","status":"not_found","key":"a"}', "n", 0)).toBeNull();
});
