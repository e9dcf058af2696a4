/**
 * Every kind of write is refused with one error, and nothing of the table changes by it.
 */
import { expect } from "vitest";
import type { ErrorCode } from "../../src/base/errors.ts";
import type { Store } from "../../src/store/store.ts";
import { expectSame } from "./recovery-check.ts";
import { tableOf } from "./witness.ts";
import type { Rig } from "./workload.ts";

interface Present {
  readonly namespace: string;
  readonly key: string;
}

type Write = (store: Store) => Promise<unknown>;

const NEW = { namespace: "default", key: "refused", kind: "text" } as const;

/** More than any reserve that may be left has room for. */
const VALUE = "x".repeat(10_000);

const LARGE_WRITES: readonly Write[] = [
  (store) => store.set({ ...NEW, value: VALUE }),
  (store) => store.batch([{ op: "set", ...NEW, value: VALUE }], true),
];

const SMALL_WRITES: readonly Write[] = [
  (store) => store.set({ ...NEW, value: "v" }),
  (store) => store.increment({ namespace: "tenant-a", key: "counter-9", by: 1n }),
];

/** Writes to a key that is there. */
const CHANGES: readonly ((store: Store, present: Present) => Promise<unknown>)[] = [
  (store, present) => store.set({ ...present, kind: "text", value: VALUE }),
  (store, present) => store.delete(present),
  (store, present) => store.expire({ ...present, deadlineMs: 0 }),
  (store, present) => store.clear(present.namespace),
];

/** Checks it for a log that has failed (all writes), or a disk that is full (those that need room). */
export async function checkRefusal({ store }: Rig, code: ErrorCode): Promise<void> {
  const before = tableOf(store.engine);
  const writes = code === "LOG_FAILED" ? [...LARGE_WRITES, ...SMALL_WRITES] : [...LARGE_WRITES];
  const present = findPresent(store);
  if (code === "LOG_FAILED" && present !== null) {
    for (const change of CHANGES) writes.push((it) => change(it, present));
  }
  for (const write of writes) {
    await expect(write(store)).rejects.toMatchObject({ code });
    expectSame(tableOf(store.engine), before);
  }
}

/** A key that a reader still sees; null when there is none. */
function findPresent(store: Store): Present | null {
  for (const namespace of store.namespaces()) {
    for (let i = 0; i < 32; i += 1) {
      const key = `key-${i}`;
      if (store.get(namespace, key) !== null) return { namespace, key };
    }
  }
  return null;
}
