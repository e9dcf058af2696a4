/**
 * A socket with one request under way: what both doors' clients are built on.
 *
 * It connects when it is used, and again after the connection was lost, so a server that restarts is
 * found again. A request ends with its replies, with the end of the connection or after `timeoutMs`,
 * and never hangs.
 */
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { OperationError } from "./target.ts";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** Puts replies together from what the socket brings. */
export interface ReplyReader<Reply> {
  /** Takes bytes and returns the replies that are whole now. Throws when they are none. */
  push(chunk: Buffer): Reply[];
}

/** How a door's replies are read. */
export interface Reading<Reply> {
  readonly reader: () => ReplyReader<Reply>;
  /** Whether the server closes the connection after a reply. */
  readonly isLast: (reply: Reply) => boolean;
}

interface Underway<Reply> {
  readonly replies: Reply[];
  readonly wanted: number;
  readonly resolve: (replies: Reply[]) => void;
  readonly reject: (error: OperationError) => void;
}

const KINDS = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "connection reset"],
  ["EPIPE", "connection reset"],
  ["ETIMEDOUT", "connect timed out"],
  ["ENOTFOUND", "host not found"],
  ["EAI_AGAIN", "host not found"],
  ["EMFILE", "too many open files"],
  ["EADDRNOTAVAIL", "no free local port"],
]);

export class RequestSocket<Reply> {
  readonly #endpoint: Endpoint;
  readonly #reading: Reading<Reply>;
  readonly #timeoutMs: number;
  #socket: Socket | null = null;
  #isConnected = false;
  #reader: ReplyReader<Reply>;
  #underway: Underway<Reply> | null = null;

  constructor(endpoint: Endpoint, reading: Reading<Reply>, timeoutMs: number) {
    this.#endpoint = endpoint;
    this.#reading = reading;
    this.#reader = reading.reader();
    this.#timeoutMs = timeoutMs;
  }

  /** Whether the next request goes over a connection that has been used before. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Sends a text, of which each character is a byte; resolves with its replies. */
  request(text: string, wanted = 1): Promise<Reply[]> {
    return new Promise((resolve, reject) => {
      this.#underway = { replies: [], wanted, resolve, reject };
      const socket = (this.#socket ??= this.#connect());
      // A socket that is not connected yet keeps it until it is.
      socket.write(text, "latin1");
    });
  }

  close(): void {
    this.#lose("closed");
  }

  #connect(): Socket {
    const { host, port, isTls } = this.#endpoint;
    const socket = isTls ? connectTls({ host, port, servername: host }) : connectPlain(port, host);
    const ready = isTls ? "secureConnect" : "connect";
    socket.setNoDelay(true);
    socket.setTimeout(this.#timeoutMs);
    socket.once(ready, () => (this.#isConnected = this.#socket === socket));
    socket.on("data", (chunk: Buffer) => {
      if (this.#socket === socket) this.#read(chunk);
    });
    socket.on("timeout", () => {
      if (this.#socket !== socket || this.#underway === null) return;
      this.#lose(this.#isConnected ? "timed out" : "connect timed out");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (this.#socket !== socket) return;
      const code = error.code ?? "";
      this.#lose(KINDS.get(code) ?? (code === "" ? "connection failed" : code), error.message);
    });
    socket.on("close", () => {
      if (this.#socket === socket) this.#lose("connection closed");
    });
    return socket;
  }

  #read(chunk: Buffer): void {
    try {
      for (const reply of this.#reader.push(chunk)) {
        this.#deliver(reply);
        if (this.#reading.isLast(reply)) return this.#lose("connection closed");
      }
    } catch (error) {
      this.#lose("malformed reply", error instanceof Error ? error.message : "");
    }
  }

  #deliver(reply: Reply): void {
    const underway = this.#underway;
    if (underway === null) throw new Error("a reply that nobody asked for");
    underway.replies.push(reply);
    if (underway.replies.length < underway.wanted) return;
    this.#underway = null;
    underway.resolve(underway.replies);
  }

  /** Ends the connection, and what is under way with it. */
  #lose(kind: string, detail?: string): void {
    const wasConnected = this.#isConnected;
    this.#socket?.destroy();
    this.#socket = null;
    this.#isConnected = false;
    this.#reader = this.#reading.reader();
    const underway = this.#underway;
    this.#underway = null;
    // What was not sent cannot have had an effect.
    underway?.reject(
      new OperationError(kind, wasConnected ? "unknown" : "refused", {
        ...(detail === undefined ? {} : { detail }),
        isUnreachable: !wasConnected,
      }),
    );
  }
}
