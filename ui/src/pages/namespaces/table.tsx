/** The table of namespaces, sorted as one likes; of very many, the first few hundred until asked. */
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Meter } from "../../components/meter.tsx";
import { SortHeader } from "../../components/sort-header.tsx";
import type { Sorting } from "../../components/sort-header.tsx";
import table from "../../components/table.module.css";
import { formatBytes, formatCount, formatShare } from "../../lib/format.ts";
import { dataOf } from "../../lib/links.ts";
import classes from "./namespaces.module.css";
import { sorted } from "./rows.ts";
import type { Column, Row } from "./rows.ts";

/** More rows than this at once make the page slow, and nobody reads them. */
const ROWS_STEP = 200;

const COLUMNS: readonly (readonly [Column, string])[] = [
  ["name", "Namespace"],
  ["keys", "Keys"],
  ["bytes", "Size"],
  ["reads", "Reads"],
  ["hitRatio", "Hit ratio"],
  ["evictions", "Evicted"],
];

interface Props {
  readonly rows: readonly Row[];
  readonly onClear: (row: Row) => void;
}

export function NamespacesTable({ rows, onClear }: Props): ReactNode {
  const [sorting, setSorting] = useState<Sorting<Column>>({ by: "bytes", isDescending: true });
  const [shown, setShown] = useState(ROWS_STEP);
  const bytesMax = Math.max(1, ...rows.map(({ bytes }) => bytes));
  const hidden = rows.length - shown;
  return (
    <div className={table.scroll} tabIndex={0} role="region" aria-label="Namespaces, a table">
      <table className={table.table}>
        <thead>
          <tr>
            {COLUMNS.map(([column, label]) => (
              <SortHeader
                key={column}
                column={column}
                label={label}
                sorting={sorting}
                onSort={setSorting}
                isNumber={column !== "name"}
              />
            ))}
            <td aria-hidden="true" />
          </tr>
        </thead>
        <tbody>
          {sorted(rows, sorting)
            .slice(0, shown)
            .map((row) => (
              <NamespaceRow key={row.name} row={row} bytesMax={bytesMax} onClear={onClear} />
            ))}
        </tbody>
      </table>
      {hidden > 0 ? (
        <div className={classes.more}>
          <Button variant="default" onClick={() => setShown(shown + ROWS_STEP)}>
            Show {formatCount(Math.min(hidden, ROWS_STEP))} more of {formatCount(hidden)}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly bytesMax: number;
  readonly onClear: (row: Row) => void;
}

function NamespaceRow({ row, bytesMax, onClear }: RowProps): ReactNode {
  const { name, keys, bytes, reads, hitRatio, evictions } = row;
  return (
    <tr>
      <td>
        <Link href={dataOf(name)} className={`${table.link} ${table.name}`}>
          {name}
        </Link>
      </td>
      <td className={table.number}>{formatCount(keys)}</td>
      <td className={table.number}>
        <div className={classes.size}>
          {formatBytes(bytes)}
          <Meter share={bytes / bytesMax} label={`Size of ${name} beside the largest`} />
        </div>
      </td>
      <td className={table.number}>{formatCount(reads)}</td>
      <td className={table.number}>{formatShare(hitRatio)}</td>
      <td className={table.number}>{formatCount(evictions)}</td>
      <td className={table.number}>
        <Tooltip label="Clear: delete all its keys">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Clear ${name}`}
            disabled={keys === 0}
            onClick={() => onClear(row)}
          >
            <IconTrash size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  );
}
