/** Pages that are too large for one reply. */
import { expect, test } from "vitest";
import { problem, ScriptedNetwork } from "../../test/support/client-fetch.ts";
import type { Answer } from "../../test/support/client-fetch.ts";
import { PyKV } from "./client.ts";
import { Transport } from "./transport.ts";

const TOO_LARGE = problem(413, "VALUE_TOO_LARGE");

function page(cursor: string | null, ...keys: string[]): Answer {
  const items = keys.map((key) => ({ key, value: 1, version: 1, ttl: null }));
  return { status: 200, body: { namespace: "default", keys, count: keys.length, cursor, items } };
}

function setUp(script: readonly Answer[]) {
  const network = new ScriptedNetwork(script);
  const transport = new Transport({ fetch: network.fetch, url: "http://a" }, network.timing);
  const asked = () => network.calls.map(({ url }) => new URL(url).searchParams);
  return { kv: new PyKV({}, transport), network, asked };
}

test("they are asked for again with half the keys, and the next ones too", async () => {
  const script = [TOO_LARGE, TOO_LARGE, page("next", "a"), TOO_LARGE, page(null, "b")];
  const { kv, asked } = setUp(script);
  const keys: string[] = [];
  for await (const { key } of kv.entries({ pageSize: 8, prefix: "p" })) keys.push(key);
  expect(keys).toEqual(["a", "b"]);
  expect(asked().map((query) => query.get("limit"))).toEqual(["8", "4", "2", "2", "1"]);
  expect(asked().map((query) => query.get("cursor"))).toEqual([null, null, null, "next", "next"]);
  expect(asked().every((query) => query.get("prefix") === "p")).toBe(true);
});

test("a single entry that is too large ends the iteration", async () => {
  const { kv, asked } = setUp([TOO_LARGE]);
  const iterator = kv.entries({ pageSize: 2 })[Symbol.asyncIterator]();
  await expect(iterator.next()).rejects.toMatchObject({ code: "VALUE_TOO_LARGE" });
  expect(asked().length).toBe(2);
});

test("nothing is asked for before the first item is wanted, nor after the last one wanted", async () => {
  const { kv, network } = setUp([page("next", "a", "b"), page(null, "c")]);
  const keys = kv.list();
  expect(network.calls.length).toBe(0);
  for await (const key of keys) if (key === "b") break;
  expect(network.calls.length).toBe(1);
});
