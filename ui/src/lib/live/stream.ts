/**
 * The connection to GET /events: kept while the page is seen, made again by itself when it breaks.
 *
 * The browser's own reconnection tells nobody when it will try again and never gives up on a dead
 * connection that nobody closed. So the source is closed at the first error, the next try is put off
 * for longer each time (with jitter, so that many consoles do not come back at the same moment), and
 * silence counts as an error. A page that is hidden for a minute lets go of its connection; the
 * server sends what it missed when it is back.
 */
import type { HistoryEvent, SampleEvent } from "./types.ts";

export type Connection =
  | { readonly status: "connecting" }
  | { readonly status: "live" }
  | { readonly status: "resting" }
  /** `failures` in a row; the next try is at `retryAtMs` since 1970. */
  | { readonly status: "waiting"; readonly failures: number; readonly retryAtMs: number };

/** What is read of an event; one that tells of an error has neither. */
export interface SourceEvent {
  readonly data?: unknown;
  readonly lastEventId?: string;
}

/** The part of EventSource that is used. */
export interface Source {
  addEventListener(type: string, listener: (event: SourceEvent) => void): void;
  close(): void;
}

/** What the stream needs from its surroundings, so that tests can stand in for it. */
export interface Surroundings {
  open(url: string): Source;
  nowMs(): number;
  /** A number from 0 to 1. */
  random(): number;
  /** Runs once later; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export interface Listener {
  connection(state: Connection): void;
  history(event: HistoryEvent): void;
  sample(event: SampleEvent): void;
}

const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 15_000;
/** Samples come once a second. */
const SILENCE_MS = 6_000;
const HIDDEN_MS = 60_000;

export class Stream {
  readonly #url: string;
  readonly #surroundings: Surroundings;
  readonly #listener: Listener;
  #source: Source | null = null;
  #failures = 0;
  #cancelRetry = (): void => undefined;
  #cancelWatch = (): void => undefined;
  #cancelRest = (): void => undefined;
  #lastEventId = "";

  constructor(url: string, surroundings: Surroundings, listener: Listener) {
    this.#url = url;
    this.#surroundings = surroundings;
    this.#listener = listener;
  }

  /** Connects now, whatever was planned. */
  connect(): void {
    this.#cancelRetry();
    this.#drop();
    this.#listener.connection({ status: "connecting" });
    const since = this.#lastEventId;
    const query = since === "" ? "" : `?since=${encodeURIComponent(since)}`;
    const source = this.#surroundings.open(this.#url + query);
    this.#source = source;
    source.addEventListener("history", (event) => {
      if (this.#source === source)
        this.#receive<HistoryEvent>(event, (data) => this.#listener.history(data));
    });
    source.addEventListener("sample", (event) => {
      if (this.#source === source)
        this.#receive<SampleEvent>(event, (data) => this.#listener.sample(data));
    });
    source.addEventListener("error", () => {
      if (this.#source === source) this.#fail();
    });
    this.#watch();
  }

  /** Told of each change: a page that is not seen rests after a while and comes back at once. */
  setVisible(isVisible: boolean): void {
    this.#cancelRest();
    if (!isVisible) {
      this.#cancelRest = this.#surroundings.after(HIDDEN_MS, () => this.close());
    } else if (this.#source === null) this.connect();
  }

  /** Lets go of the connection until `connect` or `setVisible(true)`. */
  close(): void {
    this.#cancelRetry();
    this.#cancelRest();
    this.#drop();
    this.#listener.connection({ status: "resting" });
  }

  #receive<T>(event: SourceEvent, tell: (data: T) => void): void {
    this.#failures = 0;
    this.#lastEventId = event.lastEventId ?? "";
    this.#watch();
    tell(JSON.parse(String(event.data)) as T);
    this.#listener.connection({ status: "live" });
  }

  #fail(): void {
    this.#drop();
    this.#failures += 1;
    const longestMs = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** (this.#failures - 1));
    const delayMs = Math.round(longestMs * (0.75 + this.#surroundings.random() / 4));
    this.#cancelRetry = this.#surroundings.after(delayMs, () => this.connect());
    const retryAtMs = this.#surroundings.nowMs() + delayMs;
    this.#listener.connection({ status: "waiting", failures: this.#failures, retryAtMs });
  }

  #watch(): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#surroundings.after(SILENCE_MS, () => this.#fail());
  }

  #drop(): void {
    this.#cancelWatch();
    this.#source?.close();
    this.#source = null;
  }
}
