/**
 * Which of several servers to ask.
 *
 * The order is that of the caller: the first that is not known to be down serves. One that fails is
 * left alone for a while, which doubles with each failure, and then gets one request to show whether
 * it works again, while all others still go to the next.
 */
import { ownError } from "./errors.ts";
import type { Timing } from "./timing.ts";

export interface Server {
  /** Without a slash at its end. */
  readonly base: string;
}

interface State extends Server {
  readonly base: string;
  /** In a row. */
  failures: number;
  downUntilMs: number;
}

const REST_MS = 1000;
const REST_MS_MAX = 30_000;
const DEFAULT_URL = "http://127.0.0.1:8000";

export class Servers {
  readonly #all: readonly State[];
  readonly #timing: Timing;

  /** @throws INVALID_OPTION for what is no http or https URL. */
  constructor(url: string | readonly string[] | undefined, timing: Timing) {
    const urls = typeof url === "string" ? [url] : (url ?? [DEFAULT_URL]);
    if (urls.length === 0) throw ownError("INVALID_OPTION", "url is an empty list");
    const bases = new Set(urls.map(baseOf));
    this.#all = [...bases].map((base) => ({ base, failures: 0, downUntilMs: 0 }));
    this.#timing = timing;
  }

  get count(): number {
    return this.#all.length;
  }

  /** The server that would be asked now. */
  get current(): Server {
    return this.#best(new Set());
  }

  /** The server to ask, other than those that were tried already. */
  pick(tried: ReadonlySet<Server>): Server {
    const best = this.#best(tried);
    // It has rested: this request finds out, and others keep away until it has.
    if (best.failures > 0) best.downUntilMs = this.#timing.monotonicMs() + restMs(best.failures);
    return best;
  }

  worked(server: Server): void {
    const state = this.#stateOf(server);
    state.failures = 0;
    state.downUntilMs = 0;
  }

  failed(server: Server): void {
    const state = this.#stateOf(server);
    state.failures++;
    state.downUntilMs = this.#timing.monotonicMs() + restMs(state.failures);
  }

  #best(tried: ReadonlySet<Server>): State {
    const nowMs = this.#timing.monotonicMs();
    const left = this.#all.filter((state) => !tried.has(state));
    const up = left.find(({ downUntilMs }) => downUntilMs <= nowMs);
    return up ?? left.reduce((a, b) => (b.downUntilMs < a.downUntilMs ? b : a));
  }

  #stateOf(server: Server): State {
    return this.#all.find((state) => state === server)!;
  }
}

function restMs(failures: number): number {
  return Math.min(REST_MS_MAX, REST_MS * 2 ** (failures - 1));
}

/** `127.0.0.1:8000` means http; a path is kept, for servers behind a proxy. */
function baseOf(given: unknown): string {
  const text = typeof given === "string" && !given.includes("://") ? `http://${given}` : given;
  let url: URL;
  try {
    url = new URL(String(text));
  } catch (cause) {
    const detail = `${JSON.stringify(given)} is no URL; one is like ${DEFAULT_URL}`;
    throw ownError("INVALID_OPTION", detail, { cause });
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw ownError("INVALID_OPTION", `url must be http or https, not ${url.protocol}//`);
  }
  if (url.username !== "" || url.password !== "") {
    throw ownError("INVALID_OPTION", "url must not hold a password; give `token` or `headers`");
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}
