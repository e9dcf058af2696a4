/**
 * The listening socket of the Redis door.
 */
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Door } from "./door.ts";
import { END_GRACE_MS, addressText } from "./addresses.ts";
import { bestWireKind, createWire } from "./wire.ts";
import type { WireKind } from "./wire.ts";

const FULL = "-ERR max number of clients reached\r\n";
/** Connections that the kernel may keep waiting. */
const BACKLOG = 1024;
/** How long clients that take no replies hold up a stop. */
const GRACE_MS = 2000;

export interface Listener {
  /** Such as 127.0.0.1:6380. */
  readonly address: string;
  readonly port: number;
  /** Takes no new connections and closes the others once their replies are sent. */
  close(): Promise<void>;
}

/** @param port 0 takes a free one. Rejects with what `listen` fails with. */
export async function listen(
  door: Door,
  host: string,
  port: number,
  kind: WireKind = bestWireKind(),
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer(
    // A client that has sent its last request still reads the replies, `printf ... | nc -N`.
    { noDelay: true, keepAlive: true, pauseOnConnect: true, allowHalfOpen: true },
    (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      const connection = door.enter((events) => createWire(kind, socket, events));
      if (connection === null) refuse(socket);
    },
  );
  await opened(server, host, port);
  const { address, port: actual } = server.address() as AddressInfo;
  return {
    address: addressText(address, actual),
    port: actual,
    close: () => close(server, door, sockets),
  };
}

/** Read to its end, or the close of the peer would never be noticed. */
function refuse(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.resume();
  socket.end(FULL, () => setTimeout(() => socket.destroy(), END_GRACE_MS).unref());
}

function opened(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server, door: Door, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, GRACE_MS);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    door.closeAll();
  });
}
