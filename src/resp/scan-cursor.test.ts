import { expect, test } from "vitest";
import { TableDriver } from "../../test/support/table-driver.ts";
import { NAMESPACE_TOTAL } from "../memory/namespaces.ts";
import { decodeCursor, encodeCursor, parseCursor } from "./scan-cursor.ts";

test("a cursor comes back as it was while its page is there, whatever its ordinal", () => {
  for (const before of [0, 2 ** 25 - 1, 2 ** 25, 2 ** 40]) {
    const driver = new TableDriver();
    const { table } = driver;
    const id = driver.id();
    table.shard.f64[table.namespaces.double(id) + NAMESPACE_TOTAL.lastOrdinal] = before;
    for (let i = 0; i < 200; i++) driver.set(`k${i}`, "v");
    const cursor = { ordinal: 0, page: 0, place: 0 };
    for (let i = 0; i < 180; i++) table.next(id, cursor, Infinity);
    expect(cursor).toMatchObject({ ordinal: before + 2, place: 10 });
    const value = encodeCursor(cursor);
    expect(value).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(decodeCursor(table, id, value)).toEqual(cursor);
  }
});

test("a cursor whose page is gone is no later than it was", () => {
  const driver = new TableDriver();
  const id = driver.id();
  for (const ordinal of [1, 2 ** 25 - 1, 2 ** 25, 2 ** 25 + 9, 2 ** 47]) {
    const value = encodeCursor({ ordinal, page: 2 ** 20 - 1, place: 169 });
    expect(Number.isSafeInteger(value)).toBe(true);
    const back = decodeCursor(driver.table, id, value);
    expect(back.ordinal).toBeLessThanOrEqual(ordinal);
    if (ordinal < 2 ** 25) expect(back).toEqual({ ordinal, page: 2 ** 20 - 1, place: 169 });
  }
});

for (const [text, value] of [
  ["0", 0],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ["9007199254740992", Infinity],
  ["18446744073709551615", Infinity],
  ["18446744073709551616", null],
  ["-0", 0],
  ["-1", Infinity],
  ["+17", 17],
  ["0017", 17],
  ["", 0],
  ["+", null],
  ["1e3", null],
  ["1\n", null],
] as const) {
  test(`reads ${JSON.stringify(text)} as ${value}`, () => expect(parseCursor(text)).toBe(value));
}
