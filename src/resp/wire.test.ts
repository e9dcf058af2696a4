/**
 * Both kinds of wire do the same, over real sockets.
 */
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { MiB } from "../base/units.ts";
import { END_GRACE_MS } from "./addresses.ts";
import { NativeWire } from "./native-wire.ts";
import { StreamWire } from "./stream-wire.ts";
import { bestWireKind, createWire } from "./wire.ts";
import type { Wire, WireEvents, WireKind } from "./wire.ts";

const KINDS: readonly WireKind[] = ["native", "stream"];

interface Pair {
  readonly wire: Wire;
  readonly client: Socket;
  /** What the wire was told, "data" left out. */
  readonly events: string[];
  /** What the wire has read, a character a byte. */
  read(): string;
  /** What the client has read. */
  received(): Buffer;
}

interface PairOptions {
  /** Called with what comes in. */
  readonly onData?: (wire: Wire, buffer: Buffer, length: number) => void;
  readonly allowHalfOpen?: boolean;
  /** Called when the peer has ended its side; by default the wire ends too. */
  readonly onEnded?: (wire: Wire) => void;
  /** Whether the client leaves what comes in the kernel until it is resumed. */
  readonly isClientPaused?: boolean;
}

async function pairOf(kind: WireKind, options: PairOptions = {}): Promise<Pair> {
  const server = createServer({ noDelay: true, pauseOnConnect: true, allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const { port } = server.address() as AddressInfo;
  const { allowHalfOpen = false } = options;
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen });
  const chunks: Buffer[] = [];
  if (options.isClientPaused !== true) client.on("data", (chunk) => chunks.push(chunk));
  client.on("error", () => undefined);
  const events: string[] = [];
  let read = "";
  let wire: Wire | null = null;
  const told: WireEvents = {
    data: (buffer, length) => {
      read += buffer.toString("latin1", 0, length);
      options.onData?.(wire!, buffer, length);
    },
    drained: () => events.push("drained"),
    ended: () => {
      events.push("ended");
      (options.onEnded ?? ((ended) => ended.end()))(wire!);
    },
    closed: () => events.push("closed"),
  };
  const socket = await accepted;
  wire = createWire(kind, socket, told);
  onTestFinished(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });
  return { wire, client, events, read: () => read, received: () => Buffer.concat(chunks) };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Some turns of the event loop, in which whatever is ready happens. */
async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

function send(wire: Wire, text: string): void {
  const bytes = Buffer.from(text, "latin1");
  wire.write(bytes, 0, bytes.length);
}

/** Writes until the kernel takes no more; returns all that was written. */
function fill(wire: Wire): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; wire.backlogBytes < 4 * MiB; i++) {
    const part = Buffer.alloc(MiB, i + 1);
    parts.push(Buffer.from(part));
    if (wire.write(part, 0, part.length)) part.fill(0xff);
  }
  return Buffer.concat(parts);
}

for (const kind of KINDS) {
  test(`${kind}: knows both ends by address`, async () => {
    const { wire, client } = await pairOf(kind);
    await until(() => client.readyState === "open");
    expect(wire.remoteAddress).toBe(`127.0.0.1:${client.localPort}`);
    expect(wire.localAddress).toBe(`127.0.0.1:${client.remotePort}`);
    expect([wire.isClosed, wire.backlogBytes]).toEqual([false, 0]);
  });

  test(`${kind}: reads what comes, and sends only the stretch that it is told to`, async () => {
    const pair = await pairOf(kind, {
      onData: (wire, buffer, length) => {
        const bytes = Buffer.from(`<${buffer.toString("latin1", 0, length)}>`, "latin1");
        if (wire.write(bytes, 1, bytes.length - 1)) bytes.fill(0xff);
      },
    });
    for (const text of ["a", "\x00\xff\r\n", "bc"]) {
      pair.client.write(Buffer.from(text, "latin1"));
      await until(() => pair.received().toString("latin1").endsWith(text));
    }
    expect(pair.received().toString("latin1")).toBe("a\x00\xff\r\nbc");
    expect(pair.wire.backlogBytes).toBe(0);
  });

  test(`${kind}: echoes megabytes in order`, async () => {
    const pair = await pairOf(kind, {
      onData: (wire, buffer, length) => {
        const bytes = Buffer.from(buffer.subarray(0, length));
        if (wire.write(bytes, 0, length)) bytes.fill(0xff);
      },
    });
    const sent = Buffer.alloc(3 * MiB, "0123456789abcdefghijk");
    pair.client.write(sent);
    await until(() => pair.received().length >= sent.length);
    expect(pair.received().equals(sent)).toBe(true);
  });

  test(`${kind}: keeps what a slow reader does not take, and says when it is gone`, async () => {
    const pair = await pairOf(kind, { isClientPaused: true });
    const sent = fill(pair.wire);
    send(pair.wire, "last");
    expect(pair.wire.backlogBytes).toBeGreaterThan(4 * MiB);
    await turns();
    expect(pair.events).toEqual([]);
    const chunks: Buffer[] = [];
    pair.client.on("data", (chunk) => chunks.push(chunk));
    await until(() => pair.events.length > 0);
    expect(pair.events).toEqual(["drained"]);
    expect(pair.wire.backlogBytes).toBe(0);
    const all = Buffer.concat([sent, Buffer.from("last")]);
    await until(() => chunks.reduce((sum, { length }) => sum + length, 0) >= all.length);
    expect(Buffer.concat(chunks).equals(all)).toBe(true);
    send(pair.wire, "more");
    await until(() => chunks.at(-1)!.toString() === "more");
  });

  test(`${kind}: reads while what it sends is stuck`, async () => {
    const pair = await pairOf(kind, { isClientPaused: true });
    fill(pair.wire);
    pair.client.write("question");
    await until(() => pair.read() === "question");
  });

  test(`${kind}: reads nothing while it is paused`, async () => {
    const pair = await pairOf(kind);
    pair.wire.pause();
    pair.wire.pause();
    pair.client.write("one");
    await turns();
    expect(pair.read()).toBe("");
    pair.wire.resume();
    await until(() => pair.read() === "one");
    pair.wire.resume();
    pair.client.write("two");
    await until(() => pair.read() === "onetwo");
  });

  test(`${kind}: can be paused from where it tells of data`, async () => {
    const pair = await pairOf(kind, { onData: (wire) => wire.pause() });
    pair.client.write("one");
    await until(() => pair.read() === "one");
    pair.client.write("two");
    await turns();
    expect(pair.read()).toBe("one");
    pair.wire.resume();
    await until(() => pair.read() === "onetwo");
  });

  test(`${kind}: ends once all is sent, however slow the reader is`, async () => {
    const pair = await pairOf(kind, { isClientPaused: true });
    const sent = fill(pair.wire);
    pair.wire.end();
    pair.wire.end();
    send(pair.wire, "too late");
    const chunks: Buffer[] = [];
    pair.client.on("data", (chunk) => chunks.push(chunk));
    await until(() => pair.wire.isClosed);
    await until(() => pair.client.closed);
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
    expect(pair.events.at(-1)).toBe("closed");
  });

  test(`${kind}: gives a slow reader all the time it takes to read what was written`, async () => {
    const pair = await pairOf(kind, { isClientPaused: true });
    const sent = fill(pair.wire);
    pair.wire.end();
    await new Promise((resolve) => setTimeout(resolve, END_GRACE_MS + 100));
    const chunks: Buffer[] = [];
    pair.client.on("data", (chunk) => chunks.push(chunk));
    await until(() => pair.client.closed);
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
  });

  test(`${kind}: ends at once when there is nothing to send`, async () => {
    const pair = await pairOf(kind);
    send(pair.wire, "bye");
    pair.wire.end();
    await until(() => pair.wire.isClosed && pair.client.closed);
    expect(pair.received().toString()).toBe("bye");
    expect(pair.events).toEqual(["closed"]);
  });

  test(`${kind}: tells of no data once it is ending`, async () => {
    const pair = await pairOf(kind, { allowHalfOpen: true });
    pair.wire.end();
    pair.client.write("late");
    await turns();
    expect(pair.read()).toBe("");
  });

  test(`${kind}: does not wait for ever for the peer to end as well`, async () => {
    const pair = await pairOf(kind, { allowHalfOpen: true });
    pair.wire.end();
    await until(() => pair.wire.isClosed);
    expect(pair.events).toEqual(["closed"]);
  });

  test(`${kind}: closes when the peer ends its side, once it has read what came before`, async () => {
    const pair = await pairOf(kind, { allowHalfOpen: true });
    pair.client.end("last words");
    await until(() => pair.wire.isClosed);
    expect(pair.read()).toBe("last words");
    expect(pair.events).toEqual(["ended", "closed"]);
  });

  test(`${kind}: still sends to a peer that has ended its side`, async () => {
    const pair = await pairOf(kind, { allowHalfOpen: true, onEnded: () => undefined });
    pair.client.end("question");
    await until(() => pair.events.length > 0);
    await turns();
    expect([pair.events, pair.wire.isClosed]).toEqual([["ended"], false]);
    send(pair.wire, "answer");
    pair.wire.end();
    await until(() => pair.wire.isClosed && pair.client.closed);
    expect(pair.received().toString()).toBe("answer");
    expect(pair.events).toEqual(["ended", "closed"]);
  });

  test(`${kind}: sends all that is stuck to a peer that has ended its side`, async () => {
    const pair = await pairOf(kind, { allowHalfOpen: true, isClientPaused: true });
    const sent = fill(pair.wire);
    pair.client.end("question");
    await until(() => pair.events.includes("ended"));
    const chunks: Buffer[] = [];
    pair.client.on("data", (chunk) => chunks.push(chunk));
    await until(() => pair.wire.isClosed && pair.client.closed);
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
  });

  test(`${kind}: closes once when the peer resets the connection`, async () => {
    const pair = await pairOf(kind);
    await until(() => pair.client.readyState === "open");
    pair.client.resetAndDestroy();
    await until(() => pair.wire.isClosed);
    await turns();
    expect(pair.events).toEqual(["closed"]);
  });

  test(`${kind}: closes when the peer resets the connection in the middle of a reply`, async () => {
    const pair = await pairOf(kind, { isClientPaused: true });
    fill(pair.wire);
    pair.client.resetAndDestroy();
    await until(() => pair.wire.isClosed);
    await turns();
    expect(pair.events.filter((event) => event === "closed")).toEqual(["closed"]);
    expect(pair.wire.backlogBytes).toBe(0);
  });

  test(`${kind}: can be destroyed while it sends, and takes writes without harm then`, async () => {
    const pair = await pairOf(kind, { isClientPaused: true });
    fill(pair.wire);
    pair.wire.destroy();
    pair.wire.destroy();
    await until(() => pair.wire.isClosed);
    send(pair.wire, "nobody");
    pair.wire.end();
    pair.wire.pause();
    pair.wire.resume();
    await turns();
    expect(pair.events).toEqual(["closed"]);
  });

  test(`${kind}: can be destroyed from where it tells of data`, async () => {
    const pair = await pairOf(kind, {
      onData: (wire) => {
        wire.destroy();
        send(wire, "nobody");
      },
    });
    pair.client.write("x");
    await until(() => pair.wire.isClosed && pair.client.closed);
    expect(pair.received().toString()).toBe("");
    expect(pair.events).toEqual(["closed"]);
  });

  test(`${kind}: serves many connections that read and write by turns`, async () => {
    const echo = (wire: Wire, buffer: Buffer, length: number) => {
      const bytes = Buffer.from(buffer.subarray(0, length));
      wire.write(bytes, 0, length);
    };
    const pairs = await Promise.all(
      Array.from({ length: 20 }, () => pairOf(kind, { onData: echo })),
    );
    for (let round = 0; round < 10; round++) {
      pairs.forEach(({ client }, i) => client.write(`${i}:${round};`));
      await until(() =>
        pairs.every((pair, i) => pair.received().toString().endsWith(`${i}:${round};`)),
      );
    }
    const tenth = Array.from({ length: 10 }, (_, round) => `7:${round};`).join("");
    expect(pairs[7]!.received().toString()).toBe(tenth);
  });
}

test("this node has what the native wire needs", async () => {
  expect(bestWireKind()).toBe("native");
  expect((await pairOf("native")).wire).toBeInstanceOf(NativeWire);
  expect((await pairOf("stream")).wire).toBeInstanceOf(StreamWire);
});

for (const missing of ["useUserBuffer", "readStart", "readStop", "writeBuffer"]) {
  test(`the native wire does not fit a handle without ${missing}`, async () => {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const socket = await accepted;
    onTestFinished(() => {
      client.destroy();
      socket.destroy();
      server.close();
    });
    const { _handle: handle } = socket as unknown as { _handle: Record<string, unknown> };
    expect(NativeWire.fits(socket)).toBe(true);
    handle[missing] = undefined;
    expect(NativeWire.fits(socket)).toBe(false);
  });
}

test("falls back to the stream wire when a handle lacks a part", async () => {
  const { client } = await pairOf("stream");
  const bare = { _handle: {} };
  Object.setPrototypeOf(bare, client);
  expect(NativeWire.fits(bare as unknown as Socket)).toBe(false);
  expect(NativeWire.fits({ _handle: null } as unknown as Socket)).toBe(false);
});
