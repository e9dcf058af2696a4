/**
 * The Redis door as a target: one command at a time on each connection, no pipelining.
 *
 * What a connection has to be told first, its password and its namespace, goes out together with the
 * first command that needs it.
 */
import { DEFAULT_NAMESPACE } from "../../store/names.ts";
import { UsageError } from "../exit.ts";
import { ErrorReply, ReplyReader, type Reply } from "../redis/replies.ts";
import { RequestSocket, type Endpoint } from "./request-socket.ts";
import { OperationError, type Connection, type Target } from "./target.ts";

export interface RespPlan {
  /** `host`, `host:port` or `redis://[user:password@]host:port`. */
  readonly address: string;
  /** For when the address has none. */
  readonly password: string | null;
  readonly timeoutMs: number;
}

export const DEFAULT_RESP_ADDRESS = "127.0.0.1:6380";
const DEFAULT_PORT = 6380;

/** Throws UsageError when the address is none. */
export function respTarget({ address, password, timeoutMs }: RespPlan): Target {
  const text = /^rediss?:\/\//.test(address) ? address : `redis://${address}`;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed === null || parsed.hostname === "") {
    throw new UsageError(
      `"${address}" is no address of a Redis door: it must be like ${DEFAULT_RESP_ADDRESS}`,
    );
  }
  const isTls = parsed.protocol === "rediss:";
  const port = parsed.port === "" ? DEFAULT_PORT : Number(parsed.port);
  const endpoint = { host: parsed.hostname.replace(/^\[|\]$/g, ""), port, isTls };
  const secret = parsed.password === "" ? password : decoded(parsed.password);
  const user = parsed.username === "" ? [] : [decoded(parsed.username)];
  const auth = secret === null ? null : command("AUTH", ...user, secret);
  return {
    name: `${parsed.protocol}//${parsed.hostname}:${port}`,
    connection: () => new RespConnection(endpoint, auth, timeoutMs),
  };
}

const READING = { reader: () => new ReplyReader(), isLast: () => false };

class RespConnection implements Connection {
  readonly #socket: RequestSocket<Reply>;
  readonly #auth: string | null;
  #namespace = DEFAULT_NAMESPACE;

  constructor(endpoint: Endpoint, auth: string | null, timeoutMs: number) {
    this.#socket = new RequestSocket(endpoint, READING, timeoutMs);
    this.#auth = auth;
  }

  async get(namespace: string, key: string): Promise<string | null> {
    const reply = await this.#ask(namespace, command("GET", key));
    if (reply === null) return null;
    if (!Buffer.isBuffer(reply)) throw unexpected(reply);
    return reply.toString();
  }

  async set(namespace: string, key: string, value: string, ttlMs: number | null): Promise<void> {
    const expiry = ttlMs === null ? [] : ["PX", String(ttlMs)];
    const reply = await this.#ask(namespace, command("SET", key, value, ...expiry));
    if (reply !== "OK") throw unexpected(reply);
  }

  async delete(namespace: string, key: string): Promise<boolean> {
    return (await this.#ask(namespace, command("DEL", key))) === 1;
  }

  async deleteMany(namespace: string, keys: readonly string[]): Promise<void> {
    await this.#ask(namespace, command("DEL", ...keys));
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(namespace: string, text: string): Promise<Reply> {
    let before = "";
    let replies = 1;
    if (!this.#socket.isConnected) {
      this.#namespace = DEFAULT_NAMESPACE;
      if (this.#auth !== null) {
        before += this.#auth;
        replies++;
      }
    }
    if (this.#namespace !== namespace) {
      before += command("NAMESPACE", namespace);
      replies++;
    }
    const received = await this.#socket.request(before + text, replies);
    for (const reply of received) if (reply instanceof ErrorReply) throw failureOf(reply);
    this.#namespace = namespace;
    return received[replies - 1] ?? null;
  }
}

/** All parts are ASCII, but for a password, whose characters become the bytes of UTF-8. */
function command(...parts: readonly string[]): string {
  let text = `*${parts.length}\r\n`;
  for (const part of parts) {
    const bytes = isAscii(part) ? part : Buffer.from(part, "utf8").toString("latin1");
    text += `$${bytes.length}\r\n${bytes}\r\n`;
  }
  return text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError("--resp: user and password must be percent-encoded");
  }
}

function isAscii(text: string): boolean {
  // eslint would have a class of printable characters only; a password may hold any.
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

function failureOf({ message }: ErrorReply): OperationError {
  const [prefix = "ERR"] = message.split(" ", 1);
  // MISCONF is a log that failed, or a full disk; EXECABORT and the like do not come up here.
  const outcome = prefix === "MISCONF" ? "unknown" : "refused";
  return new OperationError(`RESP ${prefix.slice(0, 40)}`, outcome, { detail: message });
}

function unexpected(reply: Reply): OperationError {
  return new OperationError("malformed reply", "unknown", { detail: JSON.stringify(reply) });
}
