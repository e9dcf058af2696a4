/**
 * The last 15 minutes as columns, in the form that charts take: one array a figure, the newest last.
 *
 * Arrays are changed in place and handed out as they are, since a chart reads them once a second and
 * copying 25 arrays of 900 numbers that often would be the most that this page does.
 */
import { COLUMNS } from "./types.ts";
import type { Column, HistoryEvent, SampleEvent } from "./types.ts";

const SAMPLES_MAX = 900;
/** Enough for a sparkline. */
const NAMESPACE_SAMPLES_MAX = 300;
export class History {
  readonly #columns = new Map<Column, (number | null)[]>(COLUMNS.map((name) => [name, []]));
  readonly #namespaces = new Map<string, readonly number[]>();

  get length(): number {
    return this.column("time_ms").length;
  }

  /** Valid until the next change; not to be changed by the caller. */
  column(name: Column): (number | null)[] {
    return this.#columns.get(name) ?? [];
  }

  /** The newest figure of each column. */
  last(): Readonly<Record<Column, number | null>> {
    const figures = COLUMNS.map((name) => [name, this.column(name).at(-1) ?? null] as const);
    return Object.fromEntries(figures) as Record<Column, number | null>;
  }

  /** Reads per second of a namespace, oldest first. */
  namespace(name: string): readonly number[] {
    return this.#namespaces.get(name) ?? [];
  }

  /** Adds what is newer than what is there: all of it at first, the gap after a reconnection. */
  join({ columns, namespaces }: HistoryEvent): void {
    const lastMs = this.column("time_ms").at(-1) ?? -Infinity;
    const from = columns.time_ms.findIndex((timeMs) => (timeMs ?? 0) > lastMs);
    if (from >= 0) {
      for (const name of COLUMNS) this.column(name).push(...columns[name].slice(from));
    }
    this.#trim();
    for (const [name, values] of Object.entries(namespaces)) {
      this.#namespaces.set(name, values);
    }
  }

  push({ figures, now }: SampleEvent): void {
    for (const name of COLUMNS) this.column(name).push(figures[name]);
    this.#trim();
    this.#pushNamespaces(now.namespaces);
  }

  clear(): void {
    for (const column of this.#columns.values()) column.length = 0;
    this.#namespaces.clear();
  }

  #trim(): void {
    const surplus = this.length - SAMPLES_MAX;
    if (surplus > 0) for (const column of this.#columns.values()) column.splice(0, surplus);
  }

  #pushNamespaces(figures: SampleEvent["now"]["namespaces"]): void {
    const shown = new Set(figures.map(({ name }) => name));
    for (const name of this.#namespaces.keys()) if (!shown.has(name)) this.#namespaces.delete(name);
    for (const { name, reads_per_second: reads } of figures) {
      this.#namespaces.set(name, [...this.namespace(name), reads].slice(-NAMESPACE_SAMPLES_MAX));
    }
  }
}
