/**
 * One benchmark's run: it starts sides in processes of their own, takes turns between them, and
 * collects rows. Directories that it hands out are removed at the end, whatever happens.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Aim, Benchmark, Figures, Peer, Report, Row, SideArgs, Unit } from "./benchmark.ts";
import { profileFlags, runSide, startServer } from "./processes.ts";
import type { RunningServer, SideProcess } from "./processes.ts";
import { rowOf } from "./statistics.ts";

export interface SessionOptions {
  /** Tiny sizes, one round: whether it works, not how fast. */
  readonly quick: boolean;
  /** Where sides leave CPU profiles. */
  readonly profileDirectory: string | null;
}

const ROUNDS = 5;
const EXIT_INTERRUPTED = 130;

export class Session {
  readonly quick: boolean;
  readonly #profileDirectory: string | null;
  readonly #benchmark: Benchmark;
  readonly #directories: string[] = [];
  readonly #rows: Row[] = [];
  readonly #notes: string[] = [];
  readonly #skipped: string[] = [];

  constructor(benchmark: Benchmark, options: SessionOptions) {
    this.#benchmark = benchmark;
    this.quick = options.quick;
    this.#profileDirectory = options.profileDirectory;
  }

  /** `full`, or what stands for it in a quick run. */
  size(full: number, quick: number): number {
    return this.quick ? quick : full;
  }

  /** The rounds to make: fewer where one takes long, one in a quick run. */
  rounds(full = ROUNDS): number {
    return this.quick ? 1 : full;
  }

  directory(): string {
    const made = mkdtempSync(join(tmpdir(), `pykv-bench-${this.#benchmark.name}-`));
    this.#directories.push(made);
    return made;
  }

  /** Runs a side in a fresh process; rejects with what it failed with. */
  side(side: string, args: Partial<SideArgs> = {}): Promise<Figures> {
    return runSide(this.#process(side, args));
  }

  /** For node, when it runs a program that is no side. */
  profileFlags(): readonly string[] {
    return profileFlags(this.#profileDirectory);
  }

  /** Starts a side that serves, in a process of its own; the caller stops it. */
  server(side: string, args: Partial<SideArgs> = {}): Promise<RunningServer> {
    return startServer(this.#process(side, args));
  }

  /**
   * Calls `measure` for each of the sides in every round, beginning with another one each time.
   * What it resolves with is collected by side, in the order of the rounds.
   */
  async alternate(
    sides: readonly string[],
    rounds: number,
    measure: (side: string) => Promise<Figures>,
  ): Promise<Map<string, Figures[]>> {
    const results = new Map<string, Figures[]>(sides.map((side) => [side, []]));
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < sides.length; turn++) {
        const side = sides[(round + turn) % sides.length]!;
        results.get(side)!.push(await measure(side));
      }
    }
    return results;
  }

  row(
    what: string,
    unit: Unit,
    rounds: readonly number[],
    more: { readonly peer?: Peer | null; readonly aim?: Aim } = {},
  ): void {
    this.#rows.push(rowOf(what, unit, rounds, more.peer ?? null, more.aim ?? null));
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  skip(text: string): void {
    this.#skipped.push(text);
  }

  async run(): Promise<Report> {
    const startMs = performance.now();
    process.once("SIGINT", this.#interrupted);
    try {
      await this.#benchmark.run(this);
    } finally {
      process.off("SIGINT", this.#interrupted);
      this.#removeDirectories();
    }
    return {
      name: this.#benchmark.name,
      title: this.#benchmark.title,
      rows: this.#rows,
      notes: this.#notes,
      skipped: this.#skipped,
      seconds: (performance.now() - startMs) / 1000,
    };
  }

  /** What a terminal sends goes to the sides as well, which end by it. */
  readonly #interrupted = (): void => {
    this.#removeDirectories();
    process.exit(EXIT_INTERRUPTED);
  };

  #removeDirectories(): void {
    for (const made of this.#directories) rmSync(made, { recursive: true, force: true });
  }

  #process(side: string, args: Partial<SideArgs>): SideProcess {
    const { name } = this.#benchmark;
    return { benchmark: name, side, args, profileDirectory: this.#profileDirectory };
  }
}

/** One figure of every round. */
export function column(rounds: readonly Figures[] | undefined, figure: string): number[] {
  return (rounds ?? []).map((figures) => {
    const value = figures[figure];
    if (value === undefined) throw new Error(`a side reported no ${figure}`);
    return value;
  });
}
