/**
 * A Redis server as the source of an import: its strings, with their deadlines.
 *
 * SCAN walks the keys without holding up the server; what it brings is asked for in one pipeline, and
 * the next step of the walk is already under way meanwhile. SCAN may bring a key twice, which sets it
 * twice. A key that expires in between is passed over. What is no string has no counterpart here: it
 * becomes a bad record that names its type.
 */
import { isUtf8 } from "node:buffer";
import { RedisConnection, type RedisAddress } from "../redis/connection.ts";
import { ErrorReply, type Reply } from "../redis/replies.ts";
import { Failure } from "../exit.ts";
import { BadRecord, type Entry } from "./exchange.ts";
import type { Place } from "./pieces.ts";
import type { Candidate, Source } from "./source.ts";

/** Asked for at once: enough to hide the way there and back, and little memory for small values. */
const KEYS_A_STEP = 500;
const SHOWN_BYTES_MAX = 80;
const NO_KEY = -2;

export interface RedisSource extends Source {
  close(): void;
}

/** Connects; rejects with Failure. Only keys with the prefix are read. */
export async function openRedis(
  address: RedisAddress,
  prefix: string,
  timeoutMs: number,
): Promise<RedisSource> {
  const connection = await RedisConnection.open(address, timeoutMs);
  const keys = Number(await connection.command(["DBSIZE"]));
  let seen = 0;
  return {
    name: `redis://${address.host}:${address.port}/${address.database}`,
    file: null,
    candidates: async function* () {
      for await (const found of scan(connection, prefix)) {
        seen += found.length;
        const candidates = await fetchAll(connection, found, seen);
        if (candidates.length > 0) yield candidates;
      }
    },
    share: () => (prefix === "" && keys > 0 ? Math.min(1, seen / keys) : null),
    close: () => connection.close(),
  };
}

async function* scan(connection: RedisConnection, prefix: string): AsyncGenerator<Buffer[]> {
  const match = prefix === "" ? [] : ["MATCH", `${escapeGlob(prefix)}*`];
  const step = (cursor: string): Promise<Reply> => {
    const reply = connection.command(["SCAN", cursor, ...match, "COUNT", String(KEYS_A_STEP)]);
    // Whoever awaits it next meets its failure.
    reply.catch(() => undefined);
    return reply;
  };
  let next = step("0");
  for (;;) {
    const reply = await next;
    const [cursor, keys] = Array.isArray(reply) ? (reply as Reply[]) : [];
    if (!(cursor instanceof Buffer) || !Array.isArray(keys)) {
      throw new Failure("the reply to SCAN is not as Redis gives it");
    }
    const isLast = cursor.toString() === "0";
    if (!isLast) next = step(cursor.toString());
    yield keys as Buffer[];
    if (isLast) return;
  }
}

async function fetchAll(
  connection: RedisConnection,
  keys: readonly Buffer[],
  seen: number,
): Promise<Candidate[]> {
  if (keys.length === 0) return [];
  const replies = await connection.pipeline(
    keys.flatMap((key) => [
      ["GET", key],
      ["PTTL", key],
    ]),
  );
  const nowMs = Date.now();
  const found = keys.map((key, i) => ({ key, value: replies[2 * i], pttl: replies[2 * i + 1] }));
  const others = found.filter(({ value }) => value instanceof ErrorReply);
  const types = await typesOf(
    connection,
    others.map(({ key }) => key),
  );
  return found
    .filter(({ value, pttl }) => value !== null && pttl !== NO_KEY)
    .map(({ key, value, pttl }) => {
      const next = { offset: seen, line: seen };
      if (value instanceof ErrorReply) return otherType(key, value, types.get(key), next);
      return stringCandidate(key, value as Buffer, Number(pttl), nowMs, next);
    });
}

async function typesOf(
  connection: RedisConnection,
  keys: readonly Buffer[],
): Promise<Map<Buffer, string>> {
  if (keys.length === 0) return new Map();
  const replies = await connection.pipeline(keys.map((key) => ["TYPE", key]));
  return new Map(keys.map((key, i) => [key, typeName(replies[i])]));
}

function typeName(reply: Reply | undefined): string {
  return typeof reply === "string" ? reply : "unknown";
}

function otherType(
  key: Buffer,
  error: ErrorReply,
  type: string | undefined,
  next: Place,
): Candidate {
  const isType = error.message.startsWith("WRONGTYPE") && type !== undefined;
  const what = isType ? `it is of type ${type}, and only strings can be imported` : error.message;
  return candidate(key, next, () => {
    throw new BadRecord(what, isType ? type : "other");
  });
}

function stringCandidate(
  key: Buffer,
  value: Buffer,
  pttl: number,
  nowMs: number,
  next: Place,
): Candidate {
  return candidate(key, next, (): Entry => {
    if (!isUtf8(key)) throw new BadRecord("the key is not UTF-8", "key that is not UTF-8");
    if (key.length === 0) throw new BadRecord("the key is empty", "empty key");
    const isText = isUtf8(value);
    return {
      key: key.toString(),
      namespace: null,
      valueText: isText ? JSON.stringify(value.toString()) : `"${value.toString("base64")}"`,
      isBase64: !isText,
      deadlineMs: pttl < 0 ? null : nowMs + pttl,
    };
  });
}

function candidate(key: Buffer, next: Place, read: () => Entry): Candidate {
  const shown = key.toString().slice(0, SHOWN_BYTES_MAX);
  // In the file of bad records stands what can be said of it in JSON.
  const source = Buffer.from(JSON.stringify({ key: key.toString() }));
  return { origin: `key ${JSON.stringify(shown)}`, source, next, read };
}

function escapeGlob(prefix: string): string {
  return prefix.replace(/[*?[\]\\^-]/g, "\\$&");
}
