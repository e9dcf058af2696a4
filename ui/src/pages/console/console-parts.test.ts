/** The parts of the Console page that need no browser: requests, snippets, the command line, history. */
import fc from "fast-check";
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { completionAt, parseCommand, quoteWord, wordsOf } from "./command-line.ts";
import { EMPTY_FORM, operationOf, readForm } from "./form.ts";
import { LineHistory } from "./history.ts";
import { callOf } from "./operations.ts";
import type { Operation } from "./operations.ts";
import { curlOf, redisOf, sdkOf, shellQuote } from "./snippets.ts";

const ORIGIN = "http://127.0.0.1:8000";
const REDIS = { host: "127.0.0.1", port: 6380 };

/** Keys that a shell, a URL or a program would take for something else. */
const HOSTILE = [
  "it's",
  "$(touch /tmp/x)",
  "`id`",
  "a;b|c&d",
  '"quoted"',
  "back\\slash",
  "-n",
  "@file",
  "!!",
  "{a,b}[1-3]",
  "line\nbreak",
  "*?~",
  "%00%s",
  "🦊\u202e",
];

/** The words that a shell makes of a command line, in place of whose program stands `printf`. */
function shellWords(commandLine: string): string[] {
  const script = commandLine.replace(/^[a-z-]+ /, "printf '%s\\0' ");
  const { stdout, status } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  expect(status).toBe(0);
  return stdout.split("\0").slice(0, -1);
}

function set(key: string, text: string, kind: "text" | "json" | "base64" = "text"): Operation {
  return { op: "set", key, value: { kind, text }, ttl: null, ifAbsent: false, ifVersion: null };
}

describe("requests", () => {
  const of = (operation: Operation) => callOf(operation, "shop");
  test.each<[Operation, string, string | null]>([
    [set("k", "v"), "POST /kv/?ns=shop", '{"key":"k","value":"v"}'],
    [set("k", '{"n": 1.0}', "json"), "POST /kv/?ns=shop", '{"key":"k","value":{"n": 1.0}}'],
    [
      set("k", "/w==", "base64"),
      "POST /kv/?ns=shop",
      '{"key":"k","value":"/w==","encoding":"base64"}',
    ],
    [{ op: "get", key: "a/b" }, "GET /kv/a%2Fb?ns=shop", null],
    [
      { op: "get", key: ".." },
      "POST /batch",
      '{"operations":[{"op":"get","key":"..","namespace":"shop"}],"atomic":true}',
    ],
    [
      {
        ...{ op: "update", key: "k", value: { kind: "text", text: "v" } },
        ...{ ttl: null, upsert: true, ifVersion: null },
      },
      "PUT /kv/k?ns=shop&upsert=true",
      '{"value":"v","ttl":null}',
    ],
    [{ op: "delete", key: "k", ifVersion: 7 }, "DELETE /kv/k?ns=shop", null],
    [
      { op: "list", prefix: "a&b", limit: 5, cursor: "1-2-3", values: true },
      "GET /kv/?ns=shop&prefix=a%26b&limit=5&cursor=1-2-3&values=true",
      null,
    ],
    [{ op: "incr", key: "k", by: -5n, ttl: 9 }, "POST /kv/k/incr?ns=shop", '{"by":-5,"ttl":9}'],
    [{ op: "expire", key: "k", ttl: null }, "PATCH /kv/k?ns=shop", '{"ttl":null}'],
    [{ op: "ask", what: "size" }, "GET /namespaces/shop/keys", null],
  ])("request %#", (operation, line, body) => {
    const call = of(operation)!;
    expect([`${call.method} ${call.path}`, call.body]).toEqual([line, body]);
  });

  test("conditions are headers", () => {
    const call = of({ ...set("k", "v"), ifAbsent: true, ifVersion: 3 } as Operation)!;
    expect(call.headers).toMatchObject({ "if-match": '"3"', "if-none-match": "*" });
  });

  test("what no single request can do is no request", () => {
    expect(of({ op: "expire", key: "..", ttl: 5 })).toBeNull();
    expect(of({ op: "expire", key: "é".repeat(2000), ttl: 5 })).toBeNull();
  });
});

describe("snippets", () => {
  test.each(HOSTILE)("curl gets the key %j through a shell as it is", (key) => {
    const call = callOf(set(key, key), "default")!;
    const words = shellWords(curlOf(call, ORIGIN));
    expect(words[0]).toBe(`${ORIGIN}/kv/?ns=default`);
    expect(words.at(-2)).toBe("--data-raw");
    expect(JSON.parse(words.at(-1)!)).toEqual({ key, value: key });
    const [url] = shellWords(curlOf(callOf({ op: "get", key }, "default")!, ORIGIN));
    const segment = new URL(url!).pathname.slice("/kv/".length);
    expect(decodeURIComponent(segment)).toBe(key);
    // curl would expand braces and brackets, and take a path apart at dots.
    expect(url).not.toMatch(/[{}[\]]/);
  });

  test.each(HOSTILE)("redis-cli gets the key %j through a shell as it is", (key) => {
    const { text } = redisOf(set(key, key), "default", REDIS);
    expect(shellWords(text!)).toEqual(["-h", "127.0.0.1", "-p", "6380", "SET", key, key]);
  });

  test("any text is one word to a shell", () => {
    const texts = fc.array(
      fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
      { minLength: 20, maxLength: 20 },
    );
    fc.assert(
      fc.property(texts, (list) => {
        expect(shellWords(`echo ${list.map(shellQuote).join(" ")}`)).toEqual(list);
      }),
      { numRuns: 5 },
    );
  });

  test("namespaces are databases of Redis where they can be, and else switched to", () => {
    const get = { op: "get", key: 'a"b\0' } as const;
    expect(redisOf({ op: "get", key: "k" }, "db3", REDIS).text).toMatch(/ -n 3 GET k$/);
    expect(redisOf({ op: "get", key: "k" }, "db16", REDIS).text).toMatch(/NAMESPACE db16/);
    expect(redisOf(get, "shop", REDIS).text).toBe(
      `printf '%s\\n' 'NAMESPACE shop' 'GET "a\\"b\\x00"' | redis-cli -h 127.0.0.1 -p 6380`,
    );
  });

  test("what redis-cli can't do is said instead", () => {
    const update = { op: "update", key: "k", value: { kind: "text", text: "v" } } as const;
    const rest = { ttl: undefined, upsert: false, ifVersion: null };
    expect(redisOf({ ...update, ...rest }, "default", REDIS).text).toMatch(/SET k v XX KEEPTTL$/);
    expect(redisOf({ ...update, ...rest, ifVersion: 2 }, "default", REDIS).text).toBeNull();
    const list = { op: "list", prefix: "a*b", limit: 9, cursor: "", values: false } as const;
    expect(redisOf(list, "default", REDIS).text).toMatch(/SCAN 0 MATCH 'a\\\*b\*' COUNT 9$/);
    expect(redisOf(set("k", "1", "json"), "default", REDIS).note).toMatch(/text/);
  });

  test("the SDK's have exact values", () => {
    const sdk = (operation: Operation) => sdkOf(operation, "default", ORIGIN).split("\n").at(-2);
    expect(sdk(set("k", '{"a": [1, "x"]}', "json"))).toBe('await kv.set("k", {"a":[1,"x"]});');
    expect(sdk(set("k", "9223372036854775807", "json"))).toBe(
      'await kv.set("k", rawJson("9223372036854775807"));',
    );
    expect(sdk(set("k", '{"__proto__":1}', "json"))).toMatch(/rawJson/);
    expect(sdk({ op: "incr", key: "k", by: 5n, ttl: null })).toMatch(/increment\("k", 5n\)/);
    expect(sdkOf({ op: "get", key: "k" }, "shop", ORIGIN)).toContain('namespace: "shop"');
  });
});

describe("the command line", () => {
  const operation = (line: string) => {
    const command = parseCommand(line);
    return command.kind === "operation" ? command.operation : command;
  };

  test("takes words, quotes and JSON apart", () => {
    const texts = (line: string) => wordsOf(line).map(({ text }) => text);
    expect(texts(`SET 'it''s' "a\\"\\x41\\u00e9\\n" {"a": "}"} EX 5`)).toEqual([
      ...["SET", "it", "s", 'a"Aé\n', '{"a": "}"}', "EX", "5"],
    ]);
    expect(wordsOf('GET "open').at(-1)).toMatchObject({ isClosed: false, text: "open" });
  });

  test.each<[string, object]>([
    ["set k v", { op: "set", key: "k", value: { kind: "text", text: "v" }, ttl: null }],
    [
      'SET k {"a": 1} EX 60 nx',
      { value: { kind: "json", text: '{"a": 1}' }, ttl: 60, ifAbsent: true },
    ],
    ['SET k "5"', { value: { kind: "text", text: "5" } }],
    ["SET k 5 IF 12", { value: { kind: "json", text: "5" }, ifVersion: 12 }],
    ["UPDATE k v", { op: "update", ttl: undefined, upsert: false }],
    ["UPDATE k v PERSIST UPSERT", { ttl: null, upsert: true }],
    ["DEL k", { op: "delete", key: "k", ifVersion: null }],
    ["LIST", { op: "list", prefix: "", limit: null }],
    ["LIST LIMIT 5", { prefix: "", limit: 5 }],
    ['LIST "LIMIT" LIMIT 5 VALUES', { prefix: "LIMIT", limit: 5, values: true }],
    ["INCR k", { op: "incr", by: 1n }],
    ["INCR k -9223372036854775808 EX 1", { by: -9223372036854775808n, ttl: 1 }],
    ["EXPIRE k 1.5", { op: "expire", ttl: 1.5 }],
    ["PERSIST k", { op: "expire", ttl: null }],
    ['BATCH [{"op":"get","key":"a"}] EACH', { op: "batch", atomic: false }],
    ["STATS", { op: "ask", what: "stats" }],
    ["use shop", { kind: "namespace", name: "shop" }],
    ["  ", { kind: "nothing" }],
    ["help", { kind: "help" }],
  ])("%s", (line, meaning) => {
    expect(operation(line)).toMatchObject(meaning);
  });

  test.each([
    ["FLY", /no command FLY/],
    ["toString", /no command/],
    ["GET", /A key is missing\. Usage: GET key/],
    ["SET k", /A value is missing/],
    ["SET k v EX", /EX needs a value/],
    ["SET k v EX 0", /no number of seconds/],
    ["SET k v LATER", /LATER is not understood/],
    ["GET a b", /b is not understood/],
    ['GET "a', /quote is not closed/],
    ["SET k {", /bracket is not closed/],
    ["DELETE k IF x", /IF takes a version/],
  ])("%s is explained", (line, message) => {
    const command = parseCommand(line);
    expect(command.kind === "fault" ? command.message : command.kind).toMatch(message);
  });

  test("what is completed reads back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        expect(wordsOf(`GET ${quoteWord(text)}`).map((word) => word.text)).toEqual(["GET", text]);
      }),
    );
    expect(quoteWord("user:1")).toBe("user:1");
  });

  test.each([
    ["", "none", 0],
    ["ge", "verb", 0],
    ["GET us", "key", 4],
    ["GET ", "key", 4],
    ["SET k v E", "option", 8],
    ["NS x", "none", 3],
    ["nonsense x", "none", 9],
  ])("after %j comes a %s", (line, kind, from) => {
    expect(completionAt(line)).toMatchObject({ kind, from, to: line.length });
  });
});

describe("the history", () => {
  test("goes back and forth, and keeps what is being typed", () => {
    const items = new Map<string, string>();
    const storage = {
      getItem: (name: string) => items.get(name) ?? null,
      setItem: (name: string, text: string) => void items.set(name, text),
    };
    const history = new LineHistory(storage);
    for (const line of ["GET a", "GET b", "GET b", "  "]) history.add(line);
    expect(history.back("typed")).toBe("GET b");
    expect(history.back("GET b")).toBe("GET a");
    expect(history.back("GET a")).toBeNull();
    expect([history.forward(), history.forward(), history.forward()]).toEqual([
      ...["GET b", "typed", null],
    ]);
    expect(new LineHistory(storage).lines).toEqual(["GET a", "GET b"]);
  });

  test("is bounded, and no storage that holds something else breaks it", () => {
    const history = new LineHistory(null);
    for (let i = 0; i < 300; i++) history.add(`GET ${i}`);
    history.add("x".repeat(5000));
    expect([history.lines.length, history.lines[0]]).toEqual([200, "GET 100"]);
    for (const text of ["{", "{}", "[1]"]) {
      expect(new LineHistory({ getItem: () => text, setItem: () => undefined }).lines).toEqual([]);
    }
  });
});

describe("the forms", () => {
  const form = { ...EMPTY_FORM, key: "k" };
  test("make operations", () => {
    expect(operationOf("get", form)).toEqual({ op: "get", key: "k" });
    expect(operationOf("incr", { ...form, by: "+9223372036854775807" })).toMatchObject({
      by: 9223372036854775807n,
    });
    expect(operationOf("update", form)).toMatchObject({ ttl: undefined });
    expect(operationOf("update", { ...form, ttlMode: "clear" })).toMatchObject({ ttl: null });
    expect(operationOf("list", form)).toMatchObject({ limit: 20 });
  });

  test.each([
    ["get", { key: "" }, /at least one/],
    ["set", { value: { kind: "json", text: "{" } }, /not valid JSON/],
    ["set", { ttl: { amount: "x", unit: "s" } }, /time to live/],
    ["delete", { ifVersion: "0" }, /version/],
    ["incr", { by: "1.5" }, /whole number/],
    ["list", { limit: "-1" }, /limit/],
    ["batch", { operations: "[" }, /not valid JSON/],
  ] as const)("%s with %j says what is wrong", (name, part, message) => {
    expect(operationOf(name, { ...form, ...part })).toMatch(message);
  });

  test("of an older console are filled up, and of none are not taken", () => {
    expect(readForm({ key: "k", value: { kind: "text", text: "v" } })).toMatchObject({ by: "1" });
    expect(readForm({ key: 1 })).toBeUndefined();
  });
});
