/** Reports as Markdown, which reads well in a terminal too. */
import type { Aim, Report, Row, Unit } from "./benchmark.ts";

const HEAD = ["measured", "median", "peer", "peer's median", "ratio", "aim", ""] as const;

export function reportText(report: Report): string {
  const lines = [`## ${report.name}: ${report.title}`, "", ...tableLines(report.rows)];
  if (report.notes.length > 0) lines.push("", ...report.notes.map((note) => `- ${note}`));
  if (report.skipped.length > 0)
    lines.push("", ...report.skipped.map((what) => `- skipped: ${what}`));
  return `${lines.join("\n")}\n`;
}

function tableLines(rows: readonly Row[]): string[] {
  const cells = [[...HEAD], ...rows.map(cellsOf)];
  const widths = HEAD.map((_, i) => Math.max(3, ...cells.map((line) => line[i]!.length)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(cells[0]!), line(rule), ...cells.slice(1).map(line)];
}

function cellsOf({ what, unit, median, peer, ratio, aim, met }: Row): string[] {
  return [
    what,
    figureText(median, unit),
    peer?.name ?? "",
    peer === null ? "" : figureText(peer.median, unit),
    ratio === null ? "" : ratio.toFixed(2),
    aim === null ? "" : aimText(aim, unit),
    met === null ? "" : met ? "met" : "MISSED",
  ];
}

function aimText(aim: Aim, unit: Unit): string {
  const limit = (figure: number): string =>
    aim.of === "ratio" ? `${figure} x` : figureText(figure, unit);
  if (aim.atLeast !== undefined) return `>= ${limit(aim.atLeast)}`;
  return `<= ${limit(aim.atMost ?? Number.NaN)}`;
}

/** 1234567 per second is "1.23M/s", 0.0123 ms is "0.012 ms". */
function figureText(figure: number, unit: Unit): string {
  if (unit === "/s") return `${scaled(figure)}/s`;
  if (unit === "") return Number.isInteger(figure) ? String(figure) : figure.toFixed(2);
  if (unit === "us") return `${figure.toFixed(2)} us`;
  if (unit === "x") return `${figure.toFixed(3)} x`;
  if (unit === "ms") return `${figure < 1 ? figure.toFixed(3) : figure.toFixed(1)} ms`;
  if (unit === "B") return `${figure.toFixed(1)} B`;
  return `${figure.toFixed(1)} ${unit}`;
}

function scaled(figure: number): string {
  if (figure >= 1e6) return `${(figure / 1e6).toFixed(2)}M`;
  if (figure >= 1e3) return `${(figure / 1e3).toFixed(1)}k`;
  return figure.toFixed(0);
}
