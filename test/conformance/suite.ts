/**
 * The conformance suite, over any store: the table of cases, and what takes more than one request.
 */
import { expect, test } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import type { App } from "../../src/http/context.ts";
import type { StoreApi } from "../../src/store/types.ts";
import { makeServer } from "../support/http.ts";
import type { Ask, Case } from "./case.ts";
import { CASES } from "./cases.ts";

type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
export type Reply = Awaited<ReturnType<typeof ask>>;

/** Makes a store that is empty and reads the time from the clock given. */
export type MakeStore<Store extends StoreApi> = (clock: Clock) => Store | Promise<Store>;

export function ask(app: App, { line, body, headers = {} }: Ask) {
  const [method, url = "/"] = line.split(/ (.*)/s);
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  return app.inject({
    method: method as Method,
    url,
    headers: { host: "127.0.0.1:1", ...(body === undefined ? {} : JSON_TYPE), ...headers },
    ...(body === undefined ? {} : { payload }),
  });
}

const JSON_TYPE = { "content-type": "application/json" };

/** @param closeStore frees what makeStore took. */
export function conformance<Store extends StoreApi>(
  makeStore: MakeStore<Store>,
  closeStore: (store: Store) => unknown,
): void {
  for (const one of CASES) {
    test(`${one.line}: ${one.title}`, async () => {
      const { app, store, logger } = await makeServer(makeStore);
      try {
        for (const given of one.given ?? []) {
          expect((await ask(app, given)).statusCode).toBeLessThan(300);
        }
        check(await ask(app, one), one);
        expect(logger.errors).toEqual([]);
      } finally {
        await app.close();
        await closeStore(store);
      }
    });
  }
  sequences(makeStore, closeStore);
}

function check(reply: Reply, expected: Case): void {
  const { status, reply: body, code, field, replyHeaders = {} } = expected;
  expect(reply.statusCode, reply.body).toBe(status);
  if (typeof body === "string") expect(reply.body).toBe(body);
  else if (body !== undefined) expect(reply.json()).toMatchObject(body);
  for (const [name, value] of Object.entries(replyHeaders)) {
    expect(reply.headers[name]).toBe(value);
  }
  if (status >= 400 && !expected.line.startsWith("HEAD")) checkProblem(reply, code, field);
}

function checkProblem(reply: Reply, code: string | undefined, field: string | undefined): void {
  expect(reply.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  const problem = reply.json<{ code: string; errors?: { path: string }[] }>();
  expect(problem).toMatchObject({
    status: reply.statusCode,
    type: `urn:pykv:error:${problem.code}`,
  });
  if (code !== undefined) expect(problem.code).toBe(code);
  if (field !== undefined) expect(problem.errors?.map(({ path }) => path)).toEqual([field]);
}

function sequences<Store extends StoreApi>(
  makeStore: MakeStore<Store>,
  closeStore: (store: Store) => unknown,
): void {
  test("pages join to the whole list, without a key missing", async () => {
    const { app, store } = await makeServer(makeStore);
    const keys = Array.from({ length: 25 }, (_, i) => `k${i}`);
    for (const key of keys) await ask(app, { line: "POST /kv/", body: { key, value: key } });
    const seen = new Set<string>();
    let cursor: string | null = "";
    while (cursor !== null) {
      const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const reply = await ask(app, { line: `GET /kv/?limit=7${after}` });
      const page = reply.json<{ keys: string[]; count: number; cursor: string | null }>();
      expect(page.count).toBe(page.keys.length);
      for (const key of page.keys) seen.add(key);
      cursor = page.cursor;
    }
    expect([...seen].sort()).toEqual([...keys].sort());
    await app.close();
    await closeStore(store);
  });

  test("a key is gone when its ttl is over, and PUT keeps the deadline it had", async () => {
    const { app, store, clock } = await makeServer(makeStore);
    await ask(app, { line: "POST /kv/", body: { key: "a", value: 1, ttl: 2 } });
    clock.advance(500);
    await ask(app, { line: "PUT /kv/a", body: { value: 2 } });
    expect((await ask(app, { line: "GET /kv/a" })).json()).toMatchObject({ value: 2, ttl: 1.5 });
    clock.advance(1_500);
    expect((await ask(app, { line: "GET /kv/a" })).statusCode).toBe(404);
    await app.close();
    await closeStore(store);
  });

  test("an atomic batch that fails changes nothing", async () => {
    const { app, store } = await makeServer(makeStore);
    await ask(app, { line: "POST /kv/", body: { key: "a", value: "x" } });
    const operations = [
      { op: "set", key: "b", value: 1 },
      { op: "incr", key: "a" },
    ];
    expect((await ask(app, { line: "POST /batch", body: { operations } })).statusCode).toBe(409);
    expect((await ask(app, { line: "GET /kv/b" })).statusCode).toBe(404);
    await app.close();
    await closeStore(store);
  });
}
