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

/** What `set` makes of a value's type: the type itself, or never where it cannot be stored. */
type Accepted<T> = T extends Storable<T> ? T : never;

test("reads have the type that is asked for, and results the one of their operation", () => {
  expectTypeOf(calls).toBeFunction();
  expectTypeOf(batches).toBeFunction();
});

test("what JSON can express may be stored, interfaces among it", () => {
  expectTypeOf<Accepted<User>>().toEqualTypeOf<User>();
  expectTypeOf<Accepted<Uint8Array>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<Accepted<RawJson>>().toEqualTypeOf<RawJson>();
  expectTypeOf<Accepted<Json>>().toEqualTypeOf<Json>();
  expectTypeOf<Accepted<Date>>().toEqualTypeOf<Date>();
  expectTypeOf<Accepted<null>>().toEqualTypeOf<null>();
  expectTypeOf<Accepted<unknown>>().toEqualTypeOf<unknown>();
  expectTypeOf(rawJson).returns.toEqualTypeOf<RawJson>();
});

test("what JSON cannot express may not", () => {
  expectTypeOf<Storable<undefined>>().toBeNever();
  expectTypeOf<Storable<User | undefined>>().toBeNever();
  expectTypeOf<Storable<bigint>>().toBeNever();
  expectTypeOf<Storable<symbol>>().toBeNever();
  expectTypeOf<Storable<() => void>>().toBeNever();
  expectTypeOf<Storable<Promise<string>>>().toBeNever();
  expectTypeOf<Storable<Map<string, string>>>().toBeNever();
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
