/** What the parts of the client share: how to send, and over which namespace. */
import { PyKVError } from "./errors.ts";
import type { PyKVErrorCode } from "./errors.ts";
import { DEFAULT_NAMESPACE, queryString } from "./keys.ts";
import type { Transport } from "./transport.ts";

export interface Scope {
  readonly transport: Transport;
  readonly namespace: string;
}

/** The namespace as a query parameter, left out where it is the default anyway. */
export function nsQuery(
  { namespace }: Scope,
  more: Parameters<typeof queryString>[0] = {},
): string {
  return queryString({ ns: namespace === DEFAULT_NAMESPACE ? undefined : namespace, ...more });
}

/** Whether it is the SDK's error with this code. */
export function isCode(thrown: unknown, code: PyKVErrorCode): boolean {
  return thrown instanceof PyKVError && thrown.code === code;
}

/** What a promise resolves with, or `missing` when it rejects because there is no such key. */
export async function orMissing<T, M>(promise: Promise<T>, missing: M): Promise<T | M> {
  try {
    return await promise;
  } catch (thrown) {
    if (isCode(thrown, "KEY_NOT_FOUND")) return missing;
    throw thrown;
  }
}
