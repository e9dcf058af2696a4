/** What is asked of the server as a whole: namespaces, statistics, health, compaction. */
import { isSuccess } from "./attempt.ts";
import { runBatch } from "./batch.ts";
import { isPathSafe, queryString } from "./keys.ts";
import { listPage } from "./listing.ts";
import { bodyOf } from "./reply.ts";
import type { Reply, Shape } from "./reply.ts";
import { isCode } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { CallOptions, Health, PerformanceReport, Stats } from "./types.ts";

const UNAVAILABLE = 503;
const HEALTH: Shape = { status: "string", store_size: "number", log: "string" };

/** Keys that one step of `clearByKeys` deletes. */
const CLEAR_KEYS = 1000;

type Call = CallOptions | undefined;

export async function readNamespaces(scope: Scope, options: Call): Promise<string[]> {
  const request = { method: "GET", path: "/namespaces", isRead: true } as const;
  const reply = await scope.transport.send(request, options);
  return bodyOf(reply, { namespaces: "object" }).namespaces as string[];
}

export async function countKeys(scope: Scope, options: Call): Promise<number> {
  const { namespace, transport } = scope;
  if (!isPathSafe(namespace)) {
    return (await readStats(scope, options)).namespace_stats.total_keys;
  }
  const request = { method: "GET", path: `/namespaces/${namespace}/keys`, isRead: true } as const;
  const reply = await transport.send(request, options);
  return bodyOf(reply, { total_keys: "number" }).total_keys as number;
}

export async function clearNamespace(scope: Scope, options: Call): Promise<number> {
  const { namespace, transport } = scope;
  if (!isPathSafe(namespace)) return clearByKeys(scope, options);
  const request = { method: "DELETE", path: `/namespaces/${namespace}`, isRead: false } as const;
  const reply = await transport.send(request, options);
  return bodyOf(reply, { keys_deleted: "number" }).keys_deleted as number;
}

export async function readStats(scope: Scope, options: Call): Promise<Stats> {
  const path = `/stats${queryString({ ns: scope.namespace })}`;
  const reply = await scope.transport.send({ method: "GET", path, isRead: true }, options);
  return bodyOf(reply, { total_keys: "number", namespace_stats: "object" }) as unknown as Stats;
}

export async function readPerformance(scope: Scope, options: Call): Promise<PerformanceReport> {
  const request = { method: "GET", path: "/performance", isRead: true } as const;
  const reply = await scope.transport.send(request, options);
  const body = bodyOf(reply, { total_operations: "number", last_minute: "object" });
  return body as unknown as PerformanceReport;
}

export async function readHealth(scope: Scope, options: Call): Promise<Health> {
  const request = { method: "GET", path: "/health", isRead: true, once: true } as const;
  const accepts = (reply: Reply): boolean =>
    isSuccess(reply) || (reply.status === UNAVAILABLE && !reply.contentType.includes("problem"));
  const reply = await scope.transport.send({ ...request, accepts }, options);
  return bodyOf(reply, HEALTH) as unknown as Health;
}

export async function isReady(scope: Scope, options: Call): Promise<boolean> {
  const request = { method: "GET", path: "/ready", isRead: true, once: true } as const;
  try {
    const reply = await scope.transport.send(request, options);
    return bodyOf(reply, { status: "string" }).status === "ready";
  } catch (thrown) {
    const codes = ["NOT_READY", "SHUTTING_DOWN", "UNREACHABLE", "TIMED_OUT"] as const;
    if (codes.some((code) => isCode(thrown, code))) return false;
    throw thrown;
  }
}

export async function startCompaction(scope: Scope, options: Call): Promise<void> {
  const request = { method: "POST", path: "/compact", isRead: false } as const;
  const reply = await scope.transport.send(request, options);
  bodyOf(reply, { status: "string" });
}

/** For the namespaces "." and "..", which no path can name. */
async function clearByKeys(scope: Scope, options: Call): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { keys } = await listPage(scope, { ...options, limit: CLEAR_KEYS });
    if (keys.length === 0) return deleted;
    const operations = [...new Set(keys)].map((key) => ({ op: "delete", key }) as const);
    const results = await runBatch(scope, operations, { ...options, atomic: false });
    deleted += results.filter(({ status }) => status === "deleted").length;
  }
}
