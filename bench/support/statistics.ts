/** Medians and percentiles of small and large samples. */
import type { Aim, Peer, Row, Unit } from "./benchmark.ts";

/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that the share `fraction` (0 to 1) of a sorted sample does not exceed. */
export function percentile(sorted: Float64Array, fraction: number): number {
  const rank = Math.ceil(fraction * sorted.length) - 1;
  return sorted[Math.max(0, rank)] ?? Number.NaN;
}

/** Puts a row together and holds it against its aim. */
export function rowOf(
  what: string,
  unit: Unit,
  rounds: readonly number[],
  peer: Peer | null,
  aim: Aim | null,
): Row {
  const ratios = peer === null ? [] : rounds.map((value, i) => value / peerAt(peer, i));
  const ratio = peer === null ? null : median(ratios);
  const value = median(rounds);
  return {
    ...{ what, unit, median: value, rounds, ratio, aim },
    peer: peer === null ? null : { ...peer, median: median(peer.rounds) },
    met: aim === null ? null : isMet(aim, aim.of === "ratio" ? ratio : value),
  };
}

function peerAt(peer: Peer, round: number): number {
  return peer.rounds[round] ?? peer.rounds[0] ?? Number.NaN;
}

function isMet({ atLeast = -Infinity, atMost = Infinity }: Aim, figure: number | null): boolean {
  return figure !== null && figure >= atLeast && figure <= atMost;
}
