/**
 * Keys and entries, a page at a time.
 *
 * Iterators ask for the next page when the last one is used up. A page of entries that is too large
 * for one reply is asked for again with fewer keys.
 */
import { checkPrefix } from "./keys.ts";
import { abortError } from "./failure.ts";
import { entryOf } from "./reading.ts";
import { bodyOf, unlikePyKV } from "./reply.ts";
import { isCode, nsQuery } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Entry, ListOptions, Page, PageOptions } from "./types.ts";

const KEYS_PER_PAGE = 1000;
/** Values may be large, and a page is held in memory. */
const ENTRIES_PER_PAGE = 200;

export async function listPage<T>(scope: Scope, options: PageOptions = {}): Promise<Page<T>> {
  const { prefix, limit, cursor } = options;
  const values = options.values === true ? true : undefined;
  const query = { prefix: prefix === "" ? undefined : prefix, limit, cursor, values };
  if (prefix !== undefined) checkPrefix(prefix);
  const request = { method: "GET", path: `/kv/${nsQuery(scope, query)}`, isRead: true } as const;
  const reply = await scope.transport.send(request, options);
  const body = bodyOf(reply, { keys: "object", cursor: "any" });
  const page = { keys: body.keys as string[], cursor: body.cursor as string | null };
  if (values === undefined) return page;
  if (!Array.isArray(body.items)) throw unlikePyKV(reply);
  const items = body.items as Record<string, unknown>[];
  return { ...page, entries: items.map((item) => entryOf<T>(item, scope.namespace)) };
}

export async function* listKeys(scope: Scope, options: ListOptions = {}): AsyncGenerator<string> {
  for await (const page of pages(scope, options, KEYS_PER_PAGE, false)) {
    yield* unlessAborted(page.keys, options.signal);
  }
}

export async function* listEntries<T>(
  scope: Scope,
  options: ListOptions = {},
): AsyncGenerator<Entry<T>> {
  for await (const page of pages<T>(scope, options, ENTRIES_PER_PAGE, true)) {
    yield* unlessAborted(page.entries ?? [], options.signal);
  }
}

async function* pages<T>(
  scope: Scope,
  { pageSize, ...options }: ListOptions,
  sizeDefault: number,
  values: boolean,
): AsyncGenerator<Page<T>> {
  let limit = pageSize ?? sizeDefault;
  let cursor: string | null = null;
  do {
    try {
      const page: Page<T> = await listPage<T>(scope, { ...options, limit, cursor, values });
      cursor = page.cursor;
      yield page;
    } catch (thrown) {
      if (limit <= 1 || !isCode(thrown, "VALUE_TOO_LARGE")) throw thrown;
      limit = Math.floor(limit / 2);
      continue;
    }
  } while (cursor !== null);
}

function* unlessAborted<Item>(items: readonly Item[], signal: AbortSignal | undefined) {
  for (const item of items) {
    if (signal?.aborted === true) throw abortError(signal);
    yield item;
  }
}
