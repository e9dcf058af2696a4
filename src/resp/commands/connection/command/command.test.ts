/** COMMAND and its subcommands. */
import { expect, test } from "vitest";
import { respHarness } from "../../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../../test/support/resp-reply.ts";
import type { Reply } from "../../../../../test/support/resp-reply.ts";

const GET_INFO = (
  flags: Reply,
  categories: Reply,
  tips: Reply,
  keys: Reply,
  none: Reply,
): Reply => ["get", 2, flags, 1, 1, 1, categories, tips, keys, none];

test("COMMAND INFO has Redis's shape in RESP2", async () => {
  const one = (await respHarness()).client();
  expect(one.send("COMMAND", "INFO", "GET")).toEqual([
    GET_INFO(
      ["readonly", "fast"],
      ["@read", "@string", "@fast"],
      [],
      [
        [
          "flags",
          ["RO", "access"],
          "begin_search",
          ["type", "index", "spec", ["index", 1]],
          "find_keys",
          ["type", "range", "spec", ["lastkey", 0, "keystep", 1, "limit", 0]],
        ],
      ],
      [],
    ),
  ]);
});

test("COMMAND INFO has Redis's shape in RESP3", async () => {
  const one = (await respHarness()).client();
  one.send("HELLO", "3");
  const spec = (...fields: [string, number][]): Map<Reply, Reply> => new Map(fields);
  expect(one.send("COMMAND", "INFO", "get")).toEqual([
    GET_INFO(
      new Set(["readonly", "fast"]),
      new Set(["@read", "@string", "@fast"]),
      new Set(),
      new Set([
        new Map<Reply, Reply>([
          ["flags", new Set(["RO", "access"])],
          [
            "begin_search",
            new Map<Reply, Reply>([
              ["type", "index"],
              ["spec", spec(["index", 1])],
            ]),
          ],
          [
            "find_keys",
            new Map<Reply, Reply>([
              ["type", "range"],
              ["spec", spec(["lastkey", 0], ["keystep", 1], ["limit", 0])],
            ]),
          ],
        ]),
      ]),
      new Set(),
    ),
  ]);
});

/** Name, arity, first key, last key and step, as redis-server has them. */
const POSITIONS: readonly (readonly [string, readonly number[]])[] = [
  ["mset", [-3, 1, -1, 2]],
  ["del", [-2, 1, -1, 1]],
  ["copy", [-3, 1, 2, 1]],
  ["rename", [3, 1, 2, 1]],
  ["bitop", [-4, 2, -1, 1]],
  ["watch", [-2, 1, -1, 1]],
  ["ping", [-1, 0, 0, 0]],
];
for (const [name, positions] of POSITIONS) {
  test(`COMMAND INFO ${name} tells where the keys are`, async () => {
    const one = (await respHarness()).client();
    const [info] = one.send("COMMAND", "INFO", name) as Reply[][];
    expect([info![1], info![3], info![4], info![5]]).toEqual(positions);
  });
}

test("COMMAND INFO knows subcommands by their full names, and answers nil for others", async () => {
  const one = (await respHarness()).client();
  const replies = one.send(
    "COMMAND",
    "INFO",
    "client|id",
    "nosuch",
    "get|x",
    "client|x",
  ) as Reply[];
  expect((replies[0] as Reply[])[0]).toBe("client|id");
  expect(replies.slice(1)).toEqual([null, null, null]);
});

test("COMMAND INFO of a container has its subcommands within", async () => {
  const one = (await respHarness()).client();
  const [info] = one.send("COMMAND", "INFO", "client") as Reply[][];
  expect(info![6]).toEqual(["@slow"]);
  const names = (info![9] as Reply[][]).map(([name]) => name);
  expect(names).toContain("client|id");
  expect((info![9] as Reply[][])[0]).toEqual([
    "client|id",
    2,
    ["noscript", "loading", "stale"],
    0,
    0,
    0,
    ["@slow", "@connection"],
    [],
    [],
    [],
  ]);
});

test("COMMAND, COMMAND INFO, COMMAND DOCS and COMMAND COUNT are about the same commands", async () => {
  const one = (await respHarness()).client();
  const count = one.send("COMMAND", "COUNT") as number;
  expect(one.send("COMMAND")).toEqual(one.send("COMMAND", "INFO"));
  expect(one.send("COMMAND")).toHaveLength(count);
  expect(one.send("COMMAND", "DOCS")).toHaveLength(count * 2);
  one.send("HELLO", "3");
  expect(one.send("COMMAND", "DOCS")).toHaveProperty("size", count);
});

test("COMMAND DOCS has Redis's shape", async () => {
  const one = (await respHarness()).client();
  expect(one.send("COMMAND", "DOCS", "nosuch", "watch")).toEqual([
    "watch",
    [
      "summary",
      "Monitors changes to keys to determine the execution of a transaction.",
      "since",
      "2.2.0",
      "group",
      "transactions",
      "complexity",
      "O(1) for every key.",
      "arguments",
      [
        [
          "name",
          "key",
          "type",
          "key",
          "display_text",
          "key",
          "key_spec_index",
          0,
          "flags",
          ["multiple"],
        ],
      ],
    ],
  ]);
  expect(one.send("COMMAND", "DOCS", "nosuch")).toEqual([]);
  one.send("HELLO", "3");
  const docs = one.send("COMMAND", "DOCS", "CLIENT|PAUSE") as Map<Reply, Map<Reply, Reply>>;
  expect([...docs.keys()]).toEqual(["client|pause"]);
  const [timeout, mode] = docs.get("client|pause")!.get("arguments") as Map<Reply, Reply>[];
  expect(timeout).toEqual(
    new Map([
      ["name", "timeout"],
      ["type", "integer"],
      ["display_text", "timeout"],
    ]),
  );
  expect([...mode!.keys()]).toEqual(["name", "type", "since", "flags", "arguments"]);
});

test("COMMAND DOCS of a container has its subcommands within", async () => {
  const one = (await respHarness()).client();
  one.send("HELLO", "3");
  const docs = one.send("COMMAND", "DOCS", "command") as Map<Reply, Map<Reply, Reply>>;
  const within = docs.get("command")!.get("subcommands") as Map<Reply, Map<Reply, Reply>>;
  expect(within.get("command|count")!.get("group")).toBe("server");
});

test("arguments that are keys name the range that they belong to", async () => {
  const one = (await respHarness()).client();
  one.send("HELLO", "3");
  const docs = one.send("COMMAND", "DOCS", "copy") as Map<Reply, Map<Reply, Reply>>;
  const parts = docs.get("copy")!.get("arguments") as Map<Reply, Reply>[];
  expect(parts.slice(0, 2).map((part) => part.get("key_spec_index"))).toEqual([0, 1]);
});

const LISTS: readonly (readonly [string, (names: string[]) => boolean])[] = [
  ["", (names) => names.includes("get") && names.includes("client|id")],
  ["FILTERBY MODULE x", (names) => names.length === 0],
  ["filterby aclcat nosuch", (names) => names.length === 0],
  [
    "FILTERBY ACLCAT transaction",
    (names) => names.sort().join() === "discard,exec,multi,unwatch,watch",
  ],
  ["FILTERBY PATTERN unw*", (names) => names.join() === "unwatch"],
  ["FILTERBY PATTERN CLIENT|I?", (names) => names.join() === "client|id"],
];
for (const [rest, holds] of LISTS) {
  test(`COMMAND LIST ${rest}`, async () => {
    const one = (await respHarness()).client();
    const parts = rest === "" ? [] : rest.split(" ");
    expect(one.send("COMMAND", "LIST", ...parts)).toSatisfy(holds);
  });
}

const KEYS: readonly (readonly [string, Reply])[] = [
  ["GETKEYS GET a", ["a"]],
  ["GETKEYS mset a b c d", ["a", "c"]],
  ["GETKEYS mset a b c", ["a", "c"]],
  ["GETKEYS copy a b c", ["a", "b"]],
  ["GETKEYS bitop and d a b", ["d", "a", "b"]],
  ["GETKEYS object encoding a", ["a"]],
  ["GETKEYSANDFLAGS get a", [["a", ["RO", "access"]]]],
  ["GETKEYSANDFLAGS set a b", [["a", ["OW", "update"]]]],
  ["GETKEYSANDFLAGS set a b get", [["a", ["RW", "access", "update"]]]],
  ["GETKEYSANDFLAGS bitfield k get u8 1", [["k", ["RO", "access"]]]],
  ["GETKEYSANDFLAGS bitfield k set u8 1 1", [["k", ["RW", "access", "update"]]]],
];
for (const [rest, reply] of KEYS) {
  test(`COMMAND ${rest}`, async () => {
    const one = (await respHarness()).client();
    expect(one.send("COMMAND", ...rest.split(" "))).toEqual(reply);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["foo", "ERR unknown subcommand 'foo'. Try COMMAND HELP."],
  ["COUNT x", "ERR wrong number of arguments for 'command|count' command"],
  ["LIST x", "ERR syntax error"],
  ["LIST FILTERBY", "ERR syntax error"],
  ["LIST FILTERBY foo bar", "ERR syntax error"],
  ["GETKEYS get", "ERR wrong number of arguments for 'command|getkeys' command"],
  ["GETKEYS nosuch x", "ERR Invalid command specified"],
  ["GETKEYS client nosuch", "ERR Invalid command specified"],
  ["GETKEYS client id", "ERR The command has no key arguments"],
  ["GETKEYS spublish a b", "ERR The command has no key arguments"],
  ["GETKEYS set a", "ERR Invalid number of arguments specified for command"],
  ["GETKEYSANDFLAGS get a b c", "ERR Invalid number of arguments specified for command"],
];
for (const [rest, error] of REFUSED) {
  test(`COMMAND ${rest} is refused`, async () => {
    const one = (await respHarness()).client();
    expect(one.send("COMMAND", ...rest.split(" "))).toEqual(new ReplyError(error));
  });
}

test("COMMAND HELP names every subcommand", async () => {
  const one = (await respHarness()).client();
  const lines = one.send("COMMAND", "HELP") as string[];
  for (const name of ["COUNT", "LIST", "INFO", "DOCS", "GETKEYS", "GETKEYSANDFLAGS", "HELP"]) {
    expect(lines.some((line) => line.startsWith(name))).toBe(true);
  }
});
