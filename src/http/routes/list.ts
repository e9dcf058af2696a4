/** Listing the keys of a namespace, a page at a time. */
import type { ListPage } from "../../store/types.ts";
import type { App, HttpContext } from "../context.ts";
import { operation, replies } from "../describe.ts";
import { DEFAULT_NAMESPACE } from "../../store/names.ts";
import { ttlOf } from "../fields.ts";
import { TooLargeError } from "../problem.ts";
import { recordDone, sendJson } from "../reply.ts";
import { ListReply } from "../reply-schemas.ts";
import { LIST_LIMIT_DEFAULT, ListQuery } from "../schemas.ts";
import { valueMembers } from "../values.ts";

/** Longest reply in bytes of values: a string in V8 ends at 512 MB, and base64 and quotes add to it. */
export const REPLY_BYTES_MAX = 64 * 1024 * 1024;

export function listRoutes(app: App, context: HttpContext): void {
  listRoute(app, context, "/kv/", "listKeys");
  listRoute(app, context, "/kv", "listKeysNoSlash", "GET /kv/");
  listRoute(app, context, "/keys", "listKeysAlias", "GET /kv/");
}

function listRoute(
  app: App,
  context: HttpContext,
  path: string,
  id: string,
  aliasOf?: string,
): void {
  const schema = {
    ...operation({
      id,
      summary: "List keys",
      tag: "keys",
      description:
        "In no particular order. A key that exists from the first page to the last is listed; one " +
        "that comes or goes in between may be or not, and a key may be listed twice.",
      ...(aliasOf === undefined ? {} : { aliasOf }),
    }),
    querystring: ListQuery,
    response: replies({ 200: { description: "A page", schema: ListReply } }, [413]),
  };
  app.get(path, { schema, config: { operation: "list" } }, async (request, reply) => {
    const { ns, prefix, cursor, values = false, limit = LIST_LIMIT_DEFAULT } = request.query;
    const namespace = ns ?? DEFAULT_NAMESPACE;
    const page = await context.store.list({ namespace, prefix, limit, cursor, values });
    const text = renderPage(namespace, page, values, context.clock.nowMs());
    recordDone(context, "list", request, 200);
    sendJson(reply, 200, text);
    return reply;
  });
}

function renderPage(namespace: string, page: ListPage, values: boolean, nowMs: number): string {
  const keys = page.items.map(({ key }) => JSON.stringify(key));
  const items = values ? `,"items":[${renderItems(page, nowMs)}]` : "";
  return (
    `{"namespace":"${namespace}","keys":[${keys.join(",")}],"count":${keys.length},` +
    `"cursor":${JSON.stringify(page.cursor)}${items}}`
  );
}

function renderItems({ items }: ListPage, nowMs: number): string {
  const bytes = items.reduce((sum, { entry }) => sum + (entry?.value.length ?? 0), 0);
  if (bytes > REPLY_BYTES_MAX) {
    throw new TooLargeError(
      "The page, which a smaller query/limit makes smaller,",
      REPLY_BYTES_MAX,
    );
  }
  const texts: string[] = [];
  for (const { key, entry } of items) {
    if (entry === null) continue;
    const { version, deadlineMs } = entry;
    const rest = `"version":${version},"ttl":${ttlOf(deadlineMs, nowMs)}`;
    texts.push(`{"key":${JSON.stringify(key)},${valueMembers(entry)},${rest}}`);
  }
  return texts.join(",");
}
