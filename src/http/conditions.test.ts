import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import type { WriteOutcome } from "../store/types.ts";
import type { Store } from "../store/store.ts";
import { memoryStoreOn } from "../../test/support/store-harness.ts";
import { isFresh, parsePreconditions, writeWhen } from "./conditions.ts";

const TARGET = { namespace: "default", key: "k" };

/** A store whose key "k" has version 2, or none. */
async function makeStore(exists: boolean): Promise<Store> {
  const store = await memoryStoreOn(systemClock);
  await store.set({ ...TARGET, key: "other", kind: "text", value: "1" });
  if (exists) await store.set({ ...TARGET, kind: "text", value: "1" });
  return store;
}

function write(
  store: Store,
  match: string | undefined,
  noneMatch: string | undefined,
): Promise<WriteOutcome> {
  const preconditions = parsePreconditions({ "if-match": match, "if-none-match": noneMatch });
  return writeWhen(store, TARGET, preconditions, (condition) =>
    store.set({ ...TARGET, kind: "text", value: "2", ...condition }),
  );
}

const WRITES: readonly [
  match: string | undefined,
  noneMatch: string | undefined,
  ifExists: boolean,
  ifMissing: boolean,
][] = [
  [undefined, undefined, true, true],
  ["*", undefined, true, false],
  ['"2"', undefined, true, false],
  ['"1"', undefined, false, false],
  ['"1", "2"', undefined, true, false],
  ['"1","3"', undefined, false, false],
  ['W/"2"', undefined, false, false],
  ['W/"2", "2"', undefined, true, false],
  ['"no-version", "a,b"', undefined, false, false],
  ['"a,b", "2"', undefined, true, false],
  ['"2",', undefined, true, false],
  ['"99999999999999999999"', undefined, false, false],
  [undefined, "*", false, true],
  [undefined, '"2"', false, true],
  [undefined, 'W/"2"', false, true],
  [undefined, '"1"', true, true],
  [undefined, '"1", "2"', false, true],
  [undefined, '"1", "3"', true, true],
  [undefined, '"no-version"', true, true],
  ['"2"', '"1"', true, false],
  ['"2"', "*", false, false],
  ['"2", "3"', '"1", "4"', true, false],
];

for (const [match, noneMatch, ifExists, ifMissing] of WRITES) {
  test(`If-Match ${match}, If-None-Match ${noneMatch}: ${ifExists}, ${ifMissing}`, async () => {
    expect((await write(await makeStore(true), match, noneMatch)).done).toBe(ifExists);
    const missing = await write(await makeStore(false), match, noneMatch);
    expect(missing.done).toBe(ifMissing);
    if (!missing.done) expect(missing.exists).toBe(false);
  });
}

test("a writer that comes between look and write makes a list look again", async () => {
  const store = await makeStore(true);
  const preconditions = parsePreconditions({ "if-match": '"2", "3"' });
  const versions: (number | undefined)[] = [];
  const outcome = await writeWhen(store, TARGET, preconditions, async (condition) => {
    if (versions.length === 0) await store.set({ ...TARGET, kind: "text", value: "faster" });
    versions.push(condition.ifVersion);
    return store.set({ ...TARGET, kind: "text", value: "2", ...condition });
  });
  expect(versions).toEqual([2, 3]);
  expect(outcome.done).toBe(true);
});

for (const header of ["2", '"2', '"2" "3"', ",", 'w/"2"', "", '*, "2"']) {
  test(`an entity tag list of ${header} is refused`, () => {
    const expected = expect.objectContaining({ code: "INVALID_REQUEST" }) as Error;
    expect(() => parsePreconditions({ "if-match": header })).toThrow(expected);
  });
}

for (const [noneMatch, fresh] of [
  [undefined, false],
  ['"7"', true],
  ['W/"7"', true],
  ["*", true],
  ['"6", "7"', true],
  ['"6"', false],
  ['"six"', false],
] as const) {
  test(`a read of version 7 with If-None-Match ${noneMatch}: fresh is ${fresh}`, () =>
    expect(isFresh(noneMatch, 7)).toBe(fresh));
}
