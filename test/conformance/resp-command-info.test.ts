/**
 * What COMMAND INFO tells of each command is what a redis-server tells of it: clients route by it.
 */
import { connect } from "node:net";
import { expect, onTestFinished } from "vitest";
import { COMMANDS } from "../../src/resp/commands/index.ts";
import { startRedisServer } from "../support/redis-tools.ts";
import { testNeeding } from "../support/test-tools.ts";
import { encodeRequest, respHarness } from "../support/resp-harness.ts";
import { parseReplies } from "../support/resp-reply.ts";
import type { Reply } from "../support/resp-reply.ts";

const PARTS = ["name", "arity", "flags", "first key", "last key", "step", "categories"] as const;

testNeeding("redis-server")("COMMAND INFO answers as Redis does", async () => {
  const redis = await startRedisServer();
  onTestFinished(() => redis.stop());
  const names = COMMANDS.map(({ name }) => name);
  const request = encodeRequest(["COMMAND", "INFO", ...names]);
  const theirs = await askRedis(redis.port, request);
  const { client } = await respHarness();
  const ours = client().send("COMMAND", "INFO", ...names) as Reply[];
  const differences = names.flatMap((name, i) => differencesOf(name, theirs[i]!, ours[i]!));
  expect(differences).toEqual([]);
});

/** What 7.2 has changed since the server that is at hand. */
const CHANGED: ReadonlySet<string> = new Set(["wait, flags", "wait, categories"]);

function differencesOf(name: string, theirs: Reply, ours: Reply): string[] {
  // Newer than the server, or our own.
  if (theirs === null) return [];
  if (!Array.isArray(theirs) || !Array.isArray(ours)) return [`${name}: no description`];
  return PARTS.flatMap((part, i) => {
    const [redis, pykv] = [shown(theirs[i]!), shown(ours[i]!)];
    if (CHANGED.has(`${name}, ${part}`)) return [];
    return redis === pykv ? [] : [`${name}, ${part}: ${redis} in Redis, ${pykv} here`];
  });
}

function shown(part: Reply): string {
  return JSON.stringify(Array.isArray(part) ? part.map((each) => each as string).sort() : part);
}

function askRedis(port: number, request: Buffer): Promise<Reply[]> {
  const socket = connect(port, "127.0.0.1", () => socket.write(request));
  onTestFinished(() => void socket.destroy());
  let text = "";
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const [reply] = parseReplies(text).replies;
      if (Array.isArray(reply)) resolve(reply);
    });
  });
}
