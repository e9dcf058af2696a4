/** Tables in the terminal: no borders, so that they can be read, grepped and pasted. */
import Table from "cli-table3";
import { styleOf } from "./style.ts";
import type { CliIo } from "../io.ts";

export interface Column {
  readonly title: string;
  /** Numbers stand right. */
  readonly align?: "left" | "right";
}

const NO_BORDERS = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left"],
    ...["bottom-right", "left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((place) => [place, ""]),
);

/** The rows under their titles, with a newline at the end; colours of cells are kept. */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  io: Pick<CliIo, "color">,
): string {
  const { dim } = styleOf(io);
  const table = new Table({
    head: columns.map(({ title }) => dim(title)),
    colAligns: columns.map(({ align = "left" }) => align),
    chars: { ...NO_BORDERS, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return `${table.toString().replace(/ +$/gm, "")}\n`;
}
