/** Rows by what they show, which stays when they move, and selecting by them. */
import type { KeySource } from "../keys/key-source.ts";
import type { KeyTree, Row } from "../keys/key-tree.ts";
import type { Selection } from "./selection.ts";

/** `k` and a key, or `f` and the prefix of a folder. */
export type Place = `${"k" | "f"}${string}`;

export function placeOf(row: Row): Place {
  return row.kind === "key" ? `k${row.key}` : `f${row.folder.prefix}`;
}

export function rowNumber(tree: KeyTree, place: Place): number {
  const name = place.slice(1);
  return place.startsWith("k") ? tree.rowOfKey(name) : tree.rowOfFolder(name);
}

/** A folder stands for all keys loaded below it. */
export function toggleRow(source: KeySource, selection: Selection, row: Row): void {
  if (row.kind === "key") {
    selection.toggle(row.key);
    return;
  }
  const keys = [...source.tree.keysIn(row.folder.prefix)];
  if (keys.every((key) => selection.has(key))) selection.removeAll(keys);
  else selection.addAll(keys);
}

/** From where the last selection began to this row. */
export function selectTo({ tree }: KeySource, selection: Selection, row: Row): void {
  const to = rowNumber(tree, placeOf(row));
  const { anchor } = selection;
  const from = anchor === null ? to : tree.rowOfKey(anchor);
  const keys: string[] = [];
  for (let at = Math.min(from, to); at <= Math.max(from, to); at++) {
    const each = tree.rowAt(at);
    if (each?.kind === "key") keys.push(each.key);
  }
  if (anchor === null && row.kind === "key") selection.anchor = row.key;
  selection.addAll(keys);
}
