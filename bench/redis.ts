/**
 * PyKV beside redis-server on the same machine, over the same protocol: how fast each answers, and
 * what an entry takes. How long a start lasts is the business of redis-recovery.ts.
 *
 * Both are processes of their own with the same limits and the same promise about the disk; load is
 * given to them in turns, and a ratio is the median of the ratios of the rounds. The parts are in
 * the folder of this name.
 */
import { CONNECTIONS } from "./redis/load.ts";
import { compareMemory } from "./redis/memory.ts";
import { skipWithout } from "./redis/servers.ts";
import { compareSpeed } from "./redis/speed.ts";
import type { Benchmark } from "./support/benchmark.ts";
import type { Session } from "./support/session.ts";

async function run(session: Session): Promise<void> {
  if (skipWithout(session, ["redis-server", "redis-benchmark"])) return;
  await compareSpeed(session);
  await compareMemory(session);
  session.note(`load by redis-benchmark, ${CONNECTIONS} connections, one thread`);
}

export const redis: Benchmark = {
  name: "redis",
  title: "PyKV beside redis-server: 100,000 keys of 16 bytes, values of 64",
  sides: {},
  run,
};
