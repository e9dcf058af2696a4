import { expect, test } from "vitest";
import {
  respHarness,
  respHarnessOnDisk,
  type RespHarness,
} from "../../test/support/resp-harness.ts";
import { sweepExpired } from "../store/maintenance.ts";
import { formatKeyspaceEvents, parseKeyspaceEvents } from "./notifier.ts";

/** A client that hears all notifications, and one that acts; what was heard, as `channel message`. */
async function harness(events: string) {
  const { door, store, clock, client } = await respHarness({ keyspaceEvents: events });
  return { ...listen({ door, store, clock, client }), door, store, clock };
}

function listen({ client }: RespHarness) {
  const listener = client();
  listener.send("HELLO", "3");
  listener.feed("PSUBSCRIBE __key*\r\n");
  const heard = (): string[] => {
    listener.replies();
    return listener.pushed
      .splice(0)
      .filter(({ items }) => items[0] === "pmessage")
      .map(({ items }) => (items.slice(2) as string[]).join(" "));
  };
  heard();
  return { actor: client(), heard };
}

const FORMS: [string, string][] = [
  ["", ""],
  ["KEA", "AKE"],
  ["g$lshzxetdK", "AK"],
  ["nKEmg$x", "g$xnKEm"],
  ["AKEnm", "AnKEm"],
  ["KK", "K"],
  ["Ag", "A"],
];
for (const [given, shown] of FORMS) {
  test(`the events "${given}" are shown as "${shown}"`, () => {
    expect(formatKeyspaceEvents(parseKeyspaceEvents(given)!)).toBe(shown);
    expect(parseKeyspaceEvents(shown)).toBe(parseKeyspaceEvents(given));
  });
}

test("letters that mean nothing are refused, and nothing changes", async () => {
  const { door, actor, heard } = await harness("KA");
  for (const letters of ["q", "KEAq", "k", " ", "é"]) {
    expect(door.configureNotifications(letters)).toBe(false);
  }
  expect(door.settings.keyspaceEvents).toBe("AK");
  actor.send("SET", "k", "v");
  expect(heard()).toEqual(["__keyspace@0__:k set"]);
});

test("both forms come, the key's first", async () => {
  const { actor, heard } = await harness("KEA");
  actor.send("SET", "k", "v");
  expect(heard()).toEqual(["__keyspace@0__:k set", "__keyevent@0__:set k"]);
});

test("nothing comes without K or E, or without a class, or when it is turned off", async () => {
  for (const events of ["A", "KE", ""]) {
    const { actor, heard } = await harness(events);
    actor.send("SET", "k", "v");
    expect(heard()).toEqual([]);
  }
  const { door, actor, heard } = await harness("KEA");
  expect(door.configureNotifications("")).toBe(true);
  actor.send("SET", "k", "v");
  expect(heard()).toEqual([]);
  expect(door.engine.observer).toBeNull();
});

const CLASSES: [string, string[][], string[]][] = [
  [
    "E$",
    [
      ["SET", "k", "v"],
      ["DEL", "k"],
      ["GET", "k"],
    ],
    ["__keyevent@0__:set k"],
  ],
  [
    "Eg",
    [
      ["SET", "k", "v"],
      ["EXPIRE", "k", "9"],
      ["PERSIST", "k"],
      ["DEL", "k"],
    ],
    ["__keyevent@0__:expire k", "__keyevent@0__:persist k", "__keyevent@0__:del k"],
  ],
  [
    "Em",
    [
      ["SET", "k", "v"],
      ["GET", "k"],
      ["GET", "none"],
    ],
    ["__keyevent@0__:keymiss none"],
  ],
  [
    "En$",
    [
      ["SET", "k", "v"],
      ["SET", "k", "w"],
      ["APPEND", "k", "x"],
      ["INCR", "n"],
    ],
    [
      "__keyevent@0__:new k",
      "__keyevent@0__:set k",
      "__keyevent@0__:set k",
      "__keyevent@0__:append k",
      "__keyevent@0__:new n",
      "__keyevent@0__:incrby n",
    ],
  ],
  [
    "El",
    [
      ["SET", "k", "v"],
      ["DEL", "k"],
    ],
    [],
  ],
  [
    "EA",
    [
      ["SELECT", "3"],
      ["SET", "k", "v"],
    ],
    ["__keyevent@3__:set k"],
  ],
  ["EA", [["SET", "k", "v"], ["FLUSHDB"]], ["__keyevent@0__:set k"]],
];
for (const [events, commands, expected] of CLASSES) {
  test(`with ${events}, ${commands.map((parts) => parts.join(" ")).join(", ")} gives ${expected.length} events`, async () => {
    const { actor, heard } = await harness(events);
    for (const parts of commands) actor.send(...parts);
    expect(heard()).toEqual(expected);
  });
}

test("keys are bytes", async () => {
  const { actor, heard } = await harness("KE$");
  actor.send("SET", Buffer.from([0, 255, 10]), "v");
  expect(heard()).toEqual(["__keyspace@0__:\x00\xff\n set", "__keyevent@0__:set \x00\xff\n"]);
});

test("changes by another door have the names that their kind has, whatever was done before", async () => {
  const { store, clock, actor, heard } = await harness("EA");
  actor.send("APPEND", "k", "v");
  heard();
  const write = { namespace: "default", key: "k", kind: "text", value: "v" } as const;
  await store.set(write);
  await store.set({ ...write, namespace: "tenant", deadlineMs: clock.nowMs() + 50 });
  await store.delete({ namespace: "default", key: "k" });
  expect(heard()).toEqual([
    "__keyevent@0__:set k",
    "__keyevent@tenant__:set k",
    "__keyevent@0__:del k",
  ]);
});

test("an expired key is told of when it is swept, without anybody looking", async () => {
  const { store, clock, actor, heard } = await harness("EA");
  actor.send("SET", "k", "v", "PX", "40");
  heard();
  clock.advance(39);
  sweepExpired(store.engine, clock.nowMs(), () => false);
  expect(heard()).toEqual([]);
  clock.advance(20);
  sweepExpired(store.engine, clock.nowMs(), () => false);
  expect(heard()).toEqual(["__keyevent@0__:expired k"]);
});

test("a key written over past its deadline has expired first", async () => {
  const { clock, actor, heard } = await harness("EAn");
  actor.send("SET", "k", "v", "PX", "40");
  heard();
  clock.advance(40);
  actor.send("SET", "k", "w");
  expect(heard()).toEqual([
    "__keyevent@0__:expired k",
    "__keyevent@0__:new k",
    "__keyevent@0__:set k",
  ]);
});

test("an evicted key is told of, whoever's write it made room for", async () => {
  const harnessed = await respHarness({ keyspaceEvents: "Ee" }, { capacityKeys: 2 });
  const { actor, heard } = listen(harnessed);
  for (const key of ["a", "b", "c"]) actor.send("SET", key, "v");
  expect(heard()).toEqual(["__keyevent@0__:evicted a"]);
});

test("nobody hears of a change before it is durable", async () => {
  const harnessed = await respHarnessOnDisk({ keyspaceEvents: "EA" });
  const { actor, heard } = listen(harnessed);
  actor.feed("SET k v\r\n");
  expect(heard()).toEqual([]);
  expect(await actor.waitForReplies()).toEqual(["OK"]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard()).toEqual(["__keyevent@0__:set k"]);
});
