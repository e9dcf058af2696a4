/**
 * Reading one key.
 *
 * An entry is read as JSON either way: by GET of its path, or by a batch of one where a URL cannot
 * carry the key. Exact bytes come from the same reply, out of its text.
 */
import { sendBatch } from "./batch.ts";
import { memberTexts } from "./json-text.ts";
import { checkKey, keyPath } from "./keys.ts";
import { bodyOf, errorOf } from "./reply.ts";
import type { Shape } from "./reply.ts";
import { nsQuery, orMissing } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { BytesEntry, CallOptions, Entry } from "./types.ts";
import { valueOf } from "./values.ts";
import { fromBase64 } from "./base64.ts";

/** An entry as the server sent it. */
export interface EntryReply {
  readonly fields: Readonly<Record<string, unknown>>;
  /** The JSON that `fields` was parsed from. */
  readonly text: () => string;
}

const ENTRY: Shape = { key: "string", value: "any", version: "number", ttl: "any" };

const OK = 200;
const NOT_FOUND = 404;

/** A version as an entity tag; weak once a proxy has compressed something. */
const VERSION_TAG = /^(?:W\/)?"\d+"$/;

export async function readEntry<T>(
  scope: Scope,
  key: string,
  options: CallOptions | undefined,
): Promise<Entry<T> | undefined> {
  const entry = await read(scope, key, options);
  return entry === undefined ? undefined : entryOf<T>(entry.fields, scope.namespace);
}

/** An entry of a reply, decoded. */
export function entryOf<T>(fields: Readonly<Record<string, unknown>>, namespace: string): Entry<T> {
  const { key, value, encoding, version, ttl } = fields;
  const decoded = { key, value: valueOf({ value, encoding }), version, ttl, namespace };
  return decoded as unknown as Entry<T>;
}

export async function readBytes(
  scope: Scope,
  key: string,
  options: CallOptions | undefined,
): Promise<BytesEntry | undefined> {
  const entry = await read(scope, key, options);
  return entry === undefined ? undefined : bytesOf(entry);
}

/** An entry of a reply as its stored bytes. */
export function bytesOf(entry: EntryReply): BytesEntry {
  const { value, encoding } = entry.fields;
  const meta = entry.fields as { readonly version: number; readonly ttl: number | null };
  const common = { version: meta.version, ttl: meta.ttl };
  if (encoding === "base64") {
    return { bytes: fromBase64(value as string), kind: "binary", ...common };
  }
  if (typeof value === "string") {
    return { bytes: new TextEncoder().encode(value), kind: "text", ...common };
  }
  const json = memberTexts(entry.text()).get("value") ?? "";
  return { bytes: new TextEncoder().encode(json), kind: "json", ...common };
}

/** By HEAD, which counts neither as a use of the key nor as a hit. */
export async function hasKey(
  scope: Scope,
  key: string,
  options: CallOptions | undefined,
): Promise<boolean> {
  const path = keyPath(checkKey(key));
  if (path === null) return (await read(scope, key, options)) !== undefined;
  const reply = await scope.transport.send(
    { method: "HEAD", path: path + nsQuery(scope), isRead: true, accepts: () => true },
    options,
  );
  const { status, contentType, etag } = reply;
  if (status === OK && VERSION_TAG.test(etag ?? "")) return true;
  if (status === NOT_FOUND && contentType.includes("problem+json")) return false;
  // A reply to HEAD has no body that could tell what is wrong, or who answers: GET tells.
  return (await read(scope, key, options)) !== undefined;
}

async function read(
  scope: Scope,
  key: string,
  options: CallOptions | undefined,
): Promise<EntryReply | undefined> {
  const path = keyPath(checkKey(key));
  if (path === null) return readByBatch(scope, key, options);
  const request = { method: "GET", path: path + nsQuery(scope), isRead: true } as const;
  const reply = await orMissing(scope.transport.send(request, options), undefined);
  if (reply === undefined) return undefined;
  return { fields: bodyOf(reply, ENTRY), text: () => reply.text };
}

async function readByBatch(
  scope: Scope,
  key: string,
  options: CallOptions | undefined,
): Promise<EntryReply | undefined> {
  const [result] = await sendBatch(scope, [{ op: "get", key }], { ...options, atomic: false });
  const { fields, text, reply } = result!;
  if (fields.status === "failed") {
    throw errorOf(Object(fields.error) as EntryReply["fields"], reply.url);
  }
  return fields.status === "found" ? { fields, text } : undefined;
}
