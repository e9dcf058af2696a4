/**
 * Changing one key.
 *
 * `set` has its key in the body. The others have it in the path, and where a URL cannot carry it they
 * go through a batch of one; what a batch cannot do (leave the value or the ttl as it is) is read,
 * changed, and written on the condition that nobody else has changed the key in between.
 */
import { runBatch, sendBatch } from "./batch.ts";
import { byText, conditionHeaders, objectText, ttlText } from "./bodies.ts";
import { ownError, PyKVError } from "./errors.ts";
import { memberTexts } from "./json-text.ts";
import { checkKey, keyPath } from "./keys.ts";
import { readBytes } from "./reading.ts";
import { bodyOf, errorOf, unlikePyKV } from "./reply.ts";
import type { Reply, Shape } from "./reply.ts";
import { isCode, nsQuery, orMissing } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type {
  BytesEntry,
  CallOptions,
  DeleteOptions,
  IncrementOptions,
  SetOptions,
  TtlOption,
  UpdateOptions,
  Written,
} from "./types.ts";
import { RawJson, valueMembers } from "./values.ts";

const WRITTEN: Shape = { status: "string", key: "string", version: "number", ttl: "any" };

/** Other writers that may be faster before a read-change-write gives up. */
const REWRITES_MAX = 16;

export async function setKey(
  scope: Scope,
  key: string,
  value: unknown,
  options: SetOptions = {},
): Promise<Written> {
  const members = objectText({ key: JSON.stringify(checkKey(key)), ttl: ttlText(options) });
  const reply = await scope.transport.send(
    {
      method: "POST",
      path: `/kv/${nsQuery(scope)}`,
      headers: conditionHeaders(options),
      body: `${members.slice(0, -1)},${valueMembers(value)}}`,
      isRead: false,
    },
    options,
  );
  return writtenOf(reply);
}

export async function updateKey(
  scope: Scope,
  key: string,
  value: unknown,
  options: UpdateOptions = {},
): Promise<Written> {
  const path = keyPath(checkKey(key));
  if (path === null) return updateByBody(scope, key, value, options);
  const ttl = ttlText(options);
  const reply = await scope.transport.send(
    {
      method: "PUT",
      path: path + nsQuery(scope, { upsert: options.upsert === true ? true : undefined }),
      headers: conditionHeaders(options),
      body: `{${valueMembers(value)}${ttl === undefined ? "" : `,"ttl":${ttl}`}}`,
      isRead: false,
    },
    options,
  );
  return writtenOf(reply);
}

/** False when there is no such key. */
export async function setTtl(
  scope: Scope,
  key: string,
  ttl: number | null,
  options: CallOptions | undefined,
): Promise<boolean> {
  const text = ttlText({ ttl })!;
  const path = keyPath(checkKey(key));
  if (path === null) {
    const keepValue = (entry: BytesEntry) => ({ value: storedValue(entry), ttl });
    return (await rewrite(scope, key, keepValue, options)) !== null;
  }
  const sent = scope.transport.send(
    { method: "PATCH", path: path + nsQuery(scope), body: `{"ttl":${text}}`, isRead: false },
    options,
  );
  const reply = await orMissing(sent, null);
  return reply !== null && writtenOf(reply).version > 0;
}

/** False when there is no such key. */
export async function deleteKey(
  scope: Scope,
  key: string,
  options: DeleteOptions = {},
): Promise<boolean> {
  const path = keyPath(checkKey(key));
  const { ifVersion } = options;
  if (path === null) {
    const how = { ...options, atomic: false };
    const [result] = await runBatch(scope, [{ op: "delete", key, ifVersion }], how);
    if (result?.status === "failed") throw result.error;
    return result?.status === "deleted";
  }
  const headers = conditionHeaders({ ifVersion });
  const sent = scope.transport.send(
    { method: "DELETE", path: path + nsQuery(scope), headers, isRead: false },
    options,
  );
  const reply = await orMissing(sent, null);
  return reply !== null && bodyOf(reply, { status: "string" }).status === "deleted";
}

/** The sum, as exact as the server has it. */
export async function incrementKey(
  scope: Scope,
  key: string,
  by: number | bigint | undefined,
  options: IncrementOptions = {},
): Promise<bigint> {
  const path = keyPath(checkKey(key));
  if (path === null) return incrementByBody(scope, key, by, options);
  const request = {
    method: "POST",
    path: `${path}/incr${nsQuery(scope)}`,
    body: objectText({ by: byText(by), ttl: ttlText(options) }),
    isRead: false,
  } as const;
  const reply = await scope.transport.send(request, options);
  bodyOf(reply, { key: "string", value: "number", version: "number" });
  return integerOf(memberTexts(reply.text).get("value"), reply);
}

/** The sum as a number. @throws BAD_RESPONSE when a number cannot hold it; it was added all the same. */
export function numberOf(sum: bigint): number {
  const number = Number(sum);
  if (Number.isSafeInteger(number)) return number;
  const detail = `the sum is ${sum}, which a number cannot hold exactly: pass \`by\` as a bigint`;
  throw ownError("BAD_RESPONSE", detail);
}

async function incrementByBody(
  scope: Scope,
  key: string,
  by: number | bigint | undefined,
  options: IncrementOptions,
): Promise<bigint> {
  const operation = { op: "incr", key, by, ttl: options.ttl } as const;
  const [result] = await sendBatch(scope, [operation], { ...options, atomic: false });
  const { fields, text, reply } = result!;
  if (fields.status === "failed") {
    throw errorOf(Object(fields.error) as Record<string, unknown>, reply.url);
  }
  return integerOf(memberTexts(text()).get("value"), reply);
}

async function updateByBody(
  scope: Scope,
  key: string,
  value: unknown,
  options: UpdateOptions,
): Promise<Written> {
  const { ifVersion, upsert, ttl } = options;
  const keepTtl = (entry: BytesEntry) => ({ value, ttl: ttl === undefined ? entry.ttl : ttl });
  for (let tries = 1; ; tries++) {
    const written = await rewrite(scope, key, keepTtl, options, ifVersion);
    if (written !== null) return written;
    if (upsert !== true) throw notFound(scope, key);
    try {
      return await setKey(scope, key, value, { ...options, ifVersion, ifAbsent: true });
    } catch (thrown) {
      // Somebody has added it in between: then it is there to be replaced.
      const isTaken = ifVersion === undefined && isCode(thrown, "CONDITION_FAILED");
      if (!isTaken || tries === REWRITES_MAX) throw thrown;
    }
  }
}

/** Reads, changes and writes; null when there is no such key. */
async function rewrite(
  scope: Scope,
  key: string,
  change: (entry: BytesEntry) => { readonly value: unknown } & TtlOption,
  options: CallOptions | undefined,
  ifVersion?: number,
): Promise<Written | null> {
  const call = { signal: options?.signal, timeoutMs: options?.timeoutMs };
  for (let tries = 1; ; tries++) {
    const entry = await readBytes(scope, key, call);
    if (entry === undefined) return null;
    const { value, ttl } = change(entry);
    try {
      const version = ifVersion ?? entry.version;
      return await setKey(scope, key, value, { ...call, ttl, ifVersion: version });
    } catch (thrown) {
      const isOvertaken = ifVersion === undefined && isCode(thrown, "CONDITION_FAILED");
      if (!isOvertaken || tries === REWRITES_MAX) throw thrown;
    }
  }
}

/** What an entry holds, to be sent as it is. */
function storedValue({ bytes, kind }: BytesEntry): string | Uint8Array | RawJson {
  if (kind === "binary") return bytes;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return kind === "text" ? text : new RawJson(text);
}

function notFound({ transport, namespace }: Scope, key: string): PyKVError {
  return new PyKVError({
    code: "KEY_NOT_FOUND",
    title: "The key does not exist",
    detail: `${JSON.stringify(key.slice(0, 200))} in namespace ${namespace}`,
    ...{ status: 404, url: transport.url },
  });
}

function writtenOf(reply: Reply): Written {
  const { status, key, namespace, version, ttl } = bodyOf(reply, WRITTEN);
  return { status, key, namespace, version, ttl } as unknown as Written;
}

function integerOf(text: string | undefined, reply: Reply): bigint {
  if (text === undefined || !/^-?\d+$/.test(text)) throw unlikePyKV(reply);
  return BigInt(text);
}
