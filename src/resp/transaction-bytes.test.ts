/**
 * What a transaction logs is never more than what EXEC has asked the log for.
 */
import { expect, test } from "vitest";
import { createRandom, randomBelow } from "../../test/support/random.ts";
import type { Random } from "../../test/support/random.ts";
import { encodeRequest, respHarnessOnDisk } from "../../test/support/resp-harness.ts";
import type { RespHarness } from "../../test/support/resp-harness.ts";
import { ReplyError } from "../../test/support/resp-reply.ts";
import type { Reply } from "../../test/support/resp-reply.ts";
import { argsOf } from "./args.ts";
import { logBytesMax } from "./transaction-bytes.ts";
import type { Queued } from "./transaction-bytes.ts";

const KEYS = ["a", "b", "c", "a-key-with-a-longer-name"];
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const ROUNDS = 15;

type Make = (key: () => string, text: () => string, number: () => string) => string[];

const COMMANDS: readonly Make[] = [
  (key, text) => ["SET", key(), text()],
  (key, text, number) => ["SET", key(), text(), "EX", `${Number(number()) + 1}`],
  (key, text) => ["MSET", key(), text(), key(), text()],
  (key, text) => ["MSETNX", key(), text(), key(), text()],
  (key) => ["INCR", key()],
  (key, _, number) => ["INCRBYFLOAT", key(), `${number()}.5`],
  (key, text) => ["APPEND", key(), text()],
  (key, text, number) => ["SETRANGE", key(), number(), text()],
  (key, _, number) => ["SETBIT", key(), number(), "1"],
  (key) => ["BITOP", "OR", key(), key(), key()],
  (key, _, number) => ["BITFIELD", key(), "SET", "u8", number(), "255"],
  (key) => ["COPY", key(), key(), "DB", "3", "REPLACE"],
  (key) => ["RENAME", key(), key()],
  (key) => ["MOVE", key(), "3"],
  (key) => ["DEL", key(), key()],
  (key, _, number) => ["EXPIRE", key(), `${Number(number()) + 1}`],
  (key) => ["PERSIST", key()],
  (key, text) => ["GETSET", key(), text()],
  () => ["SELECT", "3"],
  () => ["SELECT", "0"],
  () => ["FLUSHDB"],
  () => ["FLUSHALL"],
  () => ["SWAPDB", "0", "3"],
];

function randomCommands(random: Random): string[][] {
  const below = (limit: number): number => randomBelow(random, limit);
  const key = (): string => KEYS[below(KEYS.length)]!;
  const text = (): string => "x".repeat(below(4) === 0 ? below(20_000) : below(30));
  const number = (): string => `${below(below(4) === 0 ? 10_000 : 20)}`;
  return Array.from({ length: 1 + below(12) }, () =>
    COMMANDS[below(COMMANDS.length)]!(key, text, number),
  );
}

/** Of what is in the table of commands; others are left out. */
function queuedOf({ door }: RespHarness, commands: readonly string[][]): Queued[] {
  return commands.flatMap((command) => {
    const args = argsOf(command);
    const entry = door.dispatcher.registry.find(args);
    return entry === null ? [] : [{ entry, args }];
  });
}

for (const seed of SEEDS) {
  test(`random transactions stay within their bound, seed ${seed}`, async () => {
    const harness = await respHarnessOnDisk();
    const { client, store, door } = harness;
    const one = client();
    const random = createRandom(seed);
    let logged = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const commands = randomCommands(random).filter(
        (command) => door.dispatcher.registry.find(argsOf(command)) !== null,
      );
      const bound = logBytesMax(one.connection.client, queuedOf(harness, commands));
      const before = store.engine.journal.stats().bytesSinceRoll;
      const requests = [["MULTI"], ...commands, ["EXEC"]];
      one.feed(Buffer.concat(requests.map((parts) => encodeRequest(parts))));
      const replies = await one.waitForReplies(requests.length);
      expect(isComplete(replies.at(-1)!, commands.length)).toBe(true);
      const bytes = store.engine.journal.stats().bytesSinceRoll - before;
      expect(bytes).toBeLessThanOrEqual(bound);
      logged += bytes;
    }
    expect(logged).toBeGreaterThan(1000);
  });
}

/** Whether there is a reply for each command and none was refused for lack of room. */
function isComplete(reply: Reply, count: number): boolean {
  if (!Array.isArray(reply) || reply.length !== count) return false;
  return !reply.some((each) => each instanceof ReplyError && each.message.startsWith("OOM"));
}

test("transactions that evict stay within what they were granted", async () => {
  const { client } = await respHarnessOnDisk({}, { capacityKeys: 50 });
  const one = client();
  for (let round = 0; round < 5; round++) {
    const sets = Array.from({ length: 100 }, (_, i) => ["SET", `key-${round}-${i}`, "v"]);
    const pairs = Array.from({ length: 40 }, (_, i) => [`many-${round}-${i}`, "v"]).flat();
    const requests = [["MULTI"], ...sets, ["MSET", ...pairs], ["EXEC"]];
    one.feed(Buffer.concat(requests.map((parts) => encodeRequest(parts))));
    const replies = await one.waitForReplies(requests.length);
    expect(new Set(replies.at(-1) as Reply[])).toEqual(new Set(["OK"]));
  }
});
