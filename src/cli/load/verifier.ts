/**
 * `--verify`: a history for each key, and what was found wrong.
 *
 * A key whose reply was wrong is reported once and judged no more, so the number of violations is
 * bounded by that of the keys; a few are kept as examples. Memory goes with the keys that were
 * touched, about 400 bytes each, and not with time.
 */
import type { Clock } from "../../base/clock.ts";
import { History, type Moment, type Rules, type State, type Wrong } from "./history.ts";
import type { Values } from "./values.ts";

const EXAMPLES_MAX = 20;
/** Characters of a value that no write has written, as they are shown. */
const SHOWN_MAX = 60;

/** A reply that no order of the operations explains. */
export interface Violation {
  readonly kind: Wrong["kind"];
  /** The number of the key; its name is the caller's matter. */
  readonly key: number;
  readonly operation: "get" | "set" | "delete";
  readonly expected: string;
  readonly got: string;
  /** Since the start of the run. */
  readonly atMs: number;
}

/** An operation under way. */
export interface Underway {
  readonly key: number;
  readonly started: Moment;
  /** Of a read there is none. */
  readonly state: State | null;
}

export class Verifier {
  readonly #histories = new Map<number, History>();
  readonly #values: Values;
  readonly #rules: Rules;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #startMs: number;
  readonly #examples: Violation[] = [];
  #tick = 0;
  #violations = 0;
  #judged = 0;
  #notJudged = 0;

  constructor(values: Values, rules: Rules, clock: Pick<Clock, "monotonicMs">) {
    this.#values = values;
    this.#rules = rules;
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
  }

  /** Keys with a reply that nothing explains. */
  get violations(): number {
    return this.#violations;
  }

  /** The first of them. */
  get examples(): readonly Violation[] {
    return this.#examples;
  }

  /** Replies held against a history: of reads, and of deletes that found nothing. */
  get judged(): number {
    return this.#judged;
  }

  /** Replies about keys that nothing can be said about any more. */
  get notJudged(): number {
    return this.#notJudged;
  }

  /** A write begins; `value` is what it has to write. */
  beginSet(key: number): { readonly underway: Underway; readonly value: string } {
    const started = this.#now();
    const state = this.#historyOf(key).beginSet(started);
    return { underway: { key, started, state }, value: this.#values.of(key, state.seq ?? 0) };
  }

  beginDelete(key: number): Underway {
    const started = this.#now();
    return { key, started, state: this.#historyOf(key).beginDelete(started) };
  }

  beginRead(key: number): Underway {
    const started = this.#now();
    this.#historyOf(key).beginRead(started);
    return { key, started, state: null };
  }

  endSet({ key, state }: Underway): void {
    if (state !== null) this.#historyOf(key).acknowledgeSet(state, this.#now());
  }

  endDelete({ key, state }: Underway, existed: boolean): void {
    if (state === null) return;
    const history = this.#historyOf(key);
    if (!existed) this.#count(history);
    const wrong = history.acknowledgeDelete(state, existed, this.#now());
    if (wrong !== null) this.#report(history, key, "delete", wrong, "nothing to delete");
  }

  /** A read was answered: with a value, or that there is none. */
  endRead({ key, started }: Underway, value: string | null): void {
    const history = this.#historyOf(key);
    this.#count(history);
    const seq = value === null ? null : this.#values.seqOf(key, value);
    const got = value === null ? "nothing" : (seq ?? "garbage");
    const wrong = history.judge(got, started, this.#now());
    if (wrong === null) return;
    const shown = value === null ? "nothing" : seq === null ? shownValue(value) : `write ${seq}`;
    this.#report(history, key, "get", wrong, shown);
  }

  /** An operation failed: refused, with no effect, or with an outcome that nobody knows. */
  fail({ key, started, state }: Underway, outcome: "refused" | "unknown"): void {
    const history = this.#historyOf(key);
    if (state === null) return history.abandonRead(started);
    if (outcome === "unknown") return history.lose(state);
    const wrong = history.refuse(state);
    if (wrong === null) return;
    const got = state.seq === null ? "nothing" : `write ${state.seq}`;
    this.#report(history, key, state.seq === null ? "delete" : "set", wrong, got);
  }

  #now(): Moment {
    return { tick: this.#tick++, atMs: this.#clock.monotonicMs() };
  }

  #historyOf(key: number): History {
    let history = this.#histories.get(key);
    if (history === undefined) {
      history = new History(this.#rules);
      this.#histories.set(key, history);
    }
    return history;
  }

  #count(history: History): void {
    if (history.isGivenUp) this.#notJudged++;
    else this.#judged++;
  }

  #report(
    history: History,
    key: number,
    operation: Violation["operation"],
    { kind, expected }: Wrong,
    got: string,
  ): void {
    history.giveUp();
    this.#violations++;
    if (this.#examples.length === EXAMPLES_MAX) return;
    const atMs = this.#clock.monotonicMs() - this.#startMs;
    this.#examples.push({ kind, key, operation, expected, got, atMs });
  }
}

function shownValue(value: string): string {
  const start = JSON.stringify(value.slice(0, SHOWN_MAX));
  return value.length > SHOWN_MAX ? `${start}... of ${value.length} characters` : start;
}
