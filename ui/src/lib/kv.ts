/** The SDK, pointed at the server that the console came from. */
import { PyKV, PyKVError } from "pykv/client";
import type { PyKVErrorCode } from "pykv/client";

/** A value of 16 MB over a slow line takes its time; a dead server is noticed by the live connection. */
const TIMEOUT_MS = 30_000;

export const kv = new PyKV({ url: window.location.origin, timeoutMs: TIMEOUT_MS });

export function isCode(error: unknown, ...codes: readonly PyKVErrorCode[]): error is PyKVError {
  return error instanceof PyKVError && codes.includes(error.code);
}
