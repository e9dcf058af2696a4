/**
 * One attempt of one request: fetch, within its time, and the whole body read.
 *
 * The body is always read to its end, since a connection is kept for the next request only then. The
 * caller's signal and the time limit both end the attempt through one controller, and which of them
 * it was decides the error.
 */
import { abortFailure, networkFailure, replyFailure, timeoutFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import { shownUrl } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { Timing } from "./timing.ts";

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the base of the server, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  /** Whether a reply counts as a success; default: 2xx. */
  readonly accepts?: (reply: Reply) => boolean;
}

export interface AttemptLimits {
  readonly timing: Timing;
  /** 0 is none. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export type Outcome =
  | { readonly reply: Reply; readonly failure?: undefined }
  | { readonly failure: Failure; readonly reply?: undefined };

/** Never rejects. `base` has no slash at its end, `headers` are those of every request. */
export async function attempt(
  fetch: typeof globalThis.fetch,
  base: string,
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  limits: AttemptLimits,
): Promise<Outcome> {
  const { timing, timeoutMs, signal } = limits;
  const url = base + request.path;
  if (hasEnded(signal)) return { failure: abortFailure(signal!, url) };
  const controller = new AbortController();
  const ended = { late: false };
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const late = (): void => {
    ended.late = true;
    controller.abort();
  };
  const timer = timeoutMs > 0 && timeoutMs < Infinity ? timing.after(timeoutMs, late) : null;
  try {
    const response = await fetch(url, initOf(request, headers, controller.signal));
    const reply = await readReply(response, request.method, url);
    const isGood = request.accepts?.(reply) ?? isSuccess(reply);
    return isGood ? { reply } : { failure: replyFailure(reply, timing.nowMs()) };
  } catch (thrown) {
    if (hasEnded(signal)) return { failure: abortFailure(signal!, url) };
    if (ended.late) return { failure: timeoutFailure(timeoutMs, url, thrown) };
    return { failure: networkFailure(thrown, url) };
  } finally {
    timer?.cancel();
    signal?.removeEventListener("abort", abort);
  }
}

export function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}

function hasEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function initOf(
  { method, headers, body }: HttpRequest,
  common: Readonly<Record<string, string>>,
  signal: AbortSignal,
): RequestInit {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  return {
    method,
    headers: { ...common, ...type, ...headers },
    // A redirect is a proxy's doing, and would turn a POST into a GET: it is reported instead.
    redirect: "manual",
    signal,
    ...(body === undefined ? {} : { body }),
  };
}

async function readReply(response: Response, method: string, url: string): Promise<Reply> {
  const { status, headers } = response;
  return {
    asked: `${method} ${shownUrl(url)}`,
    url,
    status,
    contentType: headers.get("content-type") ?? "",
    retryAfter: headers.get("retry-after"),
    location: headers.get("location"),
    etag: headers.get("etag"),
    text: await response.text(),
  };
}
