/**
 * The entry of the key in view, and the noticing of changes that others make.
 *
 * Every two seconds the key's version is asked for by HEAD, which counts neither as a hit nor as a use of
 * the key; only when it is another one is the value read again. Nothing is asked while nobody
 * looks or while the server is away.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { queryString } from "../../../lib/query-string.ts";
import { kv } from "../../../lib/kv.ts";
import { useConnection } from "../../../lib/live/live.ts";
import { deadlineOf } from "../../../lib/deadline.ts";
import type { Entry } from "./entry.ts";

const LOOK_MS = 2_000;
/** Values may be large: one that is out of sight is let go soon. */
const KEPT_MS = 10_000;
/** As the SDK has it: longer keys travel in bodies, and HEAD has none. */
const ENCODED_KEY_LENGTH_MAX = 4000;

function entryKey(namespace: string, key: string): readonly string[] {
  return ["entry", namespace, key];
}

/** Null is a key that is not there. */
export async function readEntry(
  namespace: string,
  key: string,
  signal?: AbortSignal,
): Promise<Entry | null> {
  const entry = await kv.namespace(namespace).getBytes(key, { signal });
  if (entry === undefined) return null;
  return { ...entry, deadlineMs: deadlineOf(entry.ttl, Date.now()) };
}

export function useEntry(namespace: string, key: string) {
  const client = useQueryClient();
  const queryKey = entryKey(namespace, key);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => readEntry(namespace, key, signal),
    staleTime: 0,
    gcTime: KEPT_MS,
    retry: false,
  });
  const { refetch, data } = query;
  const isLive = useConnection().status === "live";
  useEffect(() => {
    if (isLive) void refetch();
  }, [isLive, refetch]);
  const version = data === undefined ? undefined : (data?.version ?? 0);
  useEffect(() => {
    if (!isLive || version === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.hidden) return;
      void versionOf(namespace, key).then((now) => {
        if (now !== null && now !== version) void refetch();
      });
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [isLive, version, namespace, key, refetch]);
  useExpiry(data?.deadlineMs ?? null, () => void refetch());
  const put = (entry: Entry | null): void => void client.setQueryData(queryKey, entry);
  return { ...query, put };
}

/** The version that the key has now, 0 when it is not there; null when that can't be told. */
async function versionOf(namespace: string, key: string): Promise<number | null> {
  const encoded = encodeURIComponent(key);
  if (encoded.length > ENCODED_KEY_LENGTH_MAX || /^\.{1,2}$/.test(key)) return null;
  try {
    const url = `/kv/${encoded}${queryString({ ns: namespace })}`;
    const { status, headers } = await fetch(url, { method: "HEAD" });
    if (status === 404) return 0;
    return status === 200 ? Number(headers.get("etag")?.replaceAll('"', "")) : null;
  } catch {
    return null;
  }
}

/** A key that expires does so on time in view, too. */
function useExpiry(deadlineMs: number | null, onExpired: () => void): void {
  useEffect(() => {
    if (deadlineMs === null) return undefined;
    const delayMs = deadlineMs - Date.now() + 50;
    if (delayMs > LONGEST_TIMER_MS) return undefined;
    const timer = setTimeout(onExpired, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  }, [deadlineMs]);
}

/** Browsers take longer ones for none at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
