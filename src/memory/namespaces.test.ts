import { expect, test } from "vitest";
import { checkTable } from "../../test/support/check-table.ts";
import { TableDriver } from "../../test/support/table-driver.ts";
import { NAMESPACE_TOTAL, NO_NAMESPACE } from "./namespaces.ts";

const MAX = 8;

function makeDriver(): TableDriver {
  return new TableDriver({ namespacesMax: MAX });
}

test("a name of 1 to 64 bytes means one namespace", () => {
  const { namespaces } = makeDriver().table;
  for (const name of ["a", "b", "x".repeat(63), "x".repeat(64), "__proto__"]) {
    expect(namespaces.find(name)).toBe(NO_NAMESPACE);
    const id = namespaces.findOrCreate(name);
    expect(namespaces.name(id)).toBe(name);
    expect(namespaces.find(name)).toBe(id);
    expect(namespaces.findOrCreate(name)).toBe(id);
  }
  expect([...namespaces.live()]).toEqual([1, 2, 3, 4, 5]);
});

test("a directory full of namespaces with keys takes no other, and goes on serving these", () => {
  const driver = makeDriver();
  for (let n = 0; n < MAX; n++) driver.set("key", "value", { name: `n${n}` });
  expect(driver.id("one more")).toBe(NO_NAMESPACE);
  expect(driver.table.clear(driver.id("n3"), 100)).toBe(-1);
  expect(driver.get("key", "n3")?.toString()).toBe("value");
  checkTable(driver.table);
});

test("a full directory gives the record of an empty namespace to a new name, one after another", () => {
  const driver = makeDriver();
  for (let n = 0; n < MAX; n++) driver.set("key", "value", { name: `n${n}` });
  driver.delete("key", "n2");
  driver.delete("key", "n5");
  for (const name of ["new", "newer", "newest"]) {
    const id = driver.id(name);
    expect(driver.table.namespaces.name(id)).toBe(name);
    expect(driver.get("key", name)).toBe(null);
    if (name === "newest") expect(driver.table.namespaces.find("new")).toBe(NO_NAMESPACE);
  }
  expect(driver.table.namespaces.find("n2")).toBe(NO_NAMESPACE);
  expect(driver.table.namespaces.find("n5")).toBe(NO_NAMESPACE);
  checkTable(driver.table);
});

test("clearing more often than the directory has records goes on as long as memory is given back", () => {
  const driver = makeDriver();
  for (let round = 0; round < 5 * MAX; round++) {
    for (let i = 0; i < 300; i++) driver.set(`key${i}`, "value");
    expect(driver.table.clear(driver.id(), 1)).toBe(300);
    expect(driver.get("key1")).toBe(null);
    expect(driver.table.namespaces.dying).toBe(1);
    while (driver.table.reap(100) > 0);
    expect(driver.table.namespaces.dying).toBe(0);
    checkTable(driver.table);
  }
});

test("several namespaces die side by side, unseen, until their memory is given back", () => {
  const driver = makeDriver();
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 300; i++) driver.set(`key${i}`, `value ${round}`);
    if (round < 3) driver.table.clear(driver.id(), 1);
  }
  expect(driver.table.namespaces.dying).toBe(3);
  expect(driver.table.entries).toBe(1200);
  expect(driver.keys()).toHaveLength(300);
  expect(driver.get("key7")?.toString()).toBe("value 3");
  checkTable(driver.table);
  const reaped: number[] = [];
  for (let n = driver.table.reap(200); n > 0; n = driver.table.reap(200)) reaped.push(n);
  expect(Math.max(...reaped)).toBe(200);
  expect(reaped.reduce((a, b) => a + b)).toBe(900);
  expect(driver.table.entries).toBe(300);
  checkTable(driver.table);
});

test("a namespace that is cleared keeps its counters, and an empty one its record", () => {
  const driver = makeDriver();
  const { table } = driver;
  driver.set("key", "value");
  table.count(driver.id(), NAMESPACE_TOTAL.hits);
  table.clear(driver.id(), 77);
  expect(table.namespaces.total(driver.id(), NAMESPACE_TOTAL.hits)).toBe(1);
  expect(table.namespaces.total(driver.id(), NAMESPACE_TOTAL.bytes)).toBe(0);
  expect(table.namespaces.removalSeq(driver.id())).toBe(77);
  const id = driver.id();
  expect(table.clear(id, 78)).toBe(0);
  expect(driver.id()).toBe(id);
  expect(table.namespaces.isLive(id)).toBe(true);
  expect(table.namespaces.removalSeq(id)).toBe(78);
});

test("clearing an empty namespace of a full directory leaves it as it was", () => {
  const driver = makeDriver();
  for (let n = 0; n < MAX; n++) driver.set("key", "value", { name: `n${n}` });
  driver.delete("key", "n0");
  expect(driver.table.clear(driver.id("n0"), 50)).toBe(0);
  expect(driver.table.namespaces.isLive(driver.id("n0"))).toBe(true);
  driver.set("key", "again", { name: "n0" });
  expect(driver.get("key", "n0")?.toString()).toBe("again");
  checkTable(driver.table);
});

test("when a key was removed last is known of names that are in the directory no more", () => {
  const driver = makeDriver();
  const { namespaces } = driver.table;
  driver.seq = 100;
  for (let n = 0; n < MAX; n++) driver.set("key", "value", { name: `n${n}` });
  driver.delete("key", "n0");
  expect(namespaces.removalSeq(NO_NAMESPACE)).toBe(0);
  driver.set("key", "value", { name: "other" });
  expect(namespaces.find("n0")).toBe(NO_NAMESPACE);
  expect(namespaces.removalSeq(NO_NAMESPACE)).toBe(109);
  driver.delete("key", "other");
  expect(namespaces.removalSeq(driver.id("n0"))).toBe(111);
});

test("slots got ready for a write that never came go on with the record, or back", () => {
  const driver = makeDriver();
  const { table } = driver;
  for (let n = 0; n < MAX; n++) {
    const block = table.makeRoom(driver.id(`n${n}`), 0 as never, 3, 5, false, () => false);
    table.returnRoom(0 as never, block);
  }
  checkTable(table);
  driver.set("key", "value", { name: "another" });
  checkTable(table);
  driver.set("key", "value", { name: "yet another" });
  table.clear(driver.id("yet another"), 1);
  while (table.reap(10) > 0);
  checkTable(table);
});

test("swapped namespaces exchange what they hold; what was counted stays with the names", () => {
  const driver = makeDriver();
  const { table } = driver;
  driver.set("a", "1", { name: "one" });
  driver.set("b", "2", { name: "one" });
  driver.set("a", "3", { name: "other" });
  const [one, other] = [driver.id("one"), driver.id("other")];
  const bytes = table.namespaces.total(one, NAMESPACE_TOTAL.bytes);
  table.count(one, NAMESPACE_TOTAL.hits);
  table.namespaces.swap(one, other, 77);
  expect([driver.id("one"), driver.id("other")]).toEqual([other, one]);
  expect([table.namespaces.name(one), table.namespaces.name(other)]).toEqual(["other", "one"]);
  expect(driver.get("a", "one")?.toString()).toBe("3");
  expect(driver.get("b", "one")).toBeNull();
  expect(driver.get("b", "other")?.toString()).toBe("2");
  expect(table.namespaces.total(one, NAMESPACE_TOTAL.bytes)).toBe(bytes);
  expect(table.namespaces.total(other, NAMESPACE_TOTAL.hits)).toBe(1);
  expect(table.namespaces.total(one, NAMESPACE_TOTAL.hits)).toBe(0);
  for (const id of [one, other]) expect(table.namespaces.removalSeq(id)).toBe(77);
  checkTable(table);
});

test("names of different lengths are swapped whole", () => {
  const { namespaces } = makeDriver().table;
  const names = ["x".repeat(64), "y"] as const;
  const ids = [namespaces.findOrCreate(names[0]), namespaces.findOrCreate(names[1])] as const;
  namespaces.swap(...ids, 1);
  expect(ids.map((id) => namespaces.name(id))).toEqual([names[1], names[0]]);
  expect(namespaces.isNamed(ids[0], Buffer.from("y"))).toBe(true);
  namespaces.swap(...ids, 2);
  expect(ids.map((id) => namespaces.name(id))).toEqual(names);
});

test("who watches which namespaces hold keys is told of the names that a swap gives them", () => {
  const driver = makeDriver();
  driver.set("a", "1", { name: "one" });
  const { namespaces } = driver.table;
  const other = namespaces.findOrCreate("other");
  const held = namespaces.watch();
  namespaces.swap(driver.id("one"), other, 1);
  expect([...held].sort()).toEqual(["one", "other"]);
});
