/**
 * The two requests of import and export, with values as the very text that they are stored as.
 *
 * The SDK hands out values parsed, which would round 64-bit integers; so bodies are put together, and
 * replies cut apart, as text. Servers are found, tried in turn and told apart from others by the
 * SDK's own transport.
 */
import { elementSpans, memberSpans, type Span } from "../../base/json-scan.ts";
import type { PyKVError } from "../../client/errors.ts";
import { queryString } from "../../client/keys.ts";
import { bodyOf, errorOf, unlikePyKV } from "../../client/reply.ts";
import type { Transport } from "../../client/transport.ts";
import type { ListedEntry } from "./exchange.ts";

export interface SetRequest {
  readonly key: string;
  readonly namespace: string;
  /** JSON text. */
  readonly valueText: string;
  readonly isBase64: boolean;
  /** Null is for ever. */
  readonly ttlMs: number | null;
  readonly ifAbsent: boolean;
}

/** Null when it was set. */
export type SetResult = PyKVError | null;

export interface PageRequest {
  readonly namespace: string;
  readonly prefix: string | undefined;
  readonly cursor: string | null;
  readonly limit: number;
}

export interface EntryPage {
  readonly entries: readonly ListedEntry[];
  readonly cursor: string | null;
}

const MS = 1000;

/** Carries out sets, each by itself. Rejects with the PyKVError of the client. */
export async function setMany(
  transport: Transport,
  requests: readonly SetRequest[],
): Promise<SetResult[]> {
  const body = `{"atomic":false,"operations":[${requests.map(setText).join(",")}]}`;
  // Not a read, though it may be repeated: who asks decides for how long.
  const request = { method: "POST", path: "/batch", body, isRead: false } as const;
  const reply = await transport.send(request, undefined);
  const { results } = bodyOf(reply, { results: "any" });
  if (!Array.isArray(results) || results.length !== requests.length) throw unlikePyKV(reply);
  return results.map((result: { readonly status?: unknown; readonly error?: unknown }) =>
    result.status === "failed"
      ? errorOf(Object(result.error) as Record<string, unknown>, reply.url)
      : null,
  );
}

/**
 * A page of entries, with their deadlines as of `nowMs`, the time at which it is asked for: so an
 * entry never seems to live longer than it does.
 */
export async function listEntries(
  transport: Transport,
  { namespace, prefix, cursor, limit }: PageRequest,
  nowMs: number,
): Promise<EntryPage> {
  const query = queryString({ ns: namespace, prefix, cursor, limit, values: true });
  const request = { method: "GET", path: `/kv/${query}`, isRead: true } as const;
  const reply = await transport.send(request, undefined);
  const page = bodyOf(reply, { items: "any", cursor: "any" });
  const { text } = reply;
  const items = memberSpans(text).get("items");
  if (items === undefined || !Array.isArray(page.items)) throw unlikePyKV(reply);
  const entries = elementSpans(text, items.start).map(({ start }) => {
    return entryOf(text, memberSpans(text, start), nowMs);
  });
  return { entries, cursor: typeof page.cursor === "string" ? page.cursor : null };
}

function setText({ key, namespace, valueText, isBase64, ttlMs, ifAbsent }: SetRequest): string {
  return (
    `{"op":"set","key":${JSON.stringify(key)},"namespace":"${namespace}","value":${valueText}` +
    (isBase64 ? ',"encoding":"base64"' : "") +
    (ttlMs === null ? "" : `,"ttl":${ttlMs / MS}`) +
    (ifAbsent ? ',"if_absent":true' : "") +
    "}"
  );
}

function entryOf(text: string, spans: ReadonlyMap<string, Span>, nowMs: number): ListedEntry {
  const textOf = (name: string): string => {
    const span = spans.get(name);
    return span === undefined ? "null" : text.slice(span.start, span.end);
  };
  const ttl = Number(JSON.parse(textOf("ttl")) ?? NaN);
  return {
    keyText: textOf("key"),
    valueText: textOf("value"),
    isBase64: spans.has("encoding"),
    namespace: null,
    deadlineMs: Number.isNaN(ttl) ? null : Math.floor(nowMs + ttl * MS),
  };
}
