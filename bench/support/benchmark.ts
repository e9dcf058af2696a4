/**
 * What a benchmark is made of.
 *
 * A benchmark has sides: functions that measure one thing in a process of their own, so that neither
 * heap nor compiled code of one is in the way of another. Its `run` starts them, in turns and several
 * times over, and puts what they report into rows.
 */
import type { FsyncPolicy } from "../../src/log/journal.ts";
import type { Session } from "./session.ts";

/** What a side may be told. It travels as JSON. */
export interface SideArgs {
  /** How many keys, records or entries. */
  readonly keys: number;
  readonly seconds: number;
  readonly writers: number;
  /** For files; the session removes it. */
  readonly directory: string;
  readonly fsync: FsyncPolicy;
  /** Bytes of a reply's body. */
  readonly bytes: number;
  /** To listen on. */
  readonly port: number;
}

/** What a side reports, by name; units come last in the names. */
export type Figures = Readonly<Record<string, number>>;

export type Side = (args: SideArgs) => Promise<Figures>;

export interface Benchmark {
  /** As given to `npm run bench -- name`. */
  readonly name: string;
  readonly title: string;
  readonly sides: Readonly<Record<string, Side>>;
  run(session: Session): Promise<void>;
}

/** A limit that a figure, or its ratio to a peer's, should keep. */
export interface Aim {
  readonly of: "value" | "ratio";
  readonly atLeast?: number;
  readonly atMost?: number;
}

export const UNITS = ["/s", "B", "us", "ms", "x", "%", "s", ""] as const;
export type Unit = (typeof UNITS)[number];

export interface Peer {
  readonly name: string;
  /** A figure for each round, in the order of the rounds; one for all when it is cited. */
  readonly rounds: readonly number[];
}

export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly median: number;
  readonly rounds: readonly number[];
  readonly peer: (Peer & { readonly median: number }) | null;
  /** Median of the rounds' own ratios: what disturbs the machine for a while disturbs both sides. */
  readonly ratio: number | null;
  readonly aim: Aim | null;
  /** Null without an aim. */
  readonly met: boolean | null;
}

export interface Report {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  readonly skipped: readonly string[];
  readonly seconds: number;
}
