/**
 * A connection to a Redis server, for reading what it holds: commands go out in pipelines, replies
 * come back in order. No dependency: a client that can do everything is not needed for three commands.
 */
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Failure, UsageError } from "../exit.ts";
import { BadReply, ErrorReply, ReplyReader, type Reply } from "./replies.ts";

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: number;
}

const PORT = 6379;
const EXAMPLE = "redis://user:password@127.0.0.1:6379/0";

/** Throws UsageError, which never repeats the password. */
export function parseRedisUrl(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "") {
    throw new UsageError(`--from must be an address such as ${EXAMPLE}`);
  }
  const path = url.pathname.replace(/^\//, "");
  if (!/^\d{0,6}$/.test(path)) {
    throw new UsageError(`--from: the database must be a number, as in ${EXAMPLE}`);
  }
  return {
    host: decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, "$1")),
    port: url.port === "" ? PORT : Number(url.port),
    isTls: url.protocol === "rediss:",
    user: url.username === "" ? null : decoded(url.username),
    password: url.password === "" ? null : decoded(url.password),
    database: path === "" ? 0 : Number(path),
  };
}

interface Waiting {
  readonly replies: Reply[];
  readonly count: number;
  readonly resolve: (replies: Reply[]) => void;
  readonly reject: (error: Error) => void;
}

export class RedisConnection {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #timeoutMs: number;
  readonly #reader = new ReplyReader();
  readonly #waiting: Waiting[] = [];
  #failure: Error | null = null;

  /** Connects, authenticates and chooses the database. Rejects with Failure. */
  static async open(address: RedisAddress, timeoutMs: number): Promise<RedisConnection> {
    const { host, port, isTls, user, password, database } = address;
    const name = `redis://${host}:${port}`;
    const where = { host, port, servername: host };
    const socket = isTls ? connectTls(where) : connectPlain(where);
    const connection = new RedisConnection(socket, name, timeoutMs);
    try {
      if (password !== null) {
        const credentials = user === null ? [password] : [user, password];
        await connection.#expectOk(["AUTH", ...credentials], "does not take the password");
      }
      if (database !== 0) {
        const what = `has no database ${database}`;
        await connection.#expectOk(["SELECT", String(database)], what);
      }
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private constructor(socket: Socket, name: string, timeoutMs: number) {
    this.#socket = socket;
    this.#name = name;
    this.#timeoutMs = timeoutMs;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#fail(error.message));
    socket.on("close", () => this.#fail("it closed the connection"));
    socket.on("timeout", () => this.#fail(`no answer in ${timeoutMs} ms`));
  }

  /** The reply to one command. Rejects with Failure also where that is an error. */
  async command(args: readonly (string | Buffer)[]): Promise<Reply> {
    const [reply] = await this.pipeline([args]);
    if (reply instanceof ErrorReply) throw this.#failureOf(`${String(args[0])}: ${reply.message}`);
    return reply ?? null;
  }

  /** The replies to all commands, errors among them. Rejects with Failure when the line breaks. */
  pipeline(commands: readonly (readonly (string | Buffer)[])[]): Promise<Reply[]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ replies: [], count: commands.length, resolve, reject });
      this.#socket.setTimeout(this.#timeoutMs);
      this.#socket.write(Buffer.concat(commands.map(encode)));
    });
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let replies: Reply[];
    try {
      replies = this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof BadReply)) throw error;
      return this.#fail(error.message);
    }
    for (const reply of replies) {
      const first = this.#waiting[0];
      if (first === undefined) return this.#fail("it sent what nobody has asked for");
      first.replies.push(reply);
      if (first.replies.length < first.count) continue;
      this.#waiting.shift();
      if (this.#waiting.length === 0) this.#socket.setTimeout(0);
      first.resolve(first.replies);
    }
  }

  #fail(reason: string): void {
    this.#failure ??= this.#failureOf(reason);
    this.#socket.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }

  #failureOf(reason: string): Failure {
    return new Failure(`${this.#name}: ${reason}`);
  }

  async #expectOk(args: readonly string[], complaint: string): Promise<void> {
    const [reply] = await this.pipeline([args]);
    if (reply === "OK") return;
    const said = reply instanceof ErrorReply ? reply.message : JSON.stringify(reply);
    throw this.#failureOf(`${complaint}: ${said}`);
  }
}

function encode(args: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const arg of args) {
    const bytes = typeof arg === "string" ? Buffer.from(arg) : arg;
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n"));
  }
  return Buffer.concat(parts);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError("--from: user and password must be percent-encoded");
  }
}
