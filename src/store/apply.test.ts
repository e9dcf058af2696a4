import { expect, test } from "vitest";
import { checkTable } from "../../test/support/check-table.ts";
import { makeTable, randomFrom } from "../../test/support/table-driver.ts";
import { OP, createRecordView, decodeRecord, encodeRecord } from "../format/record.ts";
import { createEntryView, decodeEntry, encodeEntry } from "../format/snapshot-entry.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";
import { Replayer } from "./apply.ts";

interface Logged {
  readonly op: number;
  readonly namespace: string;
  readonly key?: string;
  readonly value?: string;
  readonly deadlineMs?: number;
}

function encode(records: readonly Logged[]): Buffer {
  const target = Buffer.alloc(records.length * 200);
  let end = 0;
  for (const { op, namespace, key = "", value = "", deadlineMs = 0 } of records) {
    const [ns, k, v] = [Buffer.from(namespace), Buffer.from(key), Buffer.from(value)];
    end = encodeRecord(target, end, op, 0, deadlineMs, ns, k, 0, k.length, v, 0, v.length);
  }
  return target.subarray(0, end);
}

/** Replays records as one frame, or each as a frame of its own. */
function replay(table: Table, records: readonly Logged[], isEachAlone: boolean): Replayer {
  const replayer = new Replayer(table);
  const bytes = encode(records);
  const view = createRecordView();
  let at = 0;
  for (let seq = 1; seq <= records.length; seq++) {
    expect(decodeRecord(bytes, at, bytes.length, view)).toBe(true);
    replayer.record(bytes, view, seq);
    if (isEachAlone) replayer.flush();
    at = view.next;
  }
  replayer.flush();
  return replayer;
}

/** Every entry with all that is known of it. */
function contents(table: Table): Map<string, string> {
  const found = new Map<string, string>();
  for (const id of table.namespaces.live()) addContents(table, id, found);
  return found;
}

function addContents(table: Table, id: NamespaceId, found: Map<string, string>): void {
  const cursor = { ordinal: 0, page: 0, place: 0 };
  const { bytes } = table.shard;
  for (;;) {
    const slot = table.next(id, cursor, Infinity);
    if (slot === NO_SLOT) return;
    const keyAt = table.keyAt(slot);
    const key = bytes.toString("utf8", keyAt, keyAt + table.keyLength(slot));
    const text = `${table.valueText(slot)} ${table.deadline(slot)} ${table.version(slot)}`;
    found.set(`${table.namespaces.name(id)}/${key}`, text);
  }
}

function randomRecord(random: () => number, namespaces: number): Logged {
  const namespace = `n${random() % namespaces}`;
  const key = `key ${random() % 40}`;
  const choice = random() % 100;
  if (choice < 2) return { op: OP.CLEAR, namespace };
  if (choice < 20) return { op: OP.DELETE, namespace, key };
  const deadlineMs = random() % 2 === 0 ? 0 : 2 ** 41 + (random() % 1000);
  if (choice < 35) return { op: OP.EXPIRE, namespace, key, deadlineMs };
  return { op: OP.SET, namespace, key, value: "v".repeat(random() % 90), deadlineMs };
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  for (const namespaces of [1, 3, 12]) {
    test(`records of ${namespaces} namespaces come to the same in groups and one by one, seed ${seed}`, () => {
      const random = randomFrom(seed);
      const records = Array.from({ length: 600 }, () => randomRecord(random, namespaces));
      const [grouped, alone] = [makeTable(), makeTable()];
      replay(grouped, records, false);
      replay(alone, records, true);
      expect(contents(grouped)).toEqual(contents(alone));
      checkTable(grouped);
    });
  }
}

for (const between of [0, 1, 30, 31, 32, 33, 64]) {
  test(`a change sees the one to the same key ${between} changes before it`, () => {
    const others = Array.from({ length: between }, (_, i) => {
      return { op: OP.SET, namespace: "n", key: `other ${i}`, value: "x" };
    });
    const set = { op: OP.SET, namespace: "n", key: "key", value: "first" };
    for (const last of [
      { ...set, value: "second, and longer" },
      { ...set, op: OP.DELETE },
    ]) {
      const table = makeTable();
      replay(table, [set, ...others, last], false);
      const isSet = last.op === OP.SET;
      const text = isSet ? `${last.value} 0 ${between + 2}` : undefined;
      expect(contents(table).get("n/key")).toBe(text);
      expect(table.entries).toBe(between + (isSet ? 1 : 0));
      checkTable(table);
    }
  });
}

test("a namespace that is to be filled by a change that waits does not give way to another", () => {
  const table = makeTable({ namespacesMax: 2 });
  const inAandB = (op: number): Logged[] =>
    ["a", "b"].map((namespace) => ({ op, namespace, key: "k", value: "" }));
  // Both are empty now, and `a` would be the first to go.
  replay(table, [...inAandB(OP.SET), ...inAandB(OP.DELETE)], true);
  const records = [
    { op: OP.SET, namespace: "a", key: "k", value: "1" },
    { op: OP.SET, namespace: "c", key: "k", value: "2" },
  ];
  replay(table, records, false);
  expect(contents(table)).toEqual(
    new Map([
      ["a/k", "1 0 1"],
      ["c/k", "2 0 2"],
    ]),
  );
  checkTable(table);
});

test("a snapshot's entries that come twice end as the later one, and those that are first are not looked for", () => {
  const table = makeTable();
  const replayer = new Replayer(table);
  const target = Buffer.alloc(10_000);
  const ns = Buffer.from("n");
  const view = createEntryView();
  let at = 0;
  for (const [key, value, version] of [
    ["a", "old", 3],
    ["b", "one", 4],
    ["a", "new", 9],
  ] as const) {
    const [k, v] = [Buffer.from(key), Buffer.from(value)];
    const end = encodeEntry(target, at, 0, version, 0, ns, k, 0, 1, v, 0, v.length);
    expect(decodeEntry(target, at, end, view)).toBe(true);
    replayer.entry(target, view, version < 5);
    at = end;
  }
  replayer.flush();
  expect(contents(table)).toEqual(
    new Map([
      ["n/a", "new 0 9"],
      ["n/b", "one 0 4"],
    ]),
  );
  checkTable(table);
});

test("bytes that change under a group that waits are refused", () => {
  const replayer = new Replayer(makeTable());
  const view = createRecordView();
  const bytes = encode([{ op: OP.SET, namespace: "n", key: "k", value: "v" }]);
  expect(decodeRecord(bytes, 0, bytes.length, view)).toBe(true);
  replayer.record(bytes, view, 1);
  expect(() => replayer.record(Buffer.from(bytes), view, 2)).toThrow("before its bytes go");
});

test("a table that was sized for more than came gives it back, and its limits hold again", () => {
  const table = makeTable({ maxBytes: 8 * 1024 * 1024, capacity: 100 });
  table.relax();
  table.expect(20_000);
  const sized = table.indexBytes;
  const records = Array.from({ length: 500 }, (_, i) => {
    return { op: OP.SET, namespace: "n", key: `key ${i}`, value: "x" };
  });
  const replayer = replay(table, records, false);
  expect(table.entries).toBe(500);
  replayer.restrict();
  expect(table.entries).toBe(100);
  expect(replayer.evicted).toBe(400);
  expect(sized).toBeGreaterThan(100_000);
  expect(table.indexBytes).toBeLessThan(10_000);
  replay(table, [{ op: OP.SET, namespace: "n", key: "one more", value: "x" }], false);
  expect(table.entries).toBe(100);
  checkTable(table);
});
