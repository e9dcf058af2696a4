/**
 * What is done to many keys at once: deleting, changing the time to live, exporting.
 *
 * Each goes in chunks that bound a request, tells how far it is, and can be stopped between two of them.
 */
import { elementTexts, memberTexts } from "../../../../../src/client/json-text.ts";
import { ApiError } from "../../../lib/api.ts";
import { kv } from "../../../lib/kv.ts";
import { exportLine } from "./export-line.ts";
import type { DoomedKey } from "./pending-deletes.ts";

export interface Progress {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

const DELETES_PER_BATCH = 1000;
const READS_PER_BATCH = 200;
/** Requests under way at a time, where each key is a request of its own. */
const CONCURRENCY = 8;
const PAYLOAD_TOO_LARGE = 413;

/**
 * Deletes keys; one that is gone already counts as deleted. Rejects when a version is not the one
 * expected; those before it are deleted.
 */
export async function deleteKeys(keys: readonly DoomedKey[], progress?: Progress): Promise<void> {
  for (let from = 0; from < keys.length; from += DELETES_PER_BATCH) {
    progress?.signal.throwIfAborted();
    const chunk = keys.slice(from, from + DELETES_PER_BATCH);
    const operations = chunk.map(({ key, namespace, version }) => {
      return { op: "delete", key, namespace, ifVersion: version ?? undefined } as const;
    });
    const results = await kv.batch(operations, { atomic: false });
    for (const result of results) if (result.status === "failed") throw result.error;
    progress?.onProgress(from + chunk.length);
  }
}

/** Sends a delete that outlives the page; nobody hears the answer. */
export async function deleteKeysLeaving(keys: readonly DoomedKey[]): Promise<void> {
  const operations = keys.map(({ key, namespace, version }) => {
    return { op: "delete", key, namespace, ...(version === null ? {} : { if_version: version }) };
  });
  await fetch("/batch", {
    method: "POST",
    keepalive: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ operations, atomic: false }),
  });
}

/** Sets the time to live of each key; resolves with how many of them were still there. */
export async function setTtls(
  namespace: string,
  keys: readonly string[],
  ttlSeconds: number | null,
  progress: Progress,
): Promise<number> {
  const space = kv.namespace(namespace);
  let next = 0;
  let found = 0;
  const worker = async (): Promise<void> => {
    while (next < keys.length) {
      progress.signal.throwIfAborted();
      const key = keys[next++]!;
      const isThere =
        ttlSeconds === null ? await space.persist(key) : await space.expire(key, ttlSeconds);
      if (isThere) found += 1;
      progress.onProgress(next);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return found;
}

/** The keys as lines of NDJSON; those that are gone are left out. */
export async function exportKeys(
  namespace: string,
  keys: readonly string[],
  progress: Progress,
): Promise<Blob> {
  const parts: string[] = [];
  let size = READS_PER_BATCH;
  for (let from = 0; from < keys.length;) {
    progress.signal.throwIfAborted();
    const chunk = keys.slice(from, from + size);
    try {
      parts.push(...(await exportChunk(namespace, chunk, progress.signal)));
      from += chunk.length;
      progress.onProgress(from);
    } catch (error) {
      // Large values: fewer at a time.
      const isTooLarge = error instanceof ApiError && error.status === PAYLOAD_TOO_LARGE;
      if (!isTooLarge || size === 1) throw error;
      size = Math.ceil(size / 4);
    }
  }
  return new Blob(parts, { type: "application/x-ndjson" });
}

async function exportChunk(
  namespace: string,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const response = await fetch("/batch", {
    method: "POST",
    signal,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      operations: keys.map((key) => ({ op: "get", key, namespace })),
      atomic: false,
    }),
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new ApiError(0, "UNREACHABLE", "The server does not answer");
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, "UNKNOWN", text.slice(0, 500));
  const nowMs = Date.now();
  return elementTexts(memberTexts(text).get("results") ?? "[]").flatMap((result) => {
    const line = exportLine(result, namespace, nowMs);
    return line === null ? [] : [`${line}\n`];
  });
}

/** Hands a file to the browser to save. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold on it once the download has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name for a file out of a key: no separators, nothing that a system would take for more. */
export function fileNameOf(key: string, extension: string): string {
  const safe = key.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^[._]+/, "");
  return `${safe.slice(0, 80) || "value"}.${extension}`;
}
