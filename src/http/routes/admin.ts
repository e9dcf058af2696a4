/** Is it alive, is it ready, and compact the log now. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { PyKVError } from "../../base/errors.ts";
import type { App, HttpContext } from "../context.ts";
import { operation, replies, withProblem } from "../describe.ts";
import { recordDone, sendJson } from "../reply.ts";
import { CompactReply, HealthReply, ReadyReply } from "../reply-schemas.ts";
import { NoQuery } from "../schemas.ts";

const config = { operation: "other" as const };

export function adminRoutes(app: App, context: HttpContext): void {
  healthRoute(app, context);
  readyRoute(app, context);
  compactRoute(app, context);
}

function healthRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "getHealth",
      summary: "Liveness, with the state of the log and disk",
      tag: "observability",
      description: "Degraded is 503: reads work, writes may not, and `reason` says why.",
    }),
    querystring: NoQuery,
    response: replies({
      200: { description: "Healthy", schema: HealthReply },
      503: withProblem({ description: "Degraded, or shutting down", schema: HealthReply }),
    }),
  };
  app.get("/health", { schema, config }, (request, reply) => {
    const { status, reasons, keys, log } = context.store.health();
    const code = status === "healthy" ? 200 : 503;
    const reason = status === "healthy" ? {} : { reason: reasons.join("; ") };
    const body = { status, store_size: keys, log, version: context.version, ...reason };
    recordDone(context, "other", request, code);
    sendJson(reply, code, JSON.stringify(body));
  });
}

function readyRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "getReady",
      summary: "Readiness: whether recovery is through",
      tag: "observability",
    }),
    querystring: NoQuery,
    response: replies({ 200: { description: "Ready", schema: ReadyReply } }),
  };
  app.get("/ready", { schema, config }, (request, reply) => {
    if (!context.isReady()) throw new PyKVError("NOT_READY", "Recovery is still under way");
    recordDone(context, "other", request, 200);
    sendJson(reply, 200, '{"status":"ready"}');
  });
}

function compactRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "compact",
      summary: "Snapshot now and retire old log segments",
      tag: "administration",
      description: "Goes on after the reply; /stats shows `last_compaction` when it is through.",
    }),
    querystring: NoQuery,
    response: replies({ 202: { description: "Started", schema: CompactReply } }, [409, 507]),
  };
  app.post("/compact", { schema, config }, async (request, reply) => {
    if (context.store.compacting) {
      throw new PyKVError("COMPACTION_RUNNING", "Wait until it is through");
    }
    await startCompaction(context);
    recordDone(context, "other", request, 202);
    sendJson(reply, 202, '{"status":"compaction_started"}');
    return reply;
  });
}

/** Rejects with what refuses it at once; what fails later is for the log and /health. */
async function startCompaction({ store, logger }: HttpContext): Promise<void> {
  let answered = false;
  const compaction = store.compact().then(
    () => undefined,
    (error: unknown) => {
      if (!answered) throw error;
      logger.error({ err: error }, "the compaction that was asked for failed");
    },
  );
  await Promise.race([compaction, nextTurn()]);
  answered = true;
}
