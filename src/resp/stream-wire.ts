/**
 * A wire over node's sockets as documented.
 */
import type { Socket } from "node:net";
import { END_GRACE_MS, addressText } from "./addresses.ts";
import type { Wire, WireEvents } from "./wire.ts";

export class StreamWire implements Wire {
  isClosed = false;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #socket: Socket;
  #isEnding = false;

  constructor(socket: Socket, events: WireEvents) {
    this.#socket = socket;
    this.remoteAddress = addressText(socket.remoteAddress, socket.remotePort);
    this.localAddress = addressText(socket.localAddress, socket.localPort);
    socket.on("data", (chunk: Buffer) => {
      if (!this.#isEnding) events.data(chunk, chunk.length);
    });
    socket.on("drain", () => events.drained());
    // Node closes the socket once both sides have ended.
    socket.on("end", () => {
      if (!this.#isEnding) events.ended();
    });
    // An error is always followed by a close.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.isClosed = true;
      events.closed();
    });
    socket.resume();
  }

  get backlogBytes(): number {
    return this.#socket.writableLength;
  }

  write(buffer: Buffer, from: number, to: number): boolean {
    const socket = this.#socket;
    if (this.isClosed || this.#isEnding) return true;
    const bytes = buffer.subarray(from, to);
    if (socket.writableLength > 0) {
      socket.write(Buffer.from(bytes));
      return true;
    }
    socket.write(bytes);
    return socket.writableLength === 0;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    if (this.#isEnding || this.isClosed) return;
    this.#isEnding = true;
    this.resume();
    this.#socket.end(() => setTimeout(() => this.destroy(), END_GRACE_MS).unref());
  }

  destroy(): void {
    this.#isEnding = true;
    this.#socket.destroy();
  }
}
