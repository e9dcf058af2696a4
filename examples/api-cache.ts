/**
 * A cache in front of a slow API, protected against stampedes: when an entry has expired and many
 * want it at the same moment, one of them fetches it and the others wait for that, even when they are
 * different processes.
 *
 *   npm run example -- api-cache
 */
import { setTimeout as sleep } from "node:timers/promises";
import { PyKV, PyKVError } from "pykv/client";
import type { Json } from "pykv/client";

/** Longer than a fetch takes; should its holder die, the lock ends by itself. */
const LOCK_SECONDS = 10;
const POLL_MS = 20;

class Cache {
  readonly #kv: PyKV;

  constructor(kv: PyKV) {
    this.#kv = kv;
  }

  /** The value of the key, from the cache or else from `load`, which is then kept for a while. */
  async get<T extends Json>(key: string, ttl: number, load: () => Promise<T>): Promise<T> {
    for (;;) {
      const cached = await this.#kv.get<T>(`value:${key}`);
      if (cached !== undefined) return cached;
      const lock = await this.#tryLock(key);
      if (lock !== null) return this.#fill(key, ttl, load, lock);
      await sleep(POLL_MS * (0.5 + Math.random()));
    }
  }

  async #fill<T extends Json>(
    key: string,
    ttl: number,
    load: () => Promise<T>,
    lock: number,
  ): Promise<T> {
    try {
      // Whoever held the lock before us may just have filled it.
      const cached = await this.#kv.get<T>(`value:${key}`);
      if (cached !== undefined) return cached;
      const loaded = await load();
      await this.#kv.set(`value:${key}`, loaded, { ttl });
      return loaded;
    } finally {
      await this.#unlock(key, lock);
    }
  }

  /** The version of the lock when it is ours now, or null while somebody else has it. */
  async #tryLock(key: string): Promise<number | null> {
    try {
      const lock = await this.#kv.set(`lock:${key}`, 1, { ttl: LOCK_SECONDS, ifAbsent: true });
      return lock.version;
    } catch (error) {
      if (error instanceof PyKVError && error.code === "CONDITION_FAILED") return null;
      throw error;
    }
  }

  /** Only our own: if it has expired meanwhile, it may be somebody else's by now. */
  async #unlock(key: string, version: number): Promise<void> {
    try {
      await this.#kv.delete(`lock:${key}`, { ifVersion: version });
    } catch (error) {
      if (!(error instanceof PyKVError && error.code === "CONDITION_FAILED")) throw error;
    }
  }
}

let calls = 0;

/** Stands for an API that is slow and counts what it is asked. */
async function fetchRates(): Promise<{ readonly eur: number; readonly call: number }> {
  calls++;
  await sleep(150);
  return { eur: 0.92, call: calls };
}

const kv = new PyKV({ url: process.env.PYKV_URL, namespace: "example:api-cache" });
await kv.clear();
const cache = new Cache(kv);

async function askManyTimes(times: number): Promise<void> {
  const before = calls;
  const answers = await Promise.all(
    Array.from({ length: times }, () => cache.get("rates", 60, fetchRates)),
  );
  const same = answers.every(({ call }) => call === answers[0]!.call);
  const made = calls - before;
  console.log(
    `  ${times} at once: ${made} asked the API, ${same ? "all" : "not all"} got the same`,
  );
}

console.log("The cache is empty:");
await askManyTimes(25);
console.log("Now it is full:");
await askManyTimes(25);
console.log("The entry ends, as it would by its ttl:");
await kv.delete("value:rates");
await askManyTimes(25);
