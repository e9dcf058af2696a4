/**
 * PyKV beside redis-server on the same machine, over the same protocol: how fast each answers, what
 * an entry takes, and how long a start with five million entries lasts.
 *
 * Both are processes of their own with the same limits and the same promise about the disk; load is
 * given to them in turns, and a ratio is the median of the ratios of the rounds. The parts are in
 * the folder of this name.
 */
import { compact } from "./recovery.ts";
import { CONNECTIONS } from "./redis/load.ts";
import { compareMemory } from "./redis/memory.ts";
import { compareRecovery } from "./redis/recovery.ts";
import { missingProgram, servePykv } from "./redis/servers.ts";
import { compareSpeed } from "./redis/speed.ts";
import type { Benchmark } from "./support/benchmark.ts";
import type { Session } from "./support/session.ts";

async function run(session: Session): Promise<void> {
  const missing = missingProgram();
  if (missing !== null) {
    session.skip(`${missing} is not on the PATH: there is nothing to compare with`);
    return;
  }
  await compareSpeed(session);
  await compareMemory(session);
  await compareRecovery(session);
  session.note(`load by redis-benchmark, ${CONNECTIONS} connections, one thread`);
}

export const redis: Benchmark = {
  name: "redis",
  title: "PyKV beside redis-server: 100,000 keys of 16 bytes, values of 64",
  sides: { pykv: servePykv, compact },
  run,
};
