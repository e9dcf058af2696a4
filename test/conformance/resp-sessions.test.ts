/**
 * Sessions byte by byte, read by two client libraries too, and held against a real redis-server.
 */
import { connect } from "node:net";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { splitInline } from "../../src/resp/inline.ts";
import { startRedisServer } from "../support/redis-tools.ts";
import { testNeeding } from "../support/test-tools.ts";
import type { RedisServer } from "../support/redis-tools.ts";
import { encodeRequest, respHarness } from "../support/resp-harness.ts";
import { readByNodeRedis, readByRedisParser, withTextNumbers } from "../support/resp-oracles.ts";
import { parseReplies, splitReplies } from "../support/resp-reply.ts";
import { LARGE_REPLIES, SESSIONS } from "./resp-sessions.ts";
import type { Line, Session } from "./resp-sessions.ts";

/** Sends a request, and gives what has come back once it is through or so many replies have come. */
type Ask = (request: Buffer, count: number) => Promise<string>;

/** One for all: every session begins with nothing there. */
let shared: Promise<RedisServer> | null = null;

afterAll(async () => {
  await (await shared)?.stop();
});

for (const session of SESSIONS) {
  for (const resp of session.isOldToo ? [2, 3] : [3]) {
    test(`${session.name}, in RESP${resp}`, async () => {
      await expectSession(session, resp, await pykv());
    });
    if (!session.isOldToo) continue;
    testNeeding("redis-server")(`${session.name}, in RESP${resp}, as Redis answers`, async () => {
      const { port } = await (shared ??= startRedisServer());
      await expectSession(session, resp, redis(port));
    });
  }
}

for (const command of LARGE_REPLIES) {
  for (const resp of [2, 3]) {
    test(`${command} is readable in RESP${resp}`, async () => {
      const ask = await pykv();
      if (resp === 3) await ask(encode("HELLO 3"), 1);
      for (const each of ["SET k v", "GET k", "INCR k"]) await ask(encode(each), 1);
      const reply = await ask(encode(command), 1);
      expect(reply).not.toMatch(/^-/);
      expectReadable(reply, resp);
    });
  }
}

async function expectSession(session: Session, resp: number, ask: Ask): Promise<void> {
  await ask(encode("FLUSHALL"), 1);
  if (resp === 3) await ask(encode("HELLO 3"), 1);
  for (const line of session.lines) {
    const expected = expectedOf(line, resp);
    const reply = await ask(encode(line[0]), splitReplies(expected).raw.length);
    expect(reply, line[0]).toBe(expected);
    expectReadable(reply, resp);
  }
}

function expectReadable(reply: string, resp: number): void {
  const { replies, rest } = parseReplies(reply);
  expect(rest).toBe("");
  const ours = replies.map(withTextNumbers);
  expect(readByNodeRedis(reply)).toEqual(ours);
  if (resp === 2) expect(readByRedisParser(reply)).toEqual(ours);
}

function expectedOf([, resp2, resp3]: Line, resp: number): string {
  return (resp === 3 ? (resp3 ?? resp2) : resp2).replaceAll("|", "\r\n");
}

function encode(line: string): Buffer {
  return encodeRequest(splitInline(Buffer.from(line, "latin1"))!);
}

async function pykv(): Promise<Ask> {
  const { door, client } = await respHarness();
  const one = client();
  return (request) => {
    one.feed(request);
    door.turn.flush();
    const { written } = one.wire;
    one.wire.written = "";
    return Promise.resolve(written);
  };
}

function redis(port: number): Ask {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  let look: () => void = () => undefined;
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    look();
  });
  return (request, count) =>
    new Promise((resolve) => {
      look = () => {
        if (splitReplies(text).raw.length < count) return;
        resolve(text);
        text = "";
        look = () => undefined;
      };
      socket.write(request);
      look();
    });
}
