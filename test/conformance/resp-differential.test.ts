/**
 * Random sequences of commands, by two clients, on PyKV and on a redis-server: every reply is the
 * same, byte by byte, but for what resp-differential.ts names.
 */
import { expect, onTestFinished } from "vitest";
import { createRandom, randomBelow } from "../support/random.ts";
import { startRedisServer } from "../support/redis-tools.ts";
import { testNeeding } from "../support/test-tools.ts";
import { randomRequest } from "./resp-commands.ts";
import { describeDifference, difference, shrunk } from "./resp-differential.ts";
import type { Mode, Step } from "./resp-differential.ts";

const SEED = Number(process.env.PYKV_DIFFERENTIAL_SEED ?? Date.now() % 1_000_000);
const RUN_MS = Number(process.env.PYKV_DIFFERENTIAL_MS ?? 4000);
const STEPS = 40;

const MODES: readonly Mode[] = [
  { resp: 2, isNotifying: true },
  { resp: 3, isNotifying: false },
];

for (const mode of MODES) {
  const what = mode.isNotifying ? "answers and notifies" : "answers";
  testNeeding("redis-server")(
    `${what} as Redis does in RESP${mode.resp} (seed ${SEED})`,
    async () => {
      const redis = await startRedisServer();
      onTestFinished(() => redis.stop());
      const random = createRandom(SEED + mode.resp);
      for (const endMs = Date.now() + RUN_MS; Date.now() < endMs;) {
        const steps = Array.from({ length: STEPS }, (): Step => {
          return { client: randomBelow(random, 4) === 0 ? 1 : 0, request: randomRequest(random) };
        });
        const found = await difference(redis.port, mode, steps);
        if (found === null) continue;
        const least = await shrunk(redis.port, mode, found);
        expect.fail(`PyKV and Redis differ:\n${describeDifference(least)}`);
      }
    },
  );
}
