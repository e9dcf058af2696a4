/**
 * Runs the same commands on PyKV and on a redis-server, and says where their replies differ.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { Door } from "../../src/resp/door.ts";
import { encodeRequest, respHarness } from "../support/resp-harness.ts";
import type { TestClient } from "../support/resp-harness.ts";
import { parseReplies, splitReplies } from "../support/resp-reply.ts";
import type { Reply } from "../support/resp-reply.ts";
import type { Request } from "./resp-commands.ts";

/** A command, and which of the clients sends it. */
export interface Step {
  readonly client: number;
  readonly request: Request;
}

export interface Difference {
  /** All up to the one whose replies differ. */
  readonly steps: readonly Step[];
  readonly redis: string;
  readonly pykv: string;
}

/** Keys of no bytes are the one thing that PyKV refuses and Redis takes; from there on all differs. */
const EMPTY_KEY = "-ERR The key is not valid";
/** The client that listens to notifications. */
const LISTENER = 2;
/** What ends them: the answer to a PING of somebody who is subscribed. */
const PONG = "*2\r\n$4\r\npong\r\n$0\r\n\r\n";
const QUEUED = "+QUEUED\r\n";

/** How the clients speak, and whether what the keyspace notifications say is compared as well. */
export interface Mode {
  readonly resp: 2 | 3;
  readonly isNotifying: boolean;
}

/** Somebody who answers, one command at a time. */
interface Side {
  /** The reply as it was sent, a character a byte. */
  ask(step: Step): Promise<string>;
  /** The notifications since the last call, as they were sent. */
  heard(): Promise<string>;
  close(): void;
}

/** Runs the steps on both sides from nothing; the first difference, or null. */
export async function difference(
  port: number,
  mode: Mode,
  steps: readonly Step[],
): Promise<Difference | null> {
  const sides = [await redisSide(port), await pykvSide()] as const;
  try {
    for (const side of sides) await prepare(side, mode);
    const queues: Request[][] = [[], []];
    for (const [i, step] of steps.entries()) {
      const [redis, pykv] = [await sides[0].ask(step), await sides[1].ask(step)];
      if (pykv.includes(EMPTY_KEY)) return null;
      const found = { steps: steps.slice(0, i + 1), redis, pykv };
      if (!isSame(step.request, queues[step.client]!, redis, pykv)) return found;
      if (mode.isNotifying) {
        const [theirs, ours] = [await sides[0].heard(), await sides[1].heard()];
        if (theirs !== ours) return { ...found, redis: redis + theirs, pykv: pykv + ours };
      }
      if (redis === QUEUED) queues[step.client]!.push(step.request);
      else if (/^(exec|discard)$/i.test(step.request[0]!)) queues[step.client] = [];
    }
    return null;
  } finally {
    for (const side of sides) side.close();
  }
}

/** The same difference, with all the steps left out that it does not need. */
export async function shrunk(port: number, mode: Mode, found: Difference): Promise<Difference> {
  let least = found;
  for (let i = least.steps.length - 2; i >= 0; i--) {
    if (i >= least.steps.length) continue;
    const fewer = least.steps.filter((_, at) => at !== i);
    const again = await difference(port, mode, fewer);
    if (again !== null) least = again;
  }
  return least;
}

export function describeDifference({ steps, redis, pykv }: Difference): string {
  const lines = steps.map(({ client, request }) => `  ${client}: ${JSON.stringify(request)}`);
  const answers = [`redis: ${JSON.stringify(redis)}`, `pykv:  ${JSON.stringify(pykv)}`];
  return [...lines, ...answers].join("\n");
}

async function prepare(side: Side, { resp, isNotifying }: Mode): Promise<void> {
  await side.ask({ client: 0, request: ["FLUSHALL"] });
  const events = isNotifying ? "EA" : "";
  await side.ask({ client: 0, request: ["CONFIG", "SET", "notify-keyspace-events", events] });
  await side.ask({ client: LISTENER, request: ["PSUBSCRIBE", "__keyevent@*"] });
  for (const client of [0, 1]) {
    if (resp === 3) await side.ask({ client, request: ["HELLO", "3"] });
  }
}

async function pykvSide(): Promise<Side> {
  const { door, clock, client } = await respHarness();
  clock.setWallMs(Date.now());
  const clients = [client(), client(), client()];
  const ask = ({ client: number, request }: Step) =>
    Promise.resolve(askPykv(door, clients[number]!, request));
  return {
    ask,
    heard: () => ask({ client: LISTENER, request: ["PING"] }),
    close: () => clients.forEach((each) => each.close()),
  };
}

function askPykv(door: Door, client: TestClient, request: Request): string {
  client.feed(encoded(request));
  door.turn.flush();
  const { written } = client.wire;
  client.wire.written = "";
  return written;
}

async function redisSide(port: number): Promise<Side> {
  const connecting = [0, 1, LISTENER].map(() => RedisClient.connect(port));
  const clients = await Promise.all(connecting);
  return {
    ask: ({ client, request }) => clients[client]!.ask(request),
    heard: () => clients[LISTENER]!.ask(["PING"], PONG),
    close: () => clients.forEach((each) => each.close()),
  };
}

class RedisClient {
  readonly #socket: Socket;
  #text = "";
  #look: () => void = () => undefined;

  static connect(port: number): Promise<RedisClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new RedisClient(socket)));
      socket.once("error", reject);
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.#text += chunk.toString("latin1");
      this.#look();
    });
  }

  /** What has come once there is a whole reply, and one that ends so. */
  ask(request: Request, end = ""): Promise<string> {
    return new Promise((resolve) => {
      this.#look = () => {
        const text = this.#text;
        const { raw, rest } = splitReplies(text);
        if (raw.length === 0 || rest !== "" || !text.endsWith(end)) return;
        this.#text = "";
        this.#look = () => undefined;
        resolve(text);
      };
      this.#socket.write(encoded(request));
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

function encoded(request: Request): Buffer {
  return encodeRequest(request.map((word) => Buffer.from(word, "latin1")));
}

/** How far two answers about the same deadline may be apart: the time between the two questions. */
const SLACK_MS = 2000;

type Rule = (redis: Reply, pykv: Reply) => boolean;

const inAnyOrder: Rule = (redis, pykv) =>
  JSON.stringify(sorted(redis)) === JSON.stringify(sorted(pykv));
const bothOrNeither: Rule = (redis, pykv) => (redis === null) === (pykv === null);
const sameType: Rule = (redis, pykv) => typeof redis === typeof pykv;
const within =
  (slack: number): Rule =>
  (redis, pykv) =>
    typeof redis === "number" &&
    typeof pykv === "number" &&
    Math.min(redis, pykv) >= 0 &&
    Math.abs(redis - pykv) <= slack;

/** What may differ, by command: the order of keys, which one is random, what the time was. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ["KEYS", inAnyOrder],
  ["SCAN", inAnyOrder],
  ["RANDOMKEY", bothOrNeither],
  // PyKV tells the encoding from the value alone, and shares no small integers.
  ["OBJECT", sameType],
  ["TTL", within(SLACK_MS / 1000)],
  ["PTTL", within(SLACK_MS)],
  ["EXPIRETIME", within(SLACK_MS / 1000)],
  ["PEXPIRETIME", within(SLACK_MS)],
]);

/** @param queue what EXEC is to run */
function isSame(request: Request, queue: readonly Request[], redis: string, pykv: string): boolean {
  if (redis === pykv) return true;
  const [theirs, ours] = [parseReplies(redis).replies[0], parseReplies(pykv).replies[0]];
  if (theirs === undefined || ours === undefined) return false;
  const name = request[0]!.toUpperCase();
  if (name !== "EXEC") return ruleOf(request)?.(theirs, ours) ?? false;
  if (!Array.isArray(theirs) || !Array.isArray(ours)) return false;
  return queue.every((each, i) => isAlike(each, theirs[i]!, ours[i]!));
}

function ruleOf(request: Request): Rule | undefined {
  const name = request[0]!.toUpperCase();
  // What a cursor means that nobody has handed out, is not said anywhere.
  if (name === "SCAN" && request[1] !== "0") return sameType;
  return RULES.get(name);
}

function isAlike(request: Request, redis: Reply, pykv: Reply): boolean {
  const rule = ruleOf(request);
  return isDeepStrictEqual(redis, pykv) || rule?.(redis, pykv) === true;
}

function sorted(reply: Reply): unknown {
  if (!Array.isArray(reply)) return reply;
  return reply.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
