/**
 * The server from the build, killed again and again in the middle of pipelines over the Redis
 * protocol: every write that was answered is there afterwards, and of a transaction all or nothing.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRandom, randomBelow } from "../support/random.ts";
import { encodeRequest } from "../support/resp-harness.ts";
import { parseReplies } from "../support/resp-reply.ts";
import type { Reply } from "../support/resp-reply.ts";
import { startServerProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const KILLS = 4;
const WRITERS = 4;
/** SETs, and then a transaction, in one pipeline; two pipelines are always under way. */
const SETS = 16;
const PIPELINES_MIN = 20;
const PIPELINES_MAX = 200;
const TIMEOUT_MS = 120_000;

/** One connection that counts what was acknowledged to it. */
class PipelineWriter {
  readonly #name: string;
  /** Numbers of keys whose SET was answered; those under way may be there or not. */
  readonly #certain = new Set<number>();
  #sent = 0;
  #pairAcknowledged = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** Sends pipelines until the connection ends; `onReplies` hears of each that was answered. */
  async writeUntilEnd(address: string, onReplies: () => void): Promise<void> {
    const socket = await open(address);
    const expected: number[] = [];
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      const { replies, rest } = parseReplies(text + chunk.toString("latin1"));
      text = rest;
      for (const reply of replies) this.#take(expected.shift()!, reply);
      if (expected.length <= SETS + 4 && !socket.destroyed) {
        onReplies();
        this.#send(socket, expected);
      }
    });
    this.#send(socket, expected);
    this.#send(socket, expected);
    await new Promise((resolve) => socket.once("close", resolve));
  }

  #send(socket: Socket, expected: number[]): void {
    const requests: Buffer[] = [];
    for (let i = 0; i < SETS; i++) {
      const n = ++this.#sent;
      requests.push(encodeRequest(["SET", this.key(n), n]));
      expected.push(n);
    }
    const n = this.#sent;
    requests.push(
      encodeRequest(["MULTI"]),
      encodeRequest(["SET", `${this.#name}:left`, n]),
      encodeRequest(["SET", `${this.#name}:right`, n]),
      encodeRequest(["EXEC"]),
    );
    expected.push(0, 0, 0, -n);
    socket.write(Buffer.concat(requests));
  }

  #take(number: number, reply: Reply): void {
    if (number > 0) {
      expect(reply).toBe("OK");
      this.#certain.add(number);
    } else if (number < 0) {
      expect(reply).toEqual(["OK", "OK"]);
      this.#pairAcknowledged = -number;
    }
  }

  key(n: number): string {
    return `${this.#name}:${n}`;
  }

  /** What the server no longer has, or has by half. */
  async findLosses(address: string): Promise<string[]> {
    const socket = await open(address);
    const numbers = [...this.#certain];
    const keys = numbers.map((n) => this.key(n));
    const [values, pair] = (await ask(socket, [
      ["MGET", "none", ...keys],
      ["MGET", `${this.#name}:left`, `${this.#name}:right`],
    ])) as [Reply[], Reply[]];
    socket.destroy();
    const losses = numbers.filter((n, i) => values[i + 1] !== String(n)).map((n) => this.key(n));
    if (pair[0] !== pair[1]) losses.push(`${this.#name}: half a transaction`);
    if (Number(pair[0]) < this.#pairAcknowledged) losses.push(`${this.#name}: a transaction`);
    return losses;
  }

  get certain(): number {
    return this.#certain.size;
  }
}

async function open(address: string): Promise<Socket> {
  const [host = "", port = ""] = address.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");
  socket.on("error", () => undefined);
  return socket;
}

async function ask(socket: Socket, requests: readonly (readonly string[])[]): Promise<Reply[]> {
  socket.write(Buffer.concat(requests.map((parts) => encodeRequest(parts))));
  let text = "";
  const replies: Reply[] = [];
  while (replies.length < requests.length) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    const parsed = parseReplies(text + chunk.toString("latin1"));
    text = parsed.rest;
    replies.push(...parsed.replies);
  }
  return replies;
}

async function start(dataDir: string, fsync: string): Promise<ServerProcess> {
  const server = await startServerProcess(["--data-dir", dataDir, "--fsync", fsync]);
  onTestFinished(async () => {
    await server.end("SIGKILL");
  });
  return server;
}

async function writeAndKill(
  server: ServerProcess,
  writers: readonly PipelineWriter[],
  pipelines: number,
): Promise<void> {
  let left = pipelines;
  let reached: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => (reached = resolve));
  const onReplies = (): void => {
    if (--left === 0) reached();
  };
  const writing = writers.map((each) => each.writeUntilEnd(server.respAddress, onReplies));
  await enough;
  await server.end("SIGKILL");
  await Promise.all(writing);
}

test(
  `nothing answered over the Redis protocol is lost when the server is killed ${KILLS} times`,
  { timeout: TIMEOUT_MS },
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "pykv-redis-kill-"));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const seed = randomBelow(Math.random, 2 ** 30);
    const random = createRandom(seed);
    const writers = Array.from({ length: WRITERS }, (_, i) => new PipelineWriter(`w${i}`));
    for (let kill = 0; kill <= KILLS; kill++) {
      const server = await start(dataDir, kill % 2 === 0 ? "always" : "everysec");
      for (const writer of writers) {
        const losses = await writer.findLosses(server.respAddress);
        expect(losses, `after kill ${kill}, seed ${seed}`).toEqual([]);
      }
      if (kill === KILLS) break;
      const pipelines = PIPELINES_MIN + randomBelow(random, PIPELINES_MAX - PIPELINES_MIN);
      await writeAndKill(server, writers, pipelines);
    }
    const certain = writers.reduce((sum, writer) => sum + writer.certain, 0);
    expect(certain).toBeGreaterThan(KILLS * PIPELINES_MIN * SETS);
  },
);
