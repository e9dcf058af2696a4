/** A distribution of latencies as bars in the terminal. */
import { latencyText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import type { CliIo } from "../io.ts";
import type { LatencyBin } from "./latencies.ts";

const BAR_CHARACTERS = 40;
/** Eighths of a character, from one to seven. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const LABEL_CHARACTERS = 19;
/** The last bins that together hold less than this share are shown as one. */
const TAIL_SHARE = 0.002;

/** A line for each bin: its limits, a bar, its share. Empty when there is nothing to show. */
export function latencyBars(bins: readonly LatencyBin[], io: Pick<CliIo, "color">): string {
  const { dim, good } = styleOf(io);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const shown = withTail(inPairs(bins), total);
  const most = shown.reduce((max, { count }) => Math.max(max, count), 1);
  return shown
    .map(({ fromMs, toMs, count }) => {
      const label = `${latencyText(fromMs)} - ${latencyText(toMs)}`.padStart(LABEL_CHARACTERS);
      const share = `${((count / total) * 100).toFixed(2)} %`;
      return `  ${dim(label)}  ${good(barOf(count / most).padEnd(BAR_CHARACTERS))} ${dim(share.padStart(8))}\n`;
    })
    .join("");
}

function barOf(share: number): string {
  const eighths = Math.round(share * BAR_CHARACTERS * 8);
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** The long tail made one bin: it is told in percentiles, not by thirty lines with no bar. */
function withTail(bins: readonly LatencyBin[], total: number): readonly LatencyBin[] {
  let tail = 0;
  let keep = bins.length;
  while (keep > 1 && (tail + bins[keep - 1]!.count) / total < TAIL_SHARE) {
    tail += bins[--keep]!.count;
  }
  if (bins.length - keep < 2) return bins;
  const first = bins[keep]!;
  const last = bins.at(-1)!;
  return [...bins.slice(0, keep), { fromMs: first.fromMs, toMs: last.toMs, count: tail }];
}

/** A terminal has no room for all of them. */
function inPairs(bins: readonly LatencyBin[]): LatencyBin[] {
  const pairs: LatencyBin[] = [];
  for (let i = 0; i < bins.length; i += 2) {
    const first = bins[i]!;
    const last = bins[i + 1];
    const count = first.count + (last?.count ?? 0);
    pairs.push({ fromMs: first.fromMs, toMs: (last ?? first).toMs, count });
  }
  return pairs;
}
