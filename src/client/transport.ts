/**
 * Sends requests: attempts, pauses between them, and one server after the other.
 *
 * An attempt that finds its server down goes on to the next server at once; when all have been tried,
 * that was one round, and only rounds are paused between and counted. Whether a request may be
 * repeated at all is for `failure.ts`.
 */
import { attempt } from "./attempt.ts";
import type { HttpRequest, Outcome } from "./attempt.ts";
import { ownError, PyKVError } from "./errors.ts";
import { abortError } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Reply } from "./reply.ts";
import { delayAfter, RETRY_AFTER_MS_MAX, retryOptions } from "./retry.ts";
import { Servers } from "./servers.ts";
import type { Server } from "./servers.ts";
import { pause, webTiming } from "./timing.ts";
import type { Timing } from "./timing.ts";
import type { CallOptions, PyKVOptions, RetryOptions } from "./types.ts";

export interface Request extends HttpRequest {
  /** A read may be repeated whatever happened to it. */
  readonly isRead: boolean;
  /** Not to be repeated on the same server: the caller wants to know how things are now. */
  readonly once?: boolean;
}

const TIMEOUT_MS = 5000;

/** What may stand in a header without being taken for more than one. */
const TOKEN = /^[\x21-\x7e]+$/;

export class Transport {
  readonly #servers: Servers;
  readonly #retry: RetryOptions;
  readonly #timeoutMs: number;
  readonly #fetch: typeof fetch;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timing: Timing;

  /** @throws INVALID_OPTION. */
  constructor(options: PyKVOptions, timing: Timing = webTiming) {
    this.#servers = new Servers(options.url, timing);
    this.#retry = retryOptions(options.retry);
    this.#timeoutMs = checkTimeout(options.timeoutMs ?? TIMEOUT_MS);
    // Looked up at each call, so that what replaces the global one later counts; browsers want it
    // called as a plain function.
    const given = options.fetch;
    this.#fetch = given === undefined ? (...args) => fetch(...args) : (...args) => given(...args);
    this.#headers = headersOf(options);
    this.#timing = timing;
  }

  /** Base URL of the server that would be asked now. */
  get url(): string {
    return this.#servers.current.base;
  }

  /** Rejects with the error of the last attempt. */
  async send(request: Request, options: CallOptions | undefined): Promise<Reply> {
    const signal = options?.signal;
    const timeoutMs = checkTimeout(options?.timeoutMs ?? this.#timeoutMs);
    const attempts = request.once === true ? 1 : this.#retry.attempts;
    for (let count = 1; ; count++) {
      const { reply, failure } = await this.#round(request, { timeoutMs, signal });
      if (reply !== undefined) return reply;
      const { error, retryAfterMs } = failure;
      if (count >= attempts || !mayRepeat(request, failure)) throw error;
      if ((retryAfterMs ?? 0) > RETRY_AFTER_MS_MAX) throw error;
      const delayMs = delayAfter(count, this.#retry, retryAfterMs, this.#timing.random());
      const waited = await pause(this.#timing, delayMs, signal);
      if (!waited) throw abortError(signal!, error.url);
    }
  }

  /** One attempt on each server in turn, until one answers. */
  async #round(
    request: Request,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
  ): Promise<Outcome> {
    const tried = new Set<Server>();
    const failures: Failure[] = [];
    for (;;) {
      const server = this.#servers.pick(tried);
      const all = { ...limits, timing: this.#timing };
      const outcome = await attempt(this.#fetch, server.base, request, this.#headers, all);
      const { failure } = outcome;
      if (failure === undefined) {
        this.#servers.worked(server);
        return outcome;
      }
      failures.push(failure);
      tried.add(server);
      if (failure.isDown) this.#servers.failed(server);
      else if (failure.error.code !== "ABORTED") this.#servers.worked(server);
      const isLast = !failure.isDown || tried.size === this.#servers.count;
      if (isLast || !mayRepeat(request, failure)) return { failure: summary(failures) };
    }
  }
}

function mayRepeat(request: Request, { effect }: Failure): boolean {
  return effect === "none" || (effect === "unknown" && request.isRead);
}

/** The last failure, with the details of those before it. */
function summary(failures: readonly Failure[]): Failure {
  const last = failures.at(-1)!;
  if (failures.length === 1) return last;
  const { code, title, status, url, errors, cause } = last.error;
  const details = failures.map(({ error }) => error.detail);
  const fields = { code, title, detail: details.join("; "), status, url, errors };
  return { ...last, error: new PyKVError(fields, { cause }) };
}

function checkTimeout(timeoutMs: number): number {
  if (timeoutMs >= 0) return timeoutMs;
  throw ownError("INVALID_OPTION", "timeoutMs is at least 0, in milliseconds; 0 is no limit");
}

function headersOf({ headers = {}, token }: PyKVOptions): Readonly<Record<string, string>> {
  if (token !== undefined && !TOKEN.test(token)) {
    throw ownError("INVALID_OPTION", "token is printable ASCII without spaces");
  }
  let given: Headers;
  try {
    given = new Headers(headers);
  } catch (cause) {
    throw ownError("INVALID_OPTION", `headers: ${(cause as Error).message}`, { cause });
  }
  given.set("accept", "application/json");
  if (token !== undefined) given.set("authorization", `Bearer ${token}`);
  const all: Record<string, string> = {};
  given.forEach((value, name) => (all[name] = value));
  return all;
}
