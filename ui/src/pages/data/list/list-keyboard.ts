/**
 * The keyboard in the list, as in the tree pattern of the ARIA Authoring Practices: arrows, Home, End,
 * pages; right and left open and close folders; Enter opens; Space and Shift select.
 */
import type { KeyboardEvent } from "react";
import type { KeyTree, Row } from "../keys/key-tree.ts";
import type { KeyListProps } from "./key-list.tsx";
import { placeOf, rowNumber, selectTo, toggleRow } from "./places.ts";
import type { Place } from "./places.ts";
import { ROW_PX } from "./row.tsx";

export interface KeyboardProps extends KeyListProps {
  readonly active: Place | null;
  readonly setActive: (place: Place) => void;
  readonly showRow: (row: number) => void;
}

export function useListKeyboard(props: KeyboardProps): (event: KeyboardEvent) => void {
  return (event) => {
    const isMod = event.ctrlKey || event.metaKey;
    if (event.altKey || (isMod && event.key !== "a")) return;
    const isTaken = move(props, event) || act(props, event, isMod);
    if (isTaken) event.preventDefault();
  };
}

/** Goes to another row, selecting on the way with Shift. */
function move(props: KeyboardProps, event: KeyboardEvent): boolean {
  const { source, active, scrollerRef, selection, setActive, showRow } = props;
  const { tree } = source;
  const at = active === null ? -1 : rowNumber(tree, active);
  const pageRows = Math.max(1, Math.floor((scrollerRef.current?.clientHeight ?? 0) / ROW_PX) - 1);
  const to = target(event.key, at, pageRows, tree);
  if (to === null) return false;
  const last = tree.rowCount - 1;
  if (to > last) void source.more();
  const bounded = Math.max(0, Math.min(last, to));
  const row = tree.rowAt(bounded);
  if (row === undefined) return true;
  const from = tree.rowAt(at);
  if (event.shiftKey && selection.anchor === null && from?.kind === "key") {
    selection.anchor = from.key;
  }
  setActive(placeOf(row));
  showRow(bounded);
  if (event.shiftKey) selectTo(source, selection, row);
  return true;
}

function target(key: string, at: number, pageRows: number, tree: KeyTree): number | null {
  const row = tree.rowAt(at);
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return at + pageRows;
    case "PageUp":
      return at - pageRows;
    case "Home":
      return 0;
    case "End":
      return tree.rowCount - 1;
    case "ArrowRight":
      return row?.kind === "folder" && row.folder.isOpen ? at + 1 : null;
    case "ArrowLeft":
      return row === undefined || isOpenFolder(row) ? null : parentRow(row, tree);
    default:
      return null;
  }
}

function isOpenFolder(row: Row): boolean {
  return row.kind === "folder" && row.folder.isOpen;
}

function parentRow(row: Row, tree: KeyTree): number | null {
  const prefix = row.kind === "key" ? row.prefix : (row.folder.parent?.prefix ?? "");
  return prefix === "" ? null : tree.rowOfFolder(prefix);
}

/** Does something with the row, or with all of them. */
function act(props: KeyboardProps, event: KeyboardEvent, isMod: boolean): boolean {
  const { source, selection, active, onOpen, onDelete } = props;
  if (event.key === "a" && isMod) {
    selection.addAll(source.tree.keysIn(""));
    return true;
  }
  const row = active === null ? undefined : source.tree.rowAt(rowNumber(source.tree, active));
  switch (event.key) {
    case "Escape":
      if (selection.size === 0) return false;
      selection.clear();
      return true;
    case "Delete":
    case "Backspace": {
      const keys = selection.size > 0 ? selection.keys() : row?.kind === "key" ? [row.key] : [];
      if (keys.length > 0) onDelete(keys);
      return keys.length > 0;
    }
    case " ":
      if (row !== undefined) toggleRow(source, selection, row);
      return true;
    case "Enter":
      if (row?.kind === "key") onOpen(row.key);
      else if (row !== undefined) source.setOpen(row.folder.prefix, !row.folder.isOpen);
      return row !== undefined;
    case "ArrowRight":
    case "ArrowLeft":
      if (row?.kind === "folder") source.setOpen(row.folder.prefix, event.key === "ArrowRight");
      return true;
    default:
      return false;
  }
}
