/**
 * What options of the server cost: variants that differ in one thing, measured in turns.
 *
 * Each variant is a server of its own. In every round each is measured once, in an order that shifts
 * from round to round, so that what disturbs the machine for a while does not hit one variant alone;
 * the median over the rounds is what counts, and ratios are medians of the rounds' own ratios.
 */
import type { CliIo } from "../io.ts";
import { httpTarget } from "./http-target.ts";
import { startOwnServer, type OwnServer } from "./own-server.ts";
import { QUICK_PHASES, runQuickBenchmark } from "./quick.ts";
import type { PhaseFigures, Recorder } from "./recorder.ts";
import { respTarget } from "./resp-target.ts";

export interface ComparisonPlan {
  readonly operations: number;
  readonly threads: number;
  readonly valueBytes: number;
  readonly keys: number;
  readonly rounds: number;
  readonly isResp: boolean;
  readonly timeoutMs: number;
  readonly env: CliIo["env"];
  readonly signal: AbortSignal;
  readonly onPhase?: (name: string, recorder: Recorder) => void;
}

/** A kind of operations, as one variant does them. */
export interface ComparedPhase {
  readonly phase: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Rate against that of the variant it is compared with; null for that one itself. */
  readonly ratio: number | null;
}

export interface ComparedVariant {
  readonly name: string;
  /** The variant that its ratios are against; null for that one itself. */
  readonly against: string | null;
  readonly rounds: number;
  readonly phases: readonly ComparedPhase[];
}

export interface Comparison {
  readonly operations: number;
  readonly threads: number;
  readonly valueBytes: number;
  readonly keys: number;
  readonly door: "REST" | "Redis protocol";
  readonly variants: readonly ComparedVariant[];
  readonly errors: number;
  readonly isInterrupted: boolean;
}

interface Variant {
  readonly name: string;
  readonly against: string | null;
  readonly isDurable: boolean;
  readonly flags: readonly string[];
  /** With eviction most reads would find nothing, which is another matter. */
  readonly phases: readonly string[];
}

const WARM_UP_OPERATIONS = 2_000;
const ALL = ["writes", "reads", "mixed"];

function variantsOf(keys: number): readonly Variant[] {
  const durable = { isDurable: true, phases: ALL };
  const tenth = Math.max(1, Math.floor(keys / 10));
  return [
    { ...durable, name: "fsync always", against: null, flags: ["--fsync", "always"] },
    { ...durable, name: "fsync everysec", against: "fsync always", flags: ["--fsync", "everysec"] },
    { ...durable, name: "fsync no", against: "fsync always", flags: ["--fsync", "no"] },
    { name: "no disk at all", against: "fsync always", isDurable: false, phases: ALL, flags: [] },
    {
      ...{ name: "everysec, evicting", against: "fsync everysec", isDurable: true },
      flags: ["--fsync", "everysec", "--eviction", "lru", "--capacity", String(tenth)],
      phases: ["writes"],
    },
  ];
}

/** Figures of each round, by the name of the phase. */
type Measured = Map<string, PhaseFigures[]>;

/** Starts the servers, measures them in turns, and stops them again whatever happens. */
export async function runComparison(plan: ComparisonPlan): Promise<Comparison> {
  const { operations, threads, valueBytes, signal, env } = plan;
  const keys = Math.min(plan.keys, operations);
  const variants = variantsOf(keys);
  const servers = await startAll(variants, env);
  try {
    // Code that was never run is slow: the first round, of a few operations, does not count.
    const warmUp = { ...plan, operations: Math.min(operations, WARM_UP_OPERATIONS) };
    for (const [i, variant] of variants.entries()) {
      if (!signal.aborted) await measure(warmUp, variant, servers[i]!, "warm-up", new Map());
    }
    const measured = variants.map((): Measured => new Map());
    let errors = 0;
    for (let turn = 0; turn < plan.rounds * variants.length && !signal.aborted; turn++) {
      const round = Math.floor(turn / variants.length);
      const at = (turn + round) % variants.length;
      const label = `${round + 1}/${plan.rounds}`;
      errors += await measure(plan, variants[at]!, servers[at]!, label, measured[at]!);
    }
    return {
      ...{ operations, threads, valueBytes, keys, errors },
      door: plan.isResp ? "Redis protocol" : "REST",
      variants: variants.map((variant, i) => {
        const base = variants.findIndex(({ name }) => name === variant.against);
        return compared(variant, measured[i]!, measured[base] ?? null);
      }),
      isInterrupted: signal.aborted,
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** A server for each variant, in their order; when one does not start, none is left. */
async function startAll(
  variants: readonly Variant[],
  env: CliIo["env"],
): Promise<readonly OwnServer[]> {
  const starts = await Promise.allSettled(
    variants.map(({ flags, isDurable }) => startOwnServer(flags, isDurable, env)),
  );
  const servers = starts.flatMap((it) => (it.status === "fulfilled" ? [it.value] : []));
  const failed = starts.find((it) => it.status === "rejected");
  if (failed === undefined) return servers;
  await Promise.all(servers.map((server) => server.stop()));
  throw failed.reason;
}

/** Measures one variant once; returns the number of errors. */
async function measure(
  plan: ComparisonPlan,
  { name, phases }: Variant,
  { address, respAddress }: OwnServer,
  label: string,
  measured: Measured,
): Promise<number> {
  const { operations, threads, valueBytes, keys, signal, timeoutMs } = plan;
  const target = plan.isResp
    ? respTarget({ address: respAddress, password: null, timeoutMs })
    : httpTarget({ url: address, token: null, timeoutMs });
  const result = await runQuickBenchmark(
    {
      ...{ target, namespace: "default", operations, threads, valueBytes, keys, signal },
      keep: false,
      onPhase: (phase, recorder) => plan.onPhase?.(`${label} ${name}: ${phase}`, recorder),
    },
    QUICK_PHASES.filter((phase) => phases.includes(phase.name)),
  );
  // A phase that was cut short is not comparable.
  if (signal.aborted) return 0;
  for (const phase of result.phases) {
    measured.set(phase.name, [...(measured.get(phase.name) ?? []), phase.figures]);
  }
  return result.errors;
}

function compared(variant: Variant, measured: Measured, base: Measured | null): ComparedVariant {
  const phases = [...measured].map(([phase, rounds]): ComparedPhase => {
    const baseRounds = base?.get(phase) ?? [];
    const ratios = rounds.flatMap(({ perSecond }, i) => {
      const other = baseRounds[i];
      return other === undefined ? [] : [perSecond / other.perSecond];
    });
    return {
      phase,
      perSecond: median(rounds.map(({ perSecond }) => perSecond)),
      p50Ms: median(rounds.map(({ latency }) => latency.p50Ms)),
      p99Ms: median(rounds.map(({ latency }) => latency.p99Ms)),
      ratio: ratios.length === 0 ? null : median(ratios),
    };
  });
  const rounds = Math.max(0, ...[...measured.values()].map(({ length }) => length));
  return { name: variant.name, against: variant.against, rounds, phases };
}

/** The middle one, or the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
