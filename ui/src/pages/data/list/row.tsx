/** One row of the tree. It takes plain values, so that scrolling draws new rows alone. */
import { IconCheck, IconChevronRight } from "@tabler/icons-react";
import { memo } from "react";
import type { ReactNode } from "react";
import { DataText } from "../../../components/data-text.tsx";
import { formatCount, formatShort } from "../../../lib/format.ts";
import { shorten, visible } from "../../../lib/visible.ts";
import classes from "./key-list.module.css";

export const ROW_PX = 28;
const INDENT_PX = 16;
/** Deeper rows are indented no further: they must stay readable on a phone. */
const INDENTS_MAX = 8;
const NAME_LENGTH_MAX = 300;

interface Props {
  readonly number: number;
  readonly topPx: number;
  /** The part of the key that is shown: what its folder does not say already. */
  readonly label: string;
  readonly depth: number;
  readonly place: number;
  /** -1 while not all are known. */
  readonly siblings: number;
  /** Of a folder; -1 for a key. */
  readonly keyCount: number;
  readonly isOpen: boolean;
  readonly isActive: boolean;
  /** Whether the value beside the list is this key's. */
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly hasDraft: boolean;
}

export const ListRow = memo(function ListRow(props: Props): ReactNode {
  const { number, topPx, label, depth, place, siblings, keyCount } = props;
  const isFolder = keyCount >= 0;
  const state = isFolder ? { "aria-expanded": props.isOpen } : {};
  const name = visible(shorten(label, NAME_LENGTH_MAX));
  return (
    <div
      id={rowId(number)}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={props.isSelected}
      aria-current={props.isCurrent ? "true" : undefined}
      aria-label={
        isFolder
          ? `${name}, ${formatCount(keyCount)} ${keyCount === 1 ? "key" : "keys"}`
          : name || "(no name)"
      }
      {...state}
      className={classes.row}
      data-row={number}
      data-active={props.isActive}
      data-folder={isFolder}
      style={{
        transform: `translateY(${topPx}px)`,
        paddingLeft: 8 + Math.min(depth, INDENTS_MAX) * INDENT_PX,
      }}
    >
      <span className={classes.check} data-check="" data-checked={props.isSelected}>
        {props.isSelected ? <IconCheck size={12} stroke={3} /> : null}
      </span>
      {isFolder ? (
        <IconChevronRight size={14} className={classes.chevron} data-open={props.isOpen} />
      ) : (
        <span className={classes.dot} />
      )}
      {label === "" ? (
        <span className={classes.nameless}>(ends with the separator)</span>
      ) : (
        <DataText text={label} className={classes.name} />
      )}
      {props.hasDraft ? (
        <span className={classes.draft} title="Changes that are not saved" />
      ) : null}
      {isFolder ? <span className={classes.count}>{formatShort(keyCount)}</span> : null}
    </div>
  );
});

export function rowId(number: number): string {
  return `key-row-${number}`;
}
