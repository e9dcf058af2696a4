/**
 * The quick benchmark: writes, reads and both, without and with a time to live, one after the other.
 *
 * Closed loops, each connection with one operation under way: it tells what the server can do, at this
 * concurrency, on this machine. What latency users would see at a given rate is what `load-test --rate`
 * is for.
 */
import { systemClock } from "../../base/clock.ts";
import { createRandom } from "../../base/random.ts";
import { keyChoice } from "./key-choice.ts";
import { operationMix, type Ratios } from "./operations.ts";
import { PollingPacer } from "./pacer.ts";
import type { PhaseFigures, Recorder } from "./recorder.ts";
import { runPrefix } from "./run-id.ts";
import { Runner, type Phase } from "./runner.ts";
import type { Target } from "./target.ts";
import { Values } from "./values.ts";

export interface QuickBenchmarkPlan {
  readonly target: Target;
  readonly namespace: string;
  /** Of each phase. */
  readonly operations: number;
  /** Connections, each with one operation under way. */
  readonly threads: number;
  readonly valueBytes: number;
  /** Different keys; no more than `operations` are used. */
  readonly keys: number;
  /** Leaves the keys there; else they are deleted at the end. */
  readonly keep: boolean;
  /** Ends the benchmark early; what ran is reported. */
  readonly signal: AbortSignal;
  /** Called as each phase begins, with what counts it. */
  readonly onPhase?: (name: string, recorder: Recorder) => void;
}

export interface QuickBenchmarkPhase {
  readonly name: string;
  readonly figures: PhaseFigures;
}

export interface QuickBenchmark {
  readonly target: string;
  readonly namespace: string;
  readonly operations: number;
  readonly threads: number;
  readonly valueBytes: number;
  readonly keys: number;
  readonly phases: readonly QuickBenchmarkPhase[];
  /** Over all phases. */
  readonly elapsedMs: number;
  readonly errors: number;
  readonly isInterrupted: boolean;
  /** What keeps the keys from being deleted, if anything. */
  readonly leftBehind: string | null;
}

const SEED = 1;
const MIXED: Ratios = { get: 0.8, set: 0.2, delete: 0 };
const TTL_MS = 3_600_000;

interface PhasePlan {
  readonly name: string;
  readonly ratios: Ratios;
  readonly isSequential: boolean;
  readonly ttlMs: number | null;
}

const WRITES: Ratios = { get: 0, set: 1, delete: 0 };
const READS: Ratios = { get: 1, set: 0, delete: 0 };

export const QUICK_PHASES: readonly PhasePlan[] = [
  { name: "writes", ratios: WRITES, isSequential: true, ttlMs: null },
  { name: "reads", ratios: READS, isSequential: false, ttlMs: null },
  { name: "mixed", ratios: MIXED, isSequential: false, ttlMs: null },
  { name: "writes, TTL", ratios: WRITES, isSequential: true, ttlMs: TTL_MS },
  { name: "reads, TTL", ratios: READS, isSequential: false, ttlMs: TTL_MS },
];

/** Runs all phases against a target that `findTarget` has found. */
export async function runQuickBenchmark(
  plan: QuickBenchmarkPlan,
  phases: readonly PhasePlan[] = QUICK_PHASES,
): Promise<QuickBenchmark> {
  const { target, namespace, operations, threads, valueBytes, signal } = plan;
  const keys = Math.min(plan.keys, operations);
  const runner = new Runner({
    ...{ target, namespaces: [namespace], keys, signal, verifier: null, clock: systemClock },
    connections: Math.min(threads, operations),
    keyPrefix: runPrefix("bench"),
    values: new Values({ min: valueBytes, max: valueBytes }),
    pacer: new PollingPacer(systemClock),
  });
  try {
    const done: QuickBenchmarkPhase[] = [];
    for (const phase of phases) {
      if (signal.aborted) break;
      const figures = await runner.run(phaseOf(phase, operations, keys), (recorder) =>
        plan.onPhase?.(phase.name, recorder),
      );
      done.push({ name: phase.name, figures });
    }
    const leftBehind = plan.keep ? null : await runner.tryRemoveKeys();
    return {
      ...{ namespace, operations, threads, valueBytes, keys, phases: done, leftBehind },
      target: target.name,
      elapsedMs: done.reduce((sum, { figures }) => sum + figures.elapsedMs, 0),
      errors: done.reduce((sum, { figures }) => sum + figures.errors, 0),
      isInterrupted: signal.aborted,
    };
  } finally {
    runner.close();
  }
}

function phaseOf(plan: PhasePlan, operations: number, keys: number): Phase {
  const random = createRandom(SEED);
  const distribution = { kind: plan.isSequential ? "sequential" : "uniform" } as const;
  return {
    operations,
    durationMs: null,
    perSecond: null,
    operation: operationMix(plan.ratios, random),
    key: keyChoice(distribution, keys, random),
    ttlMs: plan.ttlMs,
  };
}
