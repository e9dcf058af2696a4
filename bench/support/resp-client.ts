/**
 * A client of the Redis protocol, as small as benchmarks can do with: it sends a text of commands and
 * collects the text of the replies, which the caller knows how to tell whole.
 */
import { createConnection } from "node:net";
import type { NetConnectOpts, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { KEY_BYTES, VALUE_BYTES, keyOf, valueOf } from "./data.ts";

const RETRY_MS = 5;
const FILL_COMMANDS = 5000;
const OK_BYTES = "+OK\r\n".length;

/** Connects as soon as somebody listens; rejects when nobody does within `waitMs`. */
export async function connectTo(where: NetConnectOpts, waitMs: number): Promise<Socket> {
  const startMs = performance.now();
  for (;;) {
    const socket = createConnection(where);
    const connected = await new Promise<boolean>((settle) => {
      socket.once("connect", () => settle(true));
      socket.once("error", () => settle(false));
    });
    if (connected) return socket;
    if (performance.now() - startMs > waitMs) throw new Error("the server does not listen");
    await sleep(RETRY_MS);
  }
}

/** Sends commands and resolves with the replies' text once `isWhole` says that all are there. */
export function ask(
  socket: Socket,
  commands: string,
  isWhole: (text: string) => boolean,
): Promise<string> {
  return new Promise((settle, reject) => {
    let text = "";
    const done = (): void => {
      socket.off("data", read);
      socket.off("error", reject);
      socket.off("close", closed);
    };
    const read = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      if (!isWhole(text)) return;
      done();
      settle(text);
    };
    const closed = (): void => reject(new Error("the server closed the connection"));
    socket.on("data", read);
    socket.once("error", reject);
    socket.once("close", closed);
    socket.write(commands, "latin1");
  });
}

/** The reply to an inline command that is answered with one line. */
export async function askLine(socket: Socket, command: string): Promise<string> {
  const text = await ask(socket, `${command}\r\n`, (reply) => reply.endsWith("\r\n"));
  return text.slice(0, -2);
}

/** A field of INFO's reply as a number; NaN when there is no such field. */
export async function infoNumber(socket: Socket, section: string, field: string): Promise<number> {
  const text = await ask(socket, `INFO ${section}\r\n`, isWholeBulk);
  return Number(new RegExp(`^${field}:(\\d+)`, "m").exec(text)?.[1]);
}

/** Sets keys 0 to `keys - 1` of data.ts, or those of redis-benchmark, which are the same. */
export async function fillOver(socket: Socket, keys: number): Promise<void> {
  for (let i = 0; i < keys; i += FILL_COMMANDS) {
    const to = Math.min(keys, i + FILL_COMMANDS);
    let commands = "";
    for (let j = i; j < to; j++) {
      commands += `*3\r\n$3\r\nSET\r\n$${KEY_BYTES}\r\n${keyOf(j)}\r\n`;
      commands += `$${VALUE_BYTES}\r\n${valueOf(j)}\r\n`;
    }
    const wanted = "+OK\r\n".repeat(to - i);
    const replies = await ask(socket, commands, (text) => text.length >= OK_BYTES * (to - i));
    if (replies !== wanted) throw new Error(`a SET was answered ${replies.slice(0, 200)}`);
  }
}

function isWholeBulk(text: string): boolean {
  const head = /^\$(\d+)\r\n/.exec(text);
  if (head === null) return text.startsWith("-") && text.endsWith("\r\n");
  return text.length >= head[0].length + Number(head[1]) + 2;
}
