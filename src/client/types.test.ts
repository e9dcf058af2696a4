/** The types of the SDK. The compiler is what runs these: a wrong type here fails `npm run types`. */
import { expectTypeOf, test } from "vitest";
import type { ErrorCode } from "../base/errors.ts";
import { rawJson } from "./index.ts";
import type { PyKV, PyKVError } from "./index.ts";
import type {
  BatchOperation,
  BatchResult,
  BytesEntry,
  Entry,
  Page,
  Value,
  Written,
} from "./index.ts";
import type { GetResult, IncrResult, Json, RawJson, SetResult, Storable } from "./index.ts";

interface User {
  readonly name: string;
  readonly tags?: string[];
}

/** Never called: it is there to be checked. */
async function calls(kv: PyKV): Promise<void> {
  expectTypeOf(await kv.get("a")).toEqualTypeOf<Value | undefined>();
  expectTypeOf(await kv.get<User>("a")).toEqualTypeOf<User | undefined>();
  expectTypeOf(await kv.getWithMeta("a")).toEqualTypeOf<Entry | undefined>();
  expectTypeOf((await kv.getWithMeta<User>("a"))!.value).toEqualTypeOf<User>();
  expectTypeOf(await kv.getBytes("a")).toEqualTypeOf<BytesEntry | undefined>();
  expectTypeOf(await kv.set("a", 1)).toEqualTypeOf<Written>();
  expectTypeOf(await kv.increment("a")).toEqualTypeOf<number>();
  expectTypeOf(await kv.increment("a", 2, { ttl: 1 })).toEqualTypeOf<number>();
  expectTypeOf(await kv.increment("a", undefined, { ttl: 1 })).toEqualTypeOf<number>();
  expectTypeOf(await kv.increment("a", 2n)).toEqualTypeOf<bigint>();
  expectTypeOf(kv.list()).toEqualTypeOf<AsyncIterable<string>>();
  expectTypeOf(kv.entries<User>()).toEqualTypeOf<AsyncIterable<Entry<User>>>();
  expectTypeOf(await kv.listPage()).toEqualTypeOf<Page>();
  expectTypeOf(kv.namespace("x")).toEqualTypeOf<PyKV>();
}

/** Values whose type is not known here may be stored when they are JSON, as in a cache. */
async function generic<T extends Json>(kv: PyKV, value: T, user: User): Promise<void> {
  await kv.set("a", value);
  await kv.update("a", value);
  await kv.set("a", user);
  await kv.set<User>("a", user);
  await kv.batch([{ op: "set", key: "a", value: user }]);
}

/** What may be given to `set` for a value of this type; `never` where it may not. */
type Settable<T> = T extends Value | RawJson | Storable<T> ? T : never;

async function batches(kv: PyKV, many: BatchOperation[]): Promise<void> {
  const [got, put, sum, exact] = await kv.batch([
    { op: "get", key: "a" },
    { op: "set", key: "a", value: { deep: [1] } },
    { op: "incr", key: "n", by: 2 },
    { op: "incr", key: "n", by: 2n },
  ]);
  expectTypeOf(got).toEqualTypeOf<GetResult>();
  expectTypeOf(put).toEqualTypeOf<SetResult>();
  expectTypeOf(sum).toEqualTypeOf<IncrResult<number>>();
  expectTypeOf(exact).toEqualTypeOf<IncrResult<bigint>>();
  if (got.status === "found") expectTypeOf(got.value).toEqualTypeOf<Value>();
  if (got.status === "failed") expectTypeOf(got.error).toEqualTypeOf<PyKVError>();
  if (sum.status === "updated") expectTypeOf(sum.value).toEqualTypeOf<number>();
  const results = await kv.batch(many);
  expectTypeOf(results).toEqualTypeOf<BatchResult[]>();
  for (const result of results) {
    if (result.op === "delete") {
      expectTypeOf(result.status).toEqualTypeOf<"deleted" | "not_found" | "failed">();
    }
  }
}

test("reads have the type that is asked for, and results the one of their operation", () => {
  expectTypeOf(calls).toBeFunction();
  expectTypeOf(batches).toBeFunction();
  expectTypeOf(generic).toBeFunction();
});

test("what JSON can express may be stored, interfaces among it", () => {
  expectTypeOf<Settable<User>>().toEqualTypeOf<User>();
  expectTypeOf<Settable<Uint8Array>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<Settable<RawJson>>().toEqualTypeOf<RawJson>();
  expectTypeOf<Settable<Json>>().toEqualTypeOf<Json>();
  expectTypeOf<Settable<Date>>().toEqualTypeOf<Date>();
  expectTypeOf<Settable<null>>().toEqualTypeOf<null>();
  expectTypeOf<Settable<unknown>>().toEqualTypeOf<unknown>();
  expectTypeOf(rawJson).returns.toEqualTypeOf<RawJson>();
});

test("what JSON cannot express may not", () => {
  expectTypeOf<Settable<undefined>>().toBeNever();
  expectTypeOf<Storable<User | undefined>>().toBeNever();
  expectTypeOf<Settable<bigint>>().toBeNever();
  expectTypeOf<Settable<symbol>>().toBeNever();
  expectTypeOf<Settable<() => void>>().toBeNever();
  expectTypeOf<Settable<Promise<string>>>().toBeNever();
  expectTypeOf<Settable<Map<string, string>>>().toBeNever();
  expectTypeOf<Settable<Set<string>>>().toBeNever();
});

test("an error's code is one of the catalogue or of the client's own", () => {
  expectTypeOf<PyKVError["code"]>().toEqualTypeOf<
    ErrorCode | "UNREACHABLE" | "TIMED_OUT" | "ABORTED" | "BAD_RESPONSE"
  >();
  expectTypeOf<PyKVError>().toExtend<Error>();
});

test("options that contradict a type are refused", () => {
  type SetOptions = NonNullable<Parameters<PyKV["set"]>[2]>;
  expectTypeOf<{ ttl: string }>().not.toExtend<SetOptions>();
  expectTypeOf<{ ttl: null; ifVersion: number; signal: AbortSignal }>().toExtend<SetOptions>();
  expectTypeOf<{ op: "get"; value: 1; key: 1 }>().not.toExtend<BatchOperation>();
  expectTypeOf<ConstructorParameters<typeof PyKV>[0]>().toExtend<object | undefined>();
});
