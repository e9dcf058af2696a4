/**
 * A load test from its settings to its report: prefill, warm-up, the measurement, cleaning up.
 */
import type { Clock } from "../../base/clock.ts";
import { createRandom } from "../../base/random.ts";
import { VERSION } from "../../base/version.ts";
import { keyChoice } from "./key-choice.ts";
import { operationMix } from "./operations.ts";
import { PollingPacer } from "./pacer.ts";
import type { Recorder } from "./recorder.ts";
import type { LoadReport, LoadSettings, Verification } from "./report.ts";
import { runPrefix } from "./run-id.ts";
import { Runner, type Phase } from "./runner.ts";
import type { Target } from "./target.ts";
import { Values } from "./values.ts";
import { Verifier } from "./verifier.ts";

export interface LoadTestPlan {
  readonly target: Target;
  readonly settings: LoadSettings;
  readonly verify: { readonly mayEvict: boolean } | null;
  /** Leaves the keys there; else they are deleted at the end. */
  readonly keep: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called as each phase begins. */
  readonly onPhase: (name: string, phase: Phase, recorder: Recorder) => void;
}

export async function runLoadTest(plan: LoadTestPlan): Promise<LoadReport> {
  const { target, settings, verify, clock, signal } = plan;
  const { concurrent, namespaces, keys, ttlMs } = settings;
  const values = new Values(settings.valueBytes);
  const verifier =
    verify === null ? null : new Verifier(values, { ttlMs, mayEvict: verify.mayEvict }, clock);
  const runner = new Runner({
    ...{ target, namespaces, keys, values, verifier, clock, signal },
    connections: concurrent,
    keyPrefix: runPrefix("load"),
    pacer: new PollingPacer(clock),
  });
  try {
    const errorsBefore = await prepare(plan, runner);
    const startedAt = new Date(clock.nowMs()).toISOString();
    const phase = measured(settings);
    const figures = await runner.run(phase, (recorder) => plan.onPhase("load", phase, recorder));
    return {
      ...{ version: VERSION, startedAt, target: target.name, settings, figures, errorsBefore },
      verification: verifier === null ? null : verificationOf(verifier, runner),
      isInterrupted: signal.aborted,
      leftBehind: plan.keep ? null : await runner.tryRemoveKeys(),
    };
  } finally {
    runner.close();
  }
}

/** Prefill and warm-up; returns the number of errors. */
async function prepare(plan: LoadTestPlan, runner: Runner): Promise<number> {
  const { settings, signal } = plan;
  let errors = 0;
  const run = async (name: string, phase: Phase): Promise<void> => {
    if (signal.aborted) return;
    errors += (await runner.run(phase, (recorder) => plan.onPhase(name, phase, recorder))).errors;
  };
  if (settings.prefill) await run("prefill", prefill(settings));
  if (settings.warmupMs > 0) {
    const durationMs = settings.warmupMs;
    await run("warm-up", { ...measured(settings), operations: null, durationMs });
  }
  return errors;
}

function measured(settings: LoadSettings): Phase {
  const { operations, durationMs, perSecond, ratios, keyDistribution, keys, ttlMs } = settings;
  // Two streams, so that the keys are the same whatever the ratios are.
  const choices = createRandom(settings.seed);
  const draws = createRandom(settings.seed ^ 0x5bd1e995);
  return {
    ...{ operations, durationMs, perSecond, ttlMs },
    operation: operationMix(ratios, choices),
    key: keyChoice(keyDistribution, keys, draws),
  };
}

function prefill({ keys, ttlMs }: LoadSettings): Phase {
  return {
    ...{ operations: keys, durationMs: null, perSecond: null, ttlMs },
    operation: () => "set",
    key: keyChoice({ kind: "sequential" }, keys, Math.random),
  };
}

function verificationOf(verifier: Verifier, runner: Runner): Verification {
  const { judged, notJudged, violations, examples } = verifier;
  return {
    ...{ judged, notJudged, violations },
    examples: examples.map((example) => {
      const { namespace, name } = runner.nameOf(example.key);
      return { ...example, namespace, key: name };
    }),
  };
}
