/**
 * PyKV beside redis-server: how long a start with five million entries lasts. A benchmark of its own,
 * since it takes as long as all that `redis` measures; that tells of the servers too.
 */
import { compact } from "./recovery.ts";
import { compareRecovery } from "./redis/recovery.ts";
import { skipWithout } from "./redis/servers.ts";
import type { Benchmark } from "./support/benchmark.ts";
import type { Session } from "./support/session.ts";

async function run(session: Session): Promise<void> {
  if (skipWithout(session, ["redis-server"])) return;
  await compareRecovery(session);
}

export const redisRecovery: Benchmark = {
  name: "redis-recovery",
  title: "PyKV beside redis-server: from the start of the process to the first reply",
  sides: { compact },
  run,
};
