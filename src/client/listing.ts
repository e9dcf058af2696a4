/**
 * Keys and entries, a page at a time.
 *
 * Iterators ask for the next page when the last one is used up. A page of entries that is too large
 * for one reply is asked for again with fewer keys.
 */
import { checkPrefix } from "./keys.ts";
import { abortError } from "./failure.ts";
import { elementTexts, memberTexts } from "./json-text.ts";
import { bytesOf, entryOf } from "./reading.ts";
import type { EntryReply } from "./reading.ts";
import { bodyOf, unlikePyKV } from "./reply.ts";
import { isCode, nsQuery } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Entry, KeyedBytesEntry, ListOptions, Page, PageOptions } from "./types.ts";

interface BytesPage {
  readonly cursor: string | null;
  readonly entries: KeyedBytesEntry[];
}

interface ReadPage {
  readonly page: { readonly keys: string[]; readonly cursor: string | null };
  /** With `values`. */
  readonly items?: EntryReply[];
}

const KEYS_PER_PAGE = 1000;
/** Values may be large, and a page is held in memory. */
const ENTRIES_PER_PAGE = 200;

export async function listPage<T>(scope: Scope, options: PageOptions = {}): Promise<Page<T>> {
  const { page, items } = await readPage(scope, options);
  if (items === undefined) return page;
  return { ...page, entries: items.map(({ fields }) => entryOf<T>(fields, scope.namespace)) };
}

export async function* listKeys(scope: Scope, options: ListOptions = {}): AsyncGenerator<string> {
  const read = (request: PageOptions) => listPage(scope, request);
  for await (const page of pages(read, options, KEYS_PER_PAGE)) {
    yield* unlessAborted(page.keys, options.signal);
  }
}

export async function* listEntries<T>(
  scope: Scope,
  options: ListOptions = {},
): AsyncGenerator<Entry<T>> {
  const read = (request: PageOptions) => listPage<T>(scope, { ...request, values: true });
  for await (const page of pages(read, options, ENTRIES_PER_PAGE)) {
    yield* unlessAborted(page.entries ?? [], options.signal);
  }
}

export async function* listBytes(
  scope: Scope,
  options: ListOptions = {},
): AsyncGenerator<KeyedBytesEntry> {
  const read = (request: PageOptions) => bytesPage(scope, request);
  for await (const page of pages(read, options, ENTRIES_PER_PAGE)) {
    yield* unlessAborted(page.entries, options.signal);
  }
}

async function bytesPage(scope: Scope, options: PageOptions): Promise<BytesPage> {
  const { page, items = [] } = await readPage(scope, { ...options, values: true });
  const entries = items.map((item) => ({ key: item.fields.key as string, ...bytesOf(item) }));
  return { cursor: page.cursor, entries };
}

async function readPage(scope: Scope, options: PageOptions): Promise<ReadPage> {
  const { prefix, limit, cursor } = options;
  const values = options.values === true ? true : undefined;
  const query = { prefix: prefix === "" ? undefined : prefix, limit, cursor, values };
  if (prefix !== undefined) checkPrefix(prefix);
  const request = { method: "GET", path: `/kv/${nsQuery(scope, query)}`, isRead: true } as const;
  const reply = await scope.transport.send(request, options);
  const body = bodyOf(reply, { keys: "object", cursor: "any" });
  const page = { keys: body.keys as string[], cursor: body.cursor as string | null };
  if (values === undefined) return { page };
  if (!Array.isArray(body.items)) throw unlikePyKV(reply);
  let texts: string[] | null = null;
  const textOf = (at: number): string => {
    texts ??= elementTexts(memberTexts(reply.text).get("items") ?? "[]");
    return texts[at] ?? "{}";
  };
  const items = (body.items as EntryReply["fields"][]).map((fields, at) => ({
    ...{ fields, text: () => textOf(at) },
  }));
  return { page, items };
}

async function* pages<P extends { readonly cursor: string | null }>(
  read: (request: PageOptions) => Promise<P>,
  { pageSize, ...options }: ListOptions,
  sizeDefault: number,
): AsyncGenerator<P> {
  let limit = pageSize ?? sizeDefault;
  let cursor: string | null = null;
  for (;;) {
    const page: P | null = await pageThatFits(read, { ...options, limit, cursor });
    if (page === null) {
      limit = Math.floor(limit / 2);
      continue;
    }
    yield page;
    cursor = page.cursor;
    if (cursor === null) return;
  }
}

/** Null when fewer keys have to be asked for. */
async function pageThatFits<P>(
  read: (request: PageOptions) => Promise<P>,
  options: PageOptions & { readonly limit: number },
): Promise<P | null> {
  try {
    return await read(options);
  } catch (thrown) {
    if (options.limit > 1 && isCode(thrown, "VALUE_TOO_LARGE")) return null;
    throw thrown;
  }
}

function* unlessAborted<Item>(items: readonly Item[], signal: AbortSignal | undefined) {
  for (const item of items) {
    if (signal?.aborted === true) throw abortError(signal);
    yield item;
  }
}
