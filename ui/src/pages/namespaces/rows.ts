/** Statistics by name as rows, and their order. */
import type { Sorting } from "../../components/sort-header.tsx";
import type { NamespaceStats } from "../../lib/server.ts";

export interface Row {
  readonly name: string;
  readonly keys: number;
  readonly bytes: number;
  readonly reads: number;
  /** Null when nothing was read. */
  readonly hitRatio: number | null;
  readonly evictions: number;
}

export type Column = keyof Row;

export function rowsOf(namespaces: Readonly<Record<string, NamespaceStats>>): Row[] {
  return Object.entries(namespaces).map(([name, stats]) => {
    const reads = stats.cache_hits + stats.cache_misses;
    return {
      name,
      keys: stats.total_keys,
      bytes: stats.bytes,
      reads,
      hitRatio: reads === 0 ? null : stats.cache_hits / reads,
      evictions: stats.evictions,
    };
  });
}

/** Rows without a value come last, whichever way; equal ones by name. */
export function sorted(rows: readonly Row[], { by, isDescending }: Sorting<Column>): Row[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const order = compare(a[by], b[by], sign);
    return order === 0 ? compare(a.name, b.name, 1) : order;
  });
}

function compare(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (a === b) return 0;
  return a < b ? -sign : sign;
}
