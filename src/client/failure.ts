/**
 * What a failed attempt means for the next one.
 *
 * Everything hangs on one question: may the server have carried the request out? A read may be
 * repeated whatever the answer. A write may be repeated only after "no": the connection was never
 * made, or the server said that it did nothing. After "perhaps" (the connection broke, the time was
 * up) the caller is told and decides: repeating an increment could count twice, and even a plain set
 * could undo what another client wrote in between.
 */
import { ownError } from "./errors.ts";
import type { PyKVError } from "./errors.ts";
import { isProblem, problemError, shownUrl, unlikePyKV } from "./reply.ts";
import type { Reply } from "./reply.ts";

export interface Failure {
  readonly error: PyKVError;
  /** Whether the server may have carried it out; `answered` is a definite answer, for good. */
  readonly effect: "none" | "unknown" | "answered";
  /** Whether another server should be asked from now on. */
  readonly isDown: boolean;
  /** How long the server wants to be left alone. */
  readonly retryAfterMs: number | null;
}

/** Errors of node, found in the `cause` of what fetch throws, after which nothing was sent. */
const NEVER_SENT = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN"],
  ...["EADDRNOTAVAIL", "UND_ERR_CONNECT_TIMEOUT", "ERR_SSL_WRONG_VERSION_NUMBER"],
  ...["CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"],
  ...["ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
]);

/** Codes with which the server says that it did nothing and that this will pass. */
const NOT_SERVING = new Set<string>(["NOT_READY", "SHUTTING_DOWN"]);

const TOO_MANY_REQUESTS = 429;
const BAD_GATEWAY = 502;
const UNAVAILABLE = 503;
const GATEWAY_TIMEOUT = 504;

/** The failure that a thrown error of fetch is. */
export function networkFailure(cause: unknown, url: string): Failure {
  const { code, message } = deepestOf(cause);
  // Node's parser of HTTP: somebody answered, in another language.
  if (code.startsWith("HPE_")) {
    const detail = `what listens at ${shownUrl(url)} does not speak HTTP (${message})`;
    return answered(ownError("BAD_RESPONSE", detail, { url, cause }));
  }
  const error = ownError("UNREACHABLE", `${shownUrl(url)}: ${message}`, { url, cause });
  const effect = NEVER_SENT.has(code) ? "none" : "unknown";
  return { error, effect, isDown: true, retryAfterMs: null };
}

export function timeoutFailure(timeoutMs: number, url: string, cause: unknown): Failure {
  const detail = `${shownUrl(url)} took longer than ${timeoutMs} ms`;
  const error = ownError("TIMED_OUT", detail, { url, cause });
  return { error, effect: "unknown", isDown: true, retryAfterMs: null };
}

export function abortFailure(signal: AbortSignal, url: string): Failure {
  return answered(abortError(signal, url));
}

export function abortError(signal: AbortSignal, url = ""): PyKVError {
  const { reason } = signal as { readonly reason: unknown };
  const said = reason instanceof Error ? reason.message : String(reason);
  return ownError("ABORTED", said, { url, cause: reason });
}

/** The failure that a reply is which is no success. */
export function replyFailure(reply: Reply, nowMs: number): Failure {
  const retryAfterMs = parseRetryAfter(reply.retryAfter, nowMs);
  const problem = isProblem(reply);
  const error = problem ? problemError(reply) : unlikePyKV(reply);
  const { status } = reply;
  if (status === TOO_MANY_REQUESTS) return { error, effect: "none", isDown: false, retryAfterMs };
  if (problem) {
    const isDown = NOT_SERVING.has(error.code);
    const refused = isDown || (status === UNAVAILABLE && retryAfterMs !== null);
    return { error, effect: refused ? "none" : "answered", isDown, retryAfterMs };
  }
  // A proxy that cannot reach the server, or that never gave it the request.
  const isProxys = [BAD_GATEWAY, UNAVAILABLE, GATEWAY_TIMEOUT].includes(status);
  if (!isProxys) return answered(error);
  const refused = status === UNAVAILABLE && retryAfterMs !== null;
  return { error, effect: refused ? "none" : "unknown", isDown: true, retryAfterMs };
}

function answered(error: PyKVError): Failure {
  return { error, effect: "answered", isDown: false, retryAfterMs: null };
}

/** Retry-After as milliseconds from now: seconds, or a date. Null for anything else. */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  if (!Number.isNaN(seconds)) return seconds >= 0 ? seconds * 1000 : null;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

/** Fetch says "fetch failed" and puts what happened into its cause, which may hold several. */
function deepestOf(thrown: unknown): { readonly code: string; readonly message: string } {
  let error: unknown = thrown;
  for (let depth = 0; depth < 5; depth++) {
    const { cause, errors } = Object(error) as { cause?: unknown; errors?: readonly unknown[] };
    const next = cause ?? errors?.[0];
    if (next === undefined) break;
    error = next;
  }
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const text = typeof message === "string" && message !== "" ? message : String(error);
  return { code: typeof code === "string" ? code : "", message: text };
}
