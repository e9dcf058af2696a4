/**
 * The last rows of figures, in one typed array that is overwritten from its start when it is full: 900
 * rows of 26 doubles are 187 KB for as long as the server runs, and nothing for the garbage collector.
 */
import { COLUMNS } from "./columns.ts";
import type { Column } from "./columns.ts";

/** NaN in the array, null for readers: there was nothing to measure. */
export type Figure = number | null;

export class Ring {
  readonly #rows: Float64Array;
  readonly #rowsMax: number;
  #count = 0;

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
    this.#rows = new Float64Array(rowsMax * COLUMNS.length);
  }

  /** Rows pushed since the start; the last one has this number less one. */
  get count(): number {
    return this.#count;
  }

  /** Copies a row. */
  push(row: Float64Array): void {
    this.#rows.set(row, (this.#count % this.#rowsMax) * COLUMNS.length);
    this.#count += 1;
  }

  /** The rows from a number on, or those of them that are still kept, by column. */
  since(first: number): Record<Column, Figure[]> {
    const from = Math.max(first, this.#count - this.#rowsMax, 0);
    const columns = COLUMNS.map((name, column) => {
      const values: Figure[] = [];
      for (let at = from; at < this.#count; at++) {
        values.push(figureOf(this.#rows[(at % this.#rowsMax) * COLUMNS.length + column]));
      }
      return [name, values] as const;
    });
    return Object.fromEntries(columns) as Record<Column, Figure[]>;
  }
}

/** By column, as it is sent. */
export function figuresOf(row: Float64Array): Record<Column, Figure> {
  const figures = COLUMNS.map((name, column) => [name, figureOf(row[column])] as const);
  return Object.fromEntries(figures) as Record<Column, Figure>;
}

/** Six digits are more than any chart shows, and a third of the text. */
function figureOf(value = NaN): Figure {
  if (Number.isNaN(value)) return null;
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}
