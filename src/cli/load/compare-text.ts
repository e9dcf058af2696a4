/** The comparison of variants for people. */
import { countText, latencyText, rateText, sizeText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import { tableText, type Column } from "../terminal/table.ts";
import type { CliIo } from "../io.ts";
import type { Comparison } from "./compare.ts";

const COLUMNS: readonly Column[] = [
  { title: "variant" },
  { title: "phase" },
  ...["rate", "p50", "p99", "ratio"].map((title) => ({ title, align: "right" as const })),
  { title: "" },
];

export function comparisonText(comparison: Comparison, io: Pick<CliIo, "color">): string {
  const { bold, dim, bad, warning } = styleOf(io);
  const { operations, threads, valueBytes, keys, door, variants, errors } = comparison;
  const settings =
    `${countText(operations)} operations a phase, ${threads} connections, ` +
    `values of ${sizeText(valueBytes)}, ${countText(keys)} keys, over ${door}`;
  const rows = variants.flatMap(({ name, against, phases }) =>
    phases.map(({ phase, perSecond, p50Ms, p99Ms, ratio }, i) => [
      i === 0 ? bold(name) : "",
      phase,
      rateText(perSecond),
      latencyText(p50Ms),
      latencyText(p99Ms),
      ratio === null ? "" : bold(`${ratio.toFixed(2)} x`),
      ratio === null || i > 0 ? "" : dim(`of ${against ?? ""}`),
    ]),
  );
  const rounds = Math.min(...variants.map((it) => it.rounds));
  return [
    `${bold("What durability and eviction cost here")}  ${dim(settings)}\n\n`,
    tableText(COLUMNS, rows, io),
    dim(
      `\nMedians of ${rounds} rounds, measured in turns. Evicting: the server holds a tenth of the keys,\n` +
        `so nine writes of ten push one out. Rates hold for this machine, this disk and this moment.\n`,
    ),
    errors === 0 ? "" : bad(`${countText(errors)} operations failed\n`),
    comparison.isInterrupted ? warning("Interrupted: not all rounds were measured\n") : "",
  ].join("");
}
