/**
 * A connection's bytes, in and out: what the protocol needs of a socket.
 *
 * There are two forms. `StreamWire` uses node's sockets as documented. `NativeWire` talks to what lies
 * under them: reads land in one buffer shared by all connections, and a write that the kernel takes at
 * once makes no object and no callback. Replies are small and nearly always taken at once, so that is
 * most of what a command costs. Where node does not have what NativeWire needs, StreamWire serves.
 */
import type { Socket } from "node:net";
import { NativeWire } from "./native-wire.ts";
import { StreamWire } from "./stream-wire.ts";

export interface WireEvents {
  /** Bytes 0 to `length` of `buffer`, which may be overwritten as soon as this returns. */
  data(buffer: Buffer, length: number): void;
  /** All that was written has gone to the kernel, after some of it had to wait. */
  drained(): void;
  /** The peer sends no more, but may still read what it has asked for. */
  ended(): void;
  /** The last call. */
  closed(): void;
}

export interface Wire {
  /** Bytes that the kernel has not taken yet. */
  readonly backlogBytes: number;
  readonly isClosed: boolean;
  readonly remoteAddress: string;
  readonly localAddress: string;

  /**
   * Sends the bytes of `buffer` from `from` to `to`. True: they may change again. False: they must
   * stay as they are until they are sent, so the caller takes another buffer.
   */
  write(buffer: Buffer, from: number, to: number): boolean;
  /** Stops and starts the calls of `data`. */
  pause(): void;
  resume(): void;
  /** Closes once all that was written is sent. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

export type WireKind = "native" | "stream";

/** The faster kind that this node can. */
export function bestWireKind(): WireKind {
  return NativeWire.isSupported() ? "native" : "stream";
}

/** @param socket just accepted, and paused: nothing has been read from it */
export function createWire(kind: WireKind, socket: Socket, events: WireEvents): Wire {
  if (kind === "native" && NativeWire.fits(socket)) return new NativeWire(socket, events);
  return new StreamWire(socket, events);
}
