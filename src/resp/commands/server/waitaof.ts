/** WAITAOF: until the writes so far are on disk, under any policy. */
import { NOT_AN_INTEGER } from "../../errors.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import type { Output } from "../../output.ts";
import { hasLog } from "../../live-options.ts";
import { timeoutOf, waitFor } from "./waiting.ts";

export const waitaof: Command = {
  name: "waitaof",
  arity: 4,
  flags: ["blocking"],
  group: "generic",
  categories: ["@connection"],
  since: "7.2.0",
  summary: "Waits until all writes so far are synced to disk, here and on replicas.",
  complexity: "O(1)",
  arguments: [
    { name: "numlocal", type: "integer" },
    { name: "numreplicas", type: "integer" },
    { name: "timeout", type: "integer" },
  ],
  differs: "Waits for the writes of all connections, and syncs at once. There are no replicas.",
  run: (client, args) => {
    const request = parse(client, args);
    if (typeof request === "string") client.out.error(request);
    else begin(client, request);
  },
};

interface Request {
  readonly local: bigint;
  readonly replicas: bigint;
  readonly timeoutMs: number;
}

function parse(client: Client, args: Args): Request | string {
  const local = args.integer(1);
  if (local === null) return NOT_AN_INTEGER;
  if (local < 0n || local > 1n) return "ERR value is out of range, value must between 0 and 1";
  const replicas = args.integer(2);
  if (replicas === null) return NOT_AN_INTEGER;
  if (replicas < 0n) return "ERR value is out of range, must be positive";
  const timeoutMs = timeoutOf(args, 3);
  if (typeof timeoutMs === "string") return timeoutMs;
  if (local > 0n && !hasLog(client.door)) {
    return "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.";
  }
  return { local, replicas, timeoutMs };
}

function begin(client: Client, { local, replicas, timeoutMs }: Request): void {
  const { link, transaction, out, door } = client;
  const { journal } = client.engine;
  const target = journal.lastSeq;
  const isLocal = (): boolean => hasLog(door) && journal.durableSeq >= target;
  const reply = (to: Output): void => {
    to.array(2);
    to.flag(isLocal());
    to.integer(0);
  };
  const isMet = replicas === 0n && (local === 0n || isLocal());
  if (isMet || transaction?.isExecuting === true) {
    reply(out);
    return;
  }
  const flushed = local > 0n ? journal.flush() : Promise.resolve();
  // Replicas that do not exist never answer: what is left is the time.
  link.block(waitFor(link, replicas > 0n ? null : flushed, timeoutMs), reply);
}
