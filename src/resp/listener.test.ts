import { connect } from "node:net";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { encodeRequest, respHarness, respHarnessOnDisk } from "../../test/support/resp-harness.ts";
import type { RespHarness } from "../../test/support/resp-harness.ts";
import type { Settings } from "./settings.ts";
import { listen } from "./listener.ts";
import type { Listener } from "./listener.ts";
import type { WireKind } from "./wire.ts";

interface Open extends RespHarness {
  readonly listener: Listener;
  readonly connect: (allowHalfOpen?: boolean) => TestSocket;
}

interface TestSocket {
  readonly socket: Socket;
  /** What has come, a character a byte. */
  readonly received: () => string;
  /** Whether the server has ended it, or has reset it. */
  readonly isOver: () => boolean;
}

async function open(settings: Partial<Settings> = {}, kind?: WireKind): Promise<Open> {
  return openOver(await respHarness(settings), kind);
}

async function openOver<T extends RespHarness>(harness: T, kind?: WireKind): Promise<T & Open> {
  const listener = await listen(harness.door, "127.0.0.1", 0, kind);
  onTestFinished(() => listener.close());
  return { ...harness, listener, connect: (allowHalfOpen) => dial(listener.port, allowHalfOpen) };
}

function dial(port: number, allowHalfOpen = false): TestSocket {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen });
  onTestFinished(() => void socket.destroy());
  let received = "";
  let isOver = false;
  socket.on("data", (chunk) => (received += chunk.toString("latin1")));
  for (const event of ["end", "close"]) socket.on(event, () => (isOver = true));
  socket.on("error", () => undefined);
  return { socket, received: () => received, isOver: () => isOver };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

for (const kind of ["native", "stream"] as const) {
  test(`${kind}: serves clients, each its own replies`, async () => {
    const { connect: one } = await open({}, kind);
    const sockets = Array.from({ length: 5 }, () => one());
    sockets.forEach(({ socket }, i) => {
      socket.write(
        Buffer.concat([encodeRequest(["SET", `k${i}`, i]), encodeRequest(["GET", `k${i}`])]),
      );
    });
    await until(() => sockets.every(({ received }) => received().length === 12));
    expect(sockets.map(({ received }) => received())).toEqual(
      [0, 1, 2, 3, 4].map((i) => `+OK\r\n$1\r\n${i}\r\n`),
    );
  });

  test(`${kind}: answers a protocol error before it closes`, async () => {
    const { connect: one, door } = await open({}, kind);
    const { socket, received, isOver } = one();
    socket.write("*1\r\n$4\r\nPING\r\n*x\r\n*1\r\n$4\r\nPING\r\n");
    await until(isOver);
    expect(received()).toBe("+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n");
    await until(() => door.clients.size === 0);
  });

  test(`${kind}: serves nothing of what a browser is made to send`, async () => {
    const { connect: one, door, store } = await open({}, kind);
    const attack = "SET stolen 1\r\n";
    for (const first of [
      "POST / HTTP/1.1\r\n",
      "Host: x\r\n",
      "post\r\n",
      "*1\r\n$5\r\nHOST:\r\n",
    ]) {
      const { socket, received, isOver } = one();
      socket.write(first + attack);
      await until(isOver);
      expect(received()).toBe("");
    }
    await until(() => door.clients.size === 0);
    expect(store.stats().keys).toBe(0);
  });

  test(`${kind}: refuses clients beyond the limit, and takes others when one has gone`, async () => {
    const { connect: one, door } = await open({ connectionsMax: 2 }, kind);
    const first = one();
    one();
    await until(() => door.clients.size === 2);
    const third = one();
    await until(third.isOver);
    expect(third.received()).toBe("-ERR max number of clients reached\r\n");
    expect(door.counters.connectionsRefused).toBe(1);
    first.socket.destroy();
    await until(() => door.clients.size === 1);
    const fourth = one();
    fourth.socket.write("PING\r\n");
    await until(() => fourth.received() === "+PONG\r\n");
  });

  test(`${kind}: keeps nothing of a client that it has refused, even one that does not close`, async () => {
    const { connect: one } = await open({ connectionsMax: 0 }, kind);
    const { socket, isOver } = one(true);
    await until(isOver);
    // The other side of a connection that is no more answers what is written with a reset.
    await until(() => socket.destroyed || (socket.write("x"), false));
  });

  test(`${kind}: closes once the replies that wait are sent`, async () => {
    const harness = await openOver(await respHarnessOnDisk(), kind);
    const release = harness.disk.hold("sync");
    const { socket, received, isOver } = harness.connect();
    socket.write(encodeRequest(["SET", "k", "v"]));
    await until(() => harness.store.stats().keys === 1);
    const closing = harness.listener.close();
    expect(received()).toBe("");
    release();
    await closing;
    await until(isOver);
    expect(received()).toBe("+OK\r\n");
    await harness.store.close();
  });

  test(`${kind}: answers a client that has ended its side before the log was through`, async () => {
    const harness = await openOver(await respHarnessOnDisk(), kind);
    const release = harness.disk.hold("sync");
    const { socket, received, isOver } = harness.connect(true);
    socket.end(Buffer.concat([encodeRequest(["SET", "k", "v"]), encodeRequest(["GET", "k"])]));
    await until(() => harness.store.stats().keys === 1);
    release();
    await until(isOver);
    expect(received()).toBe("+OK\r\n$1\r\nv\r\n");
    await until(() => harness.door.clients.size === 0);
  });

  test(`${kind}: is not held up for ever by a client that does not read`, async () => {
    const { connect: one, listener, door } = await open({}, kind);
    const { socket } = one();
    socket.pause();
    socket.write(encodeRequest(["SET", "k", Buffer.alloc(8_000_000)]));
    socket.write(encodeRequest(["GET", "k"]));
    await until(() => [...door.clients.values()].some(({ link }) => link.outputBytes > 0));
    await listener.close();
    await until(() => door.clients.size === 0);
  });
}

test("names its address, and says so when the port is taken", async () => {
  const { listener, door } = await open();
  expect(listener.address).toBe(`127.0.0.1:${listener.port}`);
  await expect(listen(door, "127.0.0.1", listener.port)).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});

test("takes no new connections once it is closed", async () => {
  const { connect: one, listener } = await open();
  await listener.close();
  const late = one();
  await until(late.isOver);
  expect(late.received()).toBe("");
});
