/** Colours of the command line: a few roles, so that all verbs look alike, and none where unwanted. */
import picocolors from "picocolors";
import type { CliIo } from "../io.ts";

type Paint = (text: string | number) => string;

export interface Style {
  readonly bold: Paint;
  /** Labels, units, what explains. */
  readonly dim: Paint;
  /** Keys and names. */
  readonly name: Paint;
  /** Values as they are stored. */
  readonly value: Paint;
  /** Numbers that a user looks for. */
  readonly figure: Paint;
  readonly good: Paint;
  readonly warning: Paint;
  readonly bad: Paint;
}

export function styleOf({ color }: Pick<CliIo, "color">): Style {
  const paint = picocolors.createColors(color);
  return {
    bold: paint.bold,
    dim: paint.dim,
    name: paint.cyan,
    value: paint.green,
    figure: paint.bold,
    good: paint.green,
    warning: paint.yellow,
    bad: paint.red,
  };
}
