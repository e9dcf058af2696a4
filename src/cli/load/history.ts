/**
 * What one key may hold, judged from the outside: the check behind `--verify`.
 *
 * Requests overlap, so there is rarely one right answer to a read. What can be judged is whether some
 * order of the operations, each taking effect at one moment between its request and its reply,
 * explains all replies: whether the key is linearizable (Herlihy and Wing, 1990). In general that is
 * hard to decide; with a value that is different for each write it is cheap (Gibbons and Korach,
 * "Testing shared memories", SIAM J. Comput. 26(4), 1997). This is their test, done as replies come:
 *
 *   A state is a write with the reads that returned it. Of each:
 *     provenAt    the earliest end of its operations: by then it had taken effect
 *     seenAt      the latest start of its operations: it was still there then, or later
 *   w came after x, if w.seenAt > x.provenAt; and then x was gone by w.provenAt.
 *   So a state has a time by which it was gone:
 *     goneBy(x) = the least w.provenAt of all w with w.seenAt > x.provenAt
 *   A read that started after goneBy(x) and returned x is a violation; of reads that return values
 *   there is no other kind.
 *
 * Times are ticks: a counter that goes up at each start and end, since two events can share a
 * microsecond. Three things differ from the textbook:
 *
 *   - Absence is not unique: a read that finds nothing may follow any of several deletes, or none at
 *     all. It is right when any state of absence explains it, and proves of values alone that they
 *     were gone. Of the absences that are settled the latest explains all that the others do, so one
 *     is kept.
 *   - A write whose reply was lost may take effect at any time, or never. It is a state that is not
 *     proven, and so is never gone, until a read returns it.
 *   - A value with a time to live may be absent from its deadline on, and must not be seen after it;
 *     the deadline was set somewhere between request and reply, by another clock, hence the slack.
 *     A server that may evict may lose any value at any time, but it may not bring one back.
 *
 * States that are gone before the oldest read under way began can explain nothing more and are
 * dropped, so a key needs room for what is under way and little else.
 */

/** Deadlines are compared across the clocks of two processes. */
export const TTL_SLACK_MS = 100;
/** Writes with an unknown outcome for a key; beyond that nothing can be said about it. */
const UNKNOWN_MAX = 16;

export interface Rules {
  /** Time to live of all values; null is none. */
  readonly ttlMs: number | null;
  /** Whether the server may evict. */
  readonly mayEvict: boolean;
}

/** A moment: its place in the order of events, and the time. */
export interface Moment {
  readonly tick: number;
  readonly atMs: number;
}

/** A write, under way or done, and the reads that returned it; `seq` is null for an absence. */
export interface State {
  readonly seq: number | null;
  /** When and at which tick it began. */
  readonly started: Moment;
  provenAt: number;
  /** The time of `provenAt`. */
  provenMs: number;
  seenAt: number;
  goneBy: number;
  /** Whether its reply will not come. */
  isLost: boolean;
}

/** What a read got: nothing, the value of a write of this key, or what no write has written. */
export type Got = number | "nothing" | "garbage";

export const WRONGS = ["lost", "stale", "expired", "garbage", "refused"] as const;

/** What is wrong with a reply, and what would have been right. */
export interface Wrong {
  readonly kind: (typeof WRONGS)[number];
  readonly expected: string;
}

const SHOWN_MAX = 4;

export class History {
  #states: State[] = [];
  /** Ticks at which the reads began that are under way; a delete tells what was there, so it is one. */
  readonly #readsUnderWay: number[] = [];
  readonly #rules: Rules;
  #lastSeq = -1;
  #isGivenUp = false;

  /** Of a key that does not exist. */
  constructor(rules: Rules) {
    this.#rules = rules;
    const never = { tick: -1, atMs: -Infinity };
    this.#prove(this.#begin(null, never), never);
  }

  /** Whether nothing can be said about this key any more. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** How many states are kept. */
  get size(): number {
    return this.#states.length;
  }

  /** Stops judging: after a violation, all that follows would be one too. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#states = [];
  }

  /** A write begins; the `seq` of its value goes up with each. */
  beginSet(now: Moment): State {
    return this.#begin(++this.#lastSeq, now);
  }

  beginDelete(now: Moment): State {
    this.#readsUnderWay.push(now.tick);
    return this.#begin(null, now);
  }

  beginRead(now: Moment): void {
    this.#readsUnderWay.push(now.tick);
  }

  acknowledgeSet(state: State, end: Moment): void {
    if (this.#isGivenUp) return;
    this.#prove(state, end);
    this.#drop(end);
  }

  /** A delete was acknowledged; unless it `existed`, that is a read as well, which found nothing. */
  acknowledgeDelete(state: State, existed: boolean, end: Moment): Wrong | null {
    this.#endRead(state.started);
    if (this.#isGivenUp) return null;
    const wrong = existed ? null : this.#judgeNothing(state.started, end, state);
    this.#prove(state, end);
    this.#drop(end);
    return wrong;
  }

  /** A write was refused: it has no effect, and must not have been seen. */
  refuse(state: State): Wrong | null {
    if (state.seq === null) this.#endRead(state.started);
    if (this.#isGivenUp) return null;
    this.#states = this.#states.filter((other) => other !== state);
    if (state.provenAt === Infinity) return null;
    return { kind: "refused", expected: `not ${nameOf(state)}, which was refused` };
  }

  /** Nobody knows whether a write took effect, or still will. */
  lose(state: State): void {
    if (state.seq === null) this.#endRead(state.started);
    if (this.#isGivenUp) return;
    state.isLost = true;
    const unknown = this.#states.filter((it) => it.isLost && it.provenAt === Infinity);
    if (unknown.length > UNKNOWN_MAX) this.giveUp();
  }

  /** A read was answered. */
  judge(got: Got, started: Moment, end: Moment): Wrong | null {
    this.#endRead(started);
    if (this.#isGivenUp) return null;
    const wrong =
      got === "nothing"
        ? this.#judgeNothing(started, end, null)
        : this.#judgeValue(got, started, end);
    this.#drop(end);
    return wrong;
  }

  /** A read was not answered. */
  abandonRead(started: Moment): void {
    this.#endRead(started);
  }

  #begin(seq: number | null, started: Moment): State {
    const state: State = {
      seq,
      started,
      provenAt: Infinity,
      provenMs: Infinity,
      seenAt: started.tick,
      goneBy: Infinity,
      isLost: false,
    };
    if (!this.#isGivenUp) this.#states.push(state);
    return state;
  }

  #endRead({ tick }: Moment): void {
    const at = this.#readsUnderWay.indexOf(tick);
    if (at !== -1) this.#readsUnderWay.splice(at, 1);
  }

  #judgeValue(got: number | "garbage", started: Moment, end: Moment): Wrong | null {
    const state = this.#states.find((it) => it.seq === got);
    if (state === undefined) {
      const isKnown = got !== "garbage" && got <= this.#lastSeq;
      return { kind: isKnown ? "stale" : "garbage", expected: this.#expected(started, end) };
    }
    if (started.tick > state.goneBy) {
      return { kind: "stale", expected: this.#expected(started, end) };
    }
    this.#prove(state, end, started.tick);
    const { ttlMs } = this.#rules;
    const isExpired = ttlMs !== null && started.atMs > state.provenMs + ttlMs + TTL_SLACK_MS;
    return isExpired ? { kind: "expired", expected: "nothing, for its time is up" } : null;
  }

  /** A read, or the delete `own`, found nothing. */
  #judgeNothing(started: Moment, end: Moment, own: State | null): Wrong | null {
    const possible = this.#states.filter((it) => it !== own && started.tick <= it.goneBy);
    if (!possible.some(({ seq }) => seq === null)) {
      const { mayEvict } = this.#rules;
      if (!mayEvict && !possible.some((state) => this.#mayHaveExpired(state, end))) {
        return { kind: "lost", expected: this.#expected(started, end, own) };
      }
      // From now on its absence is a state like any other.
      this.#prove(this.#begin(null, started), end);
    }
    for (const state of this.#states) {
      if (state.seq !== null && started.tick > state.provenAt) {
        state.goneBy = Math.min(state.goneBy, end.tick);
      }
    }
    return null;
  }

  #mayHaveExpired({ seq, started }: State, end: Moment): boolean {
    const { ttlMs } = this.#rules;
    return seq !== null && ttlMs !== null && end.atMs >= started.atMs + ttlMs - TTL_SLACK_MS;
  }

  /** A state has taken effect by `end`, and was there at some time after the tick `seenAt`. */
  #prove(state: State, end: Moment, seenAt = state.seenAt): void {
    if (end.tick < state.provenAt) {
      state.provenAt = end.tick;
      state.provenMs = end.atMs;
    }
    state.seenAt = Math.max(state.seenAt, seenAt);
    for (const other of this.#states) {
      if (other === state || (other.seq === null && state.seq === null)) continue;
      if (state.seenAt > other.provenAt) other.goneBy = Math.min(other.goneBy, state.provenAt);
      if (other.seenAt > state.provenAt) state.goneBy = Math.min(state.goneBy, other.provenAt);
    }
  }

  /** Lets go of what can explain no read any more, and of all settled absences but the latest. */
  #drop(now: Moment): void {
    const oldest = this.#readsUnderWay.reduce((a, b) => Math.min(a, b), now.tick);
    const isAbsent = ({ seq, provenAt }: State): boolean => seq === null && provenAt < Infinity;
    const latest = this.#states
      .filter(isAbsent)
      .reduce((most, { provenAt }) => Math.max(most, provenAt), -Infinity);
    this.#states = this.#states.filter(
      (it) => it.goneBy >= oldest && !(isAbsent(it) && it.provenAt < latest),
    );
  }

  /** What a read may return, in words. */
  #expected(started: Moment, end: Moment, own: State | null = null): string {
    const possible = this.#states.filter((it) => it !== own && started.tick <= it.goneBy);
    const names = possible.slice(-SHOWN_MAX).map((state) => {
      if (this.#mayHaveExpired(state, end)) return `${nameOf(state)}, or, expired, nothing`;
      if (state.provenAt < Infinity) return nameOf(state);
      return `${nameOf(state)} (${state.isLost ? "outcome unknown" : "under way"})`;
    });
    const more = possible.length - names.length;
    return [...names, ...(more > 0 ? [`${more} more`] : [])].join(" or ");
  }
}

function nameOf({ seq }: State): string {
  return seq === null ? "nothing" : `write ${seq}`;
}
