/** All benchmarks, in the order in which they run: one file each. */
import { churn } from "./churn.ts";
import { commit } from "./commit.ts";
import { webConsole } from "./console.ts";
import { expiry } from "./expiry.ts";
import { expiryLag } from "./expiry-lag.ts";
import { keys17m } from "./keys17m.ts";
import { latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { recovery } from "./recovery.ts";
import { redis } from "./redis.ts";
import { redisRecovery } from "./redis-recovery.ts";
import { rest } from "./rest.ts";
import { snapshot } from "./snapshot.ts";
import type { Benchmark } from "./support/benchmark.ts";
import { table } from "./table.ts";

export const BENCHMARKS: readonly Benchmark[] = [
  table,
  memory,
  churn,
  latency,
  expiry,
  expiryLag,
  keys17m,
  rest,
  redis,
  redisRecovery,
  recovery,
  snapshot,
  commit,
  webConsole,
];
