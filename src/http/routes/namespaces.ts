/** Namespaces: which there are, how large one is, and emptying one. */
import type { App, HttpContext } from "../context.ts";
import { operation, replies } from "../describe.ts";
import { afterBarrier, recordDone, sendJson } from "../reply.ts";
import { NamespaceClearReply, NamespaceKeysReply, NamespacesReply } from "../reply-schemas.ts";
import { NamespaceParams, NoQuery } from "../schemas.ts";
import { checkNamespace } from "../fields.ts";

const config = { operation: "namespaces" as const };

export function namespaceRoutes(app: App, context: HttpContext): void {
  listRoute(app, context);
  sizeRoute(app, context);
  clearRoute(app, context);
}

function listRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "listNamespaces",
      summary: "List the namespaces that hold keys",
      tag: "namespaces",
    }),
    querystring: NoQuery,
    response: replies({ 200: { description: "Their names", schema: NamespacesReply } }),
  };
  app.get("/namespaces", { schema, config }, (request, reply) => {
    const namespaces = context.store.namespaces();
    afterBarrier(context.store, reply, () => {
      recordDone(context, "namespaces", request, 200);
      sendJson(reply, 200, JSON.stringify({ namespaces, count: namespaces.length }));
    });
  });
}

function sizeRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({ id: "countKeys", summary: "Count the keys of a namespace", tag: "namespaces" }),
    params: NamespaceParams,
    querystring: NoQuery,
    response: replies({ 200: { description: "Their number", schema: NamespaceKeysReply } }),
  };
  app.get("/namespaces/:ns/keys", { schema, config }, (request, reply) => {
    const namespace = checkNamespace(request.params.ns, "path/ns");
    const keys = context.store.keyCount(namespace);
    afterBarrier(context.store, reply, () => {
      recordDone(context, "namespaces", request, 200);
      sendJson(reply, 200, JSON.stringify({ namespace, total_keys: keys }));
    });
  });
}

function clearRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "clearNamespace",
      summary: "Delete every key of a namespace",
      tag: "namespaces",
    }),
    params: NamespaceParams,
    querystring: NoQuery,
    response: replies({ 200: { description: "Cleared", schema: NamespaceClearReply } }),
  };
  app.delete("/namespaces/:ns", { schema, config }, async (request, reply) => {
    const namespace = checkNamespace(request.params.ns, "path/ns");
    const deleted = await context.store.clear(namespace);
    recordDone(context, "namespaces", request, 200);
    sendJson(reply, 200, JSON.stringify({ status: "cleared", namespace, keys_deleted: deleted }));
    return reply;
  });
}
