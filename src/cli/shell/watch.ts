/** Waits for a server that is away to come back. */
import type { PyKV } from "../../client/index.ts";

const PAUSE_MS = 500;
const PAUSE_MS_MAX = 5_000;
const PATIENCE_MS = 2_000;

/** Asks, with longer and longer pauses, until the server serves; false when `signal` ended it. */
export async function untilReady(kv: PyKV, signal: AbortSignal): Promise<boolean> {
  let pauseMs = PAUSE_MS;
  while (await pause(pauseMs, signal)) {
    if (await kv.ready({ timeoutMs: PATIENCE_MS })) return true;
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
  }
  return false;
}

/** False when `signal` ended it. Does not keep the process alive. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const end = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve(true);
    }, ms).unref();
    signal.addEventListener("abort", end, { once: true });
  });
}
