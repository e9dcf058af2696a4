/**
 * A wire that talks to the handle under node's socket, which is not a documented interface: the only
 * file of the protocol that does. `isSupported` and `fits` look for every part of it that is used, and
 * stream-wire.ts is there for a node that lacks one. Found in node's lib/net.js and
 * lib/internal/stream_base_commons.js, which use the same parts for the same ends.
 *
 * What it saves, against node's streams: a read allocates 64 KiB and makes an event; a write makes a
 * request object and two callbacks, though the kernel has mostly taken the bytes before it returns.
 *
 *   handle.useUserBuffer(buffer)   reads go into this buffer, the same for all connections: what a
 *                                  read brings is used up before the next one
 *   handle.onread()                called after each read; the count, or a negative error (EOF is
 *                                  one), is in streamBaseState[kReadBytesOrError]
 *   handle.writeBuffer(req, view)  tries to write at once; whether the rest was left to the event
 *                                  loop is in streamBaseState[kLastWriteWasAsync]. Only then is `req`
 *                                  in use, until req.oncomplete; else it may serve again
 *   handle.writeQueueSize          bytes that the event loop has yet to send; falls as it does
 */
import type { Socket } from "node:net";
import { END_GRACE_MS, addressText } from "./addresses.ts";
import type { Wire, WireEvents } from "./wire.ts";

const READ_BYTES = 256 * 1024;
/** libuv's number for the end of a stream, the same on every system. */
const UV_EOF = -4095;

interface WriteRequest {
  oncomplete: ((status: number) => void) | null;
  /** Keeps the bytes alive while the event loop sends them. */
  bytes: Buffer | null;
}

interface Handle {
  onread: (() => void) | undefined;
  useUserBuffer(buffer: Buffer): void;
  readStart(): number;
  readStop(): number;
  readonly writeQueueSize: number;
  writeBuffer(request: WriteRequest, bytes: Buffer): number;
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
  readonly streamBaseState: Int32Array;
}

const METHODS = ["useUserBuffer", "readStart", "readStop", "writeBuffer"] as const;

const binding = loadBinding();
let readBuffer: Buffer | null = null;

export class NativeWire implements Wire {
  isClosed = false;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #socket: Socket;
  readonly #handle: Handle;
  readonly #events: WireEvents;
  readonly #binding: StreamBinding;
  #request: WriteRequest;
  #isSending = false;
  /** What is to be sent after that which the event loop is sending. */
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #isPaused = false;
  #isEnding = false;
  /** The peer sends no more. */
  #hasPeerEnded = false;
  #isShutDown = false;

  /** Whether this node has the parts that do not belong to a single connection. */
  static isSupported(): boolean {
    return binding !== null;
  }

  /** Whether the socket's handle has all that is needed. */
  static fits(socket: Socket): boolean {
    return binding !== null && handleOf(socket) !== null;
  }

  constructor(socket: Socket, events: WireEvents) {
    this.#socket = socket;
    this.#handle = handleOf(socket)!;
    this.#events = events;
    this.#binding = binding!;
    this.#request = new this.#binding.WriteWrap();
    this.remoteAddress = addressText(socket.remoteAddress, socket.remotePort);
    this.localAddress = addressText(socket.localAddress, socket.localPort);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#closed());
    readBuffer ??= Buffer.allocUnsafeSlow(READ_BYTES);
    this.#handle.onread = () => this.#onRead();
    this.#handle.useUserBuffer(readBuffer);
    this.#handle.readStart();
  }

  get backlogBytes(): number {
    if (!this.#isSending || this.isClosed) return 0;
    return this.#queuedBytes + this.#handle.writeQueueSize;
  }

  write(buffer: Buffer, from: number, to: number): boolean {
    if (this.isClosed || this.#isEnding) return true;
    if (this.#isSending) {
      this.#queue.push(Buffer.from(buffer.subarray(from, to)));
      this.#queuedBytes += to - from;
      return true;
    }
    return !this.#send(buffer.subarray(from, to));
  }

  pause(): void {
    if (this.#isPaused || this.isClosed) return;
    this.#isPaused = true;
    this.#handle.readStop();
  }

  resume(): void {
    if (!this.#isPaused || this.isClosed) return;
    this.#isPaused = false;
    this.#handle.readStart();
  }

  end(): void {
    if (this.#isEnding || this.isClosed) return;
    this.#isEnding = true;
    this.resume();
    if (!this.#isSending) this.#shutdown();
  }

  destroy(): void {
    this.#isEnding = true;
    this.#socket.destroy();
  }

  #onRead(): void {
    const count = this.#binding.streamBaseState[this.#binding.kReadBytesOrError]!;
    if (count > 0) {
      if (!this.#isEnding) this.#events.data(readBuffer!, count);
    } else if (count === UV_EOF) this.#peerEnded();
    else if (count < 0) this.destroy();
  }

  #peerEnded(): void {
    const isFirst = !this.#hasPeerEnded;
    this.#hasPeerEnded = true;
    if (this.#isShutDown) this.destroy();
    else if (isFirst && !this.#isEnding) this.#events.ended();
  }

  /** True when the event loop has to send a part of it, and needs the bytes until then. */
  #send(bytes: Buffer): boolean {
    const request = this.#request;
    const status = this.#handle.writeBuffer(request, bytes);
    if (status !== 0) {
      this.destroy();
      return false;
    }
    if (this.#binding.streamBaseState[this.#binding.kLastWriteWasAsync] === 0) return false;
    this.#isSending = true;
    request.bytes = bytes;
    request.oncomplete = (late) => this.#sent(late);
    return true;
  }

  #sent(status: number): void {
    this.#isSending = false;
    this.#request = new this.#binding.WriteWrap();
    if (this.isClosed) return;
    if (status !== 0) {
      this.destroy();
      return;
    }
    if (this.#queue.length > 0) {
      const bytes = Buffer.concat(this.#queue);
      this.#queue = [];
      this.#queuedBytes = 0;
      if (this.#send(bytes)) return;
    }
    if (this.#isEnding) this.#shutdown();
    else this.#events.drained();
  }

  #shutdown(): void {
    this.#isShutDown = true;
    if (this.#hasPeerEnded) {
      this.#socket.end(() => this.destroy());
      return;
    }
    this.#socket.end();
    setTimeout(() => this.destroy(), END_GRACE_MS).unref();
  }

  #closed(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#events.closed();
  }
}

function handleOf(socket: Socket): Handle | null {
  const handle = (socket as unknown as { _handle?: Partial<Handle> | null })._handle;
  if (handle === undefined || handle === null) return null;
  const hasMethods = METHODS.every((name) => typeof handle[name] === "function");
  return hasMethods && typeof handle.writeQueueSize === "number" ? (handle as Handle) : null;
}

function loadBinding(): StreamBinding | null {
  try {
    const process_ = process as unknown as { binding?: (name: string) => Partial<StreamBinding> };
    const found = process_.binding?.("stream_wrap");
    const isWhole =
      typeof found?.WriteWrap === "function" &&
      typeof found.kReadBytesOrError === "number" &&
      typeof found.kLastWriteWasAsync === "number" &&
      found.streamBaseState instanceof Int32Array;
    return isWhole ? (found as StreamBinding) : null;
  } catch {
    return null;
  }
}
