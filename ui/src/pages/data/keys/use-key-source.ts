/**
 * The listing in view. It is kept while another page of the console is looked at, so that coming back to
 * a million keys costs nothing; a small one is read anew, since that costs nothing either.
 */
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { PageOptions } from "pykv/client";
import { kv } from "../../../lib/kv.ts";
import { pendingDeletes } from "../bulk/deleting.tsx";
import { KeySource } from "./key-source.ts";
import type { KeySourceStatus } from "./key-source.ts";

/** Browsers end a page at a height: Chromium and WebKit at 33 million pixels, Firefox at 17.8. */
const KEYS_MAX = navigator.userAgent.includes("Firefox") ? 600_000 : 1_100_000;
/** What is read anew on each visit. */
const SMALL_KEYS = 10_000;
/** Lets the browser draw, also where it draws nothing since nobody looks. */
const BREATH_MS = 4;

interface Kept {
  readonly namespace: string;
  readonly source: KeySource;
}

let kept: Kept | null = null;

export interface KeyListing {
  readonly source: KeySource;
  readonly status: KeySourceStatus;
  /** Reads the listing anew; open folders stay open. */
  readonly refresh: () => void;
}

export function useKeySource(namespace: string, prefix: string, separator: string): KeyListing {
  const [, setGeneration] = useState(0);
  const source = sourceFor(namespace, prefix, separator);
  const status = useSyncExternalStore(source.subscribe, source.status);
  const refresh = useCallback(() => {
    kept = replace(kept, namespace, prefix, separator);
    setGeneration((generation) => generation + 1);
  }, [namespace, prefix, separator]);
  useEffect(() => {
    if (source.status().version > 0 && source.tree.keyCount <= SMALL_KEYS) refresh();
    // Once for each visit.
  }, []);
  useEffect(() => {
    if (source.status().version === 0 || source.tree.keyCount === 0) void source.more();
  }, [source]);
  useEffect(() => void source.separateBy(separator), [source, separator]);
  return { source, status, refresh };
}

/** Notes a key in the listing in view, when that is of its namespace. */
export function noteKey(namespace: string, key: string): void {
  if (kept?.namespace === namespace) kept.source.add(key);
}

function sourceFor(namespace: string, prefix: string, separator: string): KeySource {
  if (kept?.namespace !== namespace || kept.source.prefix !== prefix) {
    kept = replace(kept, namespace, prefix, separator);
  }
  return kept.source;
}

function replace(old: Kept | null, namespace: string, prefix: string, separator: string): Kept {
  old?.source.close();
  const open = old?.namespace === namespace ? old.source.tree.openPrefixes : undefined;
  const space = kv.namespace(namespace);
  const surroundings = {
    listPage: async (options: PageOptions) => {
      const page = await space.listPage(options);
      // What is waiting to be deleted is out of sight, also in a listing that is read anew.
      return { ...page, keys: pendingDeletes.withoutDoomed(namespace, page.keys) };
    },
    nowMs: () => performance.now(),
    breathe: () => new Promise<void>((done) => setTimeout(done, BREATH_MS)),
    keysMax: KEYS_MAX,
  };
  return { namespace, source: new KeySource(prefix, separator, surroundings, open) };
}
