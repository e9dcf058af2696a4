import { expect, test } from "vitest";
import { respHarness } from "../../test/support/resp-harness.ts";
import type { RespHarness, TestClient } from "../../test/support/resp-harness.ts";
import { ReplyError } from "../../test/support/resp-reply.ts";
import type { Reply } from "../../test/support/resp-reply.ts";
import { CHANGE } from "../store/observer.ts";

const ABORTED = new ReplyError("EXECABORT Transaction discarded because of previous errors.");

/** Commands as words, sent one after the other. */
function run(client: TestClient, ...commands: string[]): Reply[] {
  return commands.map((command) => client.send(...command.split(" ")));
}

interface WatchCase {
  readonly name: string;
  readonly before?: readonly string[];
  readonly between: (harness: RespHarness, other: TestClient, self: TestClient) => unknown;
  readonly isChange: boolean;
}

const WATCH_CASES: readonly WatchCase[] = [
  { name: "nothing happens", before: ["SET k 1"], between: () => 0, isChange: false },
  { name: "nothing happens to a key that is not there", between: () => 0, isChange: false },
  {
    name: "another client sets it",
    before: ["SET k 1"],
    between: (_, other) => other.send("SET", "k", "1"),
    isChange: true,
  },
  {
    name: "the client itself sets it",
    before: ["SET k 1"],
    between: (_, __, self) => self.send("SET", "k", "2"),
    isChange: true,
  },
  {
    name: "it is read",
    before: ["SET k 1"],
    between: (_, other) => other.send("GET", "k"),
    isChange: false,
  },
  {
    name: "it is deleted",
    before: ["SET k 1"],
    between: (_, other) => other.send("DEL", "k"),
    isChange: true,
  },
  {
    name: "it is deleted and set again to the same",
    before: ["SET k 1"],
    between: (_, other) => run(other, "DEL k", "SET k 1"),
    isChange: true,
  },
  {
    name: "it is given a deadline",
    before: ["SET k 1"],
    between: (_, other) => other.send("EXPIRE", "k", "100"),
    isChange: true,
  },
  {
    name: "its deadline passes",
    before: ["SET k 1", "PEXPIRE k 50"],
    between: ({ clock }) => clock.advance(50),
    isChange: true,
  },
  {
    name: "its deadline does not pass yet",
    before: ["SET k 1", "PEXPIRE k 50"],
    between: ({ clock }) => clock.advance(49),
    isChange: false,
  },
  {
    name: "a key that is not there is set",
    between: (_, other) => other.send("SET", "k", "1"),
    isChange: true,
  },
  {
    name: "a key that is not there is set and deleted",
    between: (_, other) => run(other, "SET k 1", "DEL k"),
    isChange: true,
  },
  {
    name: "a key that is not there is deleted",
    between: (_, other) => other.send("DEL", "k"),
    isChange: false,
  },
  {
    name: "another key is set",
    between: (_, other) => run(other, "SET kk 1", "SET j 1"),
    isChange: false,
  },
  {
    name: "a key of that name in another namespace is set",
    between: (_, other) => run(other, "SELECT 1", "SET k 1"),
    isChange: false,
  },
  {
    name: "its namespace is cleared",
    before: ["SET k 1"],
    between: ({ store }) => store.clear("default"),
    isChange: true,
  },
  {
    name: "the namespace is cleared in which it is not",
    before: ["SET j 1"],
    between: ({ store }) => store.clear("default"),
    isChange: false,
  },
  {
    name: "it is set through another door",
    between: ({ store }) => store.set({ namespace: "default", key: "k", kind: "text", value: "v" }),
    isChange: true,
  },
  {
    name: "it was past its deadline and is swept",
    before: ["SET k 1", "PEXPIRE k 50", "@50"],
    between: ({ store }) => store.engine.remove(slotOf(store), 2),
    isChange: false,
  },
  {
    name: "it was past its deadline and is set",
    before: ["SET k 1", "PEXPIRE k 50", "@50"],
    between: (_, other) => other.send("SET", "k", "1"),
    isChange: true,
  },
];

function slotOf({ engine }: RespHarness["store"]): ReturnType<typeof engine.table.find> {
  const { table } = engine;
  const key = Buffer.from("k");
  const namespace = table.namespaces.find("default");
  return table.find(namespace, table.hash(namespace, key, 0, 1), key, 0, 1);
}

for (const { name, before = [], between, isChange } of WATCH_CASES) {
  test(`WATCH: ${name}: ${isChange ? "a change" : "no change"}`, async () => {
    const harness = await respHarness();
    const self = harness.client();
    const other = harness.client();
    for (const command of before) {
      if (command.startsWith("@")) harness.clock.advance(Number(command.slice(1)));
      else other.send(...command.split(" "));
    }
    expect(self.send("WATCH", "k")).toBe("OK");
    await between(harness, other, self);
    run(self, "MULTI", "SET done 1");
    expect(self.send("EXEC")).toEqual(isChange ? null : ["OK"]);
    expect(other.send("SELECT", "0")).toBe("OK");
    expect(other.send("GET", "done")).toBe(isChange ? null : "1");
  });
}

test("an evicted key counts as changed", async () => {
  const { client } = await respHarness({}, { capacityKeys: 2 });
  const [self, other] = [client(), client()];
  run(other, "SET k 1");
  self.send("WATCH", "k");
  run(other, "SET a 1", "SET b 1");
  expect(other.send("EXISTS", "k")).toBe(0);
  run(self, "MULTI", "SET done 1");
  expect(self.send("EXEC")).toBeNull();
});

test("one of several watched keys is enough, and WATCH adds to those before", async () => {
  const { client } = await respHarness();
  const [self, other] = [client(), client()];
  run(self, "WATCH a b", "WATCH c c");
  other.send("SET", "b", "1");
  run(self, "MULTI", "SET done 1");
  expect(self.send("EXEC")).toBeNull();
});

test("EXEC ends the watches, whether it ran or not", async () => {
  const { client, door } = await respHarness();
  const [self, other] = [client(), client()];
  for (const isChanged of [true, false]) {
    self.send("WATCH", `k${isChanged}`);
    if (isChanged) other.send("SET", `k${isChanged}`, "1");
    run(self, "MULTI", "EXEC");
    expect(door.watches.size).toBe(0);
    other.send("SET", `k${isChanged}`, "2");
    expect(run(self, "MULTI", "EXEC")).toEqual(["OK", []]);
  }
});

test("an aborted transaction says so even if a watched key has changed", async () => {
  const { client } = await respHarness();
  const [self, other] = [client(), client()];
  self.send("WATCH", "k");
  other.send("SET", "k", "1");
  run(self, "MULTI", "GET");
  expect(self.send("EXEC")).toEqual(ABORTED);
});

test("UNWATCH, RESET and the end of the connection take the watches away", async () => {
  const { client, door } = await respHarness();
  const other = client();
  const ends: ((self: TestClient) => unknown)[] = [
    (self) => self.send("UNWATCH"),
    (self) => self.send("RESET"),
    (self) => self.close(),
  ];
  for (const end of ends) {
    const self = client();
    self.send("WATCH", "absent");
    expect(door.watches.size).toBe(1);
    expect(door.engine.observer).not.toBeNull();
    end(self);
    expect(door.watches.size).toBe(0);
    expect(door.engine.observer).toBeNull();
    if (self.wire.isClosed) continue;
    run(other, "SET absent 1", "DEL absent");
    expect(run(self, "MULTI", "EXEC")).toEqual(["OK", []]);
  }
});

test("UNWATCH without WATCH is well, and within MULTI is queued", async () => {
  const one = (await respHarness()).client();
  expect(run(one, "UNWATCH", "MULTI", "UNWATCH", "EXEC")).toEqual(["OK", "OK", "QUEUED", ["OK"]]);
});

test("what is watched counts against the query buffer", async () => {
  const { client } = await respHarness({ queryBytesMax: 2048 });
  const one = client();
  expect(one.send("WATCH", "a")).toBe("OK");
  const names = Array.from({ length: 20 }, (_, i) => `key${i}`);
  expect(one.send("WATCH", ...names)).toEqual(
    new ReplyError("ERR the transaction is longer than the query buffer may be"),
  );
});

test("a client is told of a touched key in CLIENT INFO", async () => {
  const { client, door } = await respHarness();
  const one = client();
  one.send("WATCH", "k");
  expect(one.send("CLIENT", "INFO")).toContain(" flags=N ");
  door.changes.changed(
    CHANGE.created,
    door.engine.namespaceFor("default"),
    Buffer.from("k"),
    0,
    1,
    1,
  );
  expect(one.send("CLIENT", "INFO")).toContain(" flags=d ");
});
