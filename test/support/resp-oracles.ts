/**
 * Replies as two client libraries read them, told in the words of resp-reply.ts: what they make of
 * our bytes must be what we mean. redis-parser reads RESP2, the decoder of node-redis both.
 */
import { Decoder, RESP_TYPES } from "@redis/client/dist/lib/RESP/decoder.js";
import Parser from "redis-parser";
import { Push, ReplyError } from "./resp-reply.ts";
import type { Reply } from "./resp-reply.ts";

/** Replies in RESP2; throws for bytes that are none. */
export function readByRedisParser(bytes: string): Reply[] {
  const replies: Reply[] = [];
  const parser = new Parser({
    returnReply: (reply) => replies.push(plain(reply)),
    returnError: (error) => replies.push(new ReplyError(error.message)),
    returnFatalError: (error) => {
      throw error;
    },
    returnBuffers: true,
    stringNumbers: true,
  });
  // In two pieces, so that it has to put them together.
  const half = bytes.length >> 1;
  parser.execute(Buffer.from(bytes.slice(0, half), "latin1"));
  parser.execute(Buffer.from(bytes.slice(half), "latin1"));
  return replies;
}

/** Replies in RESP2 or RESP3; throws for bytes that are none. */
export function readByNodeRedis(bytes: string): Reply[] {
  const replies: Reply[] = [];
  const decoder = new Decoder({
    onReply: (reply) => replies.push(plain(reply)),
    onErrorReply: (error) => replies.push(new ReplyError(error.message)),
    onPush: (items) => replies.push(new Push(items.map(plain))),
    getTypeMapping: () => ({
      [RESP_TYPES.BLOB_STRING]: Buffer,
      [RESP_TYPES.SIMPLE_STRING]: Buffer,
      [RESP_TYPES.NUMBER]: String,
      [RESP_TYPES.MAP]: Map,
      [RESP_TYPES.SET]: Set,
    }),
  });
  for (const byte of Buffer.from(bytes, "latin1")) decoder.write(Buffer.from([byte]));
  return replies;
}

/** What a library gives as what parseReplies gives, but for numbers, which are strings. */
function plain(value: unknown): Reply {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Error) return new ReplyError(value.message);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return new Set([...value].map(plain));
  if (value instanceof Map) {
    return new Map([...value].map(([key, each]) => [plain(key), plain(each)]));
  }
  return value as Reply;
}

/** The same for a reply of ours: its numbers as strings. */
export function withTextNumbers(reply: Reply): Reply {
  if (typeof reply === "number" || typeof reply === "bigint") return String(reply);
  if (Array.isArray(reply)) return reply.map(withTextNumbers);
  if (reply instanceof Push) return new Push(reply.items.map(withTextNumbers));
  if (reply instanceof Set) return new Set([...reply].map(withTextNumbers));
  if (!(reply instanceof Map)) return reply;
  return new Map([...reply].map(([key, value]) => [withTextNumbers(key), withTextNumbers(value)]));
}
