/** The head of a column that its table can be sorted by. */
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import table from "./table.module.css";

export interface Sorting<Column extends string> {
  readonly by: Column;
  readonly isDescending: boolean;
}

interface Props<Column extends string> {
  readonly column: Column;
  readonly label: string;
  readonly sorting: Sorting<Column>;
  readonly onSort: (sorting: Sorting<Column>) => void;
  readonly isNumber?: boolean;
}

export function SortHeader<Column extends string>(props: Props<Column>): ReactNode {
  const { column, label, sorting, onSort, isNumber = false } = props;
  const isActive = sorting.by === column;
  const isDescending = isActive ? !sorting.isDescending : isNumber;
  const order = sorting.isDescending ? "descending" : "ascending";
  const Icon = sorting.isDescending ? IconChevronDown : IconChevronUp;
  return (
    <th
      scope="col"
      className={isNumber ? table.number : undefined}
      aria-sort={isActive ? order : undefined}
    >
      <button
        type="button"
        className={table.sort}
        onClick={() => onSort({ by: column, isDescending })}
      >
        {label}
        {isActive ? <Icon size={13} aria-hidden="true" /> : null}
      </button>
    </th>
  );
}
