/**
 * A fetch that follows a script, and a client's time that stands still until it is moved.
 *
 * Each request takes the next answer of the script, the last one for ever after, and is written down
 * with the time at which it was made.
 */
import type { Timing } from "../../src/client/timing.ts";
import { SimulatedClock } from "./simulated-clock.ts";

/** An answer, a network that fails with a code of node's, or one that never answers. */
export type Answer =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly code: string }
  | "hang";

export interface Call {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export class ScriptedNetwork {
  readonly clock = new SimulatedClock();
  readonly calls: Call[] = [];
  /** Of each call, by the start of its URL; "" is any. */
  readonly #scripts: Map<string, Answer[]>;
  /** What the dice say. */
  random = 0.5;

  constructor(scripts: readonly Answer[] | Readonly<Record<string, readonly Answer[]>>) {
    const entries = Array.isArray(scripts) ? [["", scripts]] : Object.entries(scripts);
    this.#scripts = new Map(
      (entries as [string, Answer[]][]).map(([url, answers]) => [url, [...answers]]),
    );
  }

  readonly fetch = (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = input as string;
    const call: Call = {
      atMs: this.clock.monotonicMs(),
      method: init.method ?? "GET",
      url,
      headers: init.headers as Record<string, string>,
      body: init.body as string | undefined,
    };
    this.calls.push(call);
    return answer(this.#next(url), init.signal!);
  };

  get timing(): Timing {
    const { clock } = this;
    return {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      after: (delayMs, run) => clock.after(delayMs, run),
      random: () => this.random,
    };
  }

  /** Lets time pass, a millisecond at a time, until the promise is settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    const state = { settled: false };
    const done = (): void => void (state.settled = true);
    promise.then(done, done);
    for (let steps = 0; steps < 200_000; steps++) {
      await new Promise((next) => setImmediate(next));
      if (state.settled) return promise;
      this.clock.advance(1);
    }
    throw new Error("it never settles");
  }

  #next(url: string): Answer {
    for (const [start, answers] of this.#scripts) {
      if (url.startsWith(start)) return answers.length > 1 ? answers.shift()! : answers[0]!;
    }
    throw new Error(`no script for ${url}`);
  }
}

function answer(what: Answer, signal: AbortSignal): Promise<Response> {
  if (what === "hang") {
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  }
  if ("code" in what) {
    const cause = Object.assign(new Error(`it says ${what.code}`), { code: what.code });
    return Promise.reject(new TypeError("fetch failed", { cause }));
  }
  const { status, body, headers = {} } = what;
  const isText = typeof body === "string";
  const type = isText
    ? "text/html"
    : status < 400
      ? "application/json"
      : "application/problem+json";
  const text = body === undefined ? null : isText ? body : JSON.stringify(body);
  return Promise.resolve(
    new Response(text, { status, headers: { "content-type": type, ...headers } }),
  );
}

/** A problem as PyKV sends it. */
export function problem(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = {
    type: `urn:pykv:error:${code}`,
    title: `Title of ${code}`,
    status,
    detail: "so",
    code,
  };
  return { status, body, headers };
}
