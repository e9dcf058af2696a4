/**
 * Names that only the server knows, for completion.
 *
 * A server that is slow or away must not freeze the keyboard: whoever asks waits a moment, and then
 * does without.
 */
import type { PyKV } from "../../client/index.ts";

const KEYS_MAX = 50;
const PATIENCE_MS = 500;

/** Keys by prefix, sorted; none when the server does not answer soon. */
export async function keysOf(kv: PyKV, prefix: string): Promise<string[]> {
  try {
    const { keys } = await kv.listPage({ prefix, limit: KEYS_MAX, ...soon() });
    return keys.sort();
  } catch {
    return [];
  }
}

/** The namespaces that start like this, sorted; none when the server does not answer soon. */
export async function namespacesOf(kv: PyKV, prefix: string): Promise<string[]> {
  try {
    return (await kv.namespaces(soon())).filter((name) => name.startsWith(prefix)).sort();
  } catch {
    return [];
  }
}

function soon() {
  return { signal: AbortSignal.timeout(PATIENCE_MS), timeoutMs: PATIENCE_MS };
}
