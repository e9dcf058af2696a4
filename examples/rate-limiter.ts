/**
 * A rate limiter that holds over any number of processes: each request adds one to a counter that
 * expires at the end of the window. Adding is atomic, so no two requests can both be the last allowed.
 *
 *   npm run example -- rate-limiter
 */
import { setTimeout as sleep } from "node:timers/promises";
import { PyKV } from "pykv/client";

interface Verdict {
  readonly allowed: boolean;
  readonly left: number;
  /** For the Retry-After header. */
  readonly retryAfterSeconds: number;
}

class RateLimiter {
  readonly #kv: PyKV;
  readonly #limit: number;
  readonly #windowSeconds: number;

  constructor(kv: PyKV, limit: number, windowSeconds: number) {
    this.#kv = kv;
    this.#limit = limit;
    this.#windowSeconds = windowSeconds;
  }

  /** Counts a request. The window starts with the first: the ttl applies when the key is added. */
  async check(client: string): Promise<Verdict> {
    const [added, read] = await this.#kv.batch([
      { op: "incr", key: client, by: 1, ttl: this.#windowSeconds },
      { op: "get", key: client },
    ]);
    if (added.status === "failed") throw added.error;
    const ttl = read.status === "found" ? read.ttl : null;
    return {
      allowed: added.value <= this.#limit,
      left: Math.max(0, this.#limit - added.value),
      retryAfterSeconds: ttl ?? 0,
    };
  }
}

const kv = new PyKV({ url: process.env.PYKV_URL, namespace: "example:rate-limiter" });
await kv.clear();
const limiter = new RateLimiter(kv, 3, 60);

console.log("Three requests a minute are allowed to each client.");
const verdicts = await Promise.all(Array.from({ length: 5 }, () => limiter.check("10.0.0.1")));
const allowed = verdicts.filter((verdict) => verdict.allowed).length;
console.log(`10.0.0.1 sends 5 at once: ${allowed} pass, ${5 - allowed} are refused`);

const other = await limiter.check("10.0.0.2");
console.log(`10.0.0.2 is not held up by that: ${other.left} left`);

const { retryAfterSeconds } = verdicts.at(-1)!;
const minutes = Math.ceil(retryAfterSeconds / 60);
console.log(`10.0.0.1 is told to come back within ${minutes} minute`);
// Nobody wants to wait for that here: let the window end in a fifth of a second.
await kv.expire("10.0.0.1", 0.2);
await sleep(250);
const again = await limiter.check("10.0.0.1");
console.log(
  `and after that it ${again.allowed ? "passes" : "is refused"}, with ${again.left} left`,
);
