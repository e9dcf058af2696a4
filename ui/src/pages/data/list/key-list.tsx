/**
 * The keys, as a tree or a flat list, of which only the rows in view exist.
 *
 * The keyboard's place in it is a key or folder, not a row: rows move as more keys are loaded, and what
 * is in view must stay where it is. Focus is on the list itself, which names its active row
 * (aria-activedescendant), so that scrolling a row out of existence takes no focus with it.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { MouseEvent, ReactNode, RefObject } from "react";
import type { Row } from "../keys/key-tree.ts";
import type { KeySource, KeySourceStatus } from "../keys/key-source.ts";
import classes from "./key-list.module.css";
import { useListKeyboard } from "./list-keyboard.ts";
import { placeOf, rowNumber, selectTo, toggleRow } from "./places.ts";
import type { Place } from "./places.ts";
import { ListRow, ROW_PX, rowId } from "./row.tsx";
import { useSelectionVersion } from "./selection.ts";
import type { Selection } from "./selection.ts";

const OVERSCAN_ROWS = 12;
/** So close to the end, more keys are fetched. */
const NEAR_END_ROWS = 40;

export interface KeyListProps {
  readonly source: KeySource;
  readonly status: KeySourceStatus;
  readonly selection: Selection;
  /** The key whose value is shown. */
  readonly openKey: string | null;
  readonly draftKeys: ReadonlySet<string>;
  readonly onOpen: (key: string) => void;
  readonly onDelete: (keys: readonly string[]) => void;
  readonly scrollerRef: RefObject<HTMLDivElement | null>;
}

export function KeyList(props: KeyListProps): ReactNode {
  const { source, status, selection, openKey, draftKeys, scrollerRef } = props;
  const { tree } = source;
  useSelectionVersion(selection);
  const [active, setActive] = useState<Place | null>(null);
  const activeRow = active === null ? -1 : rowNumber(tree, active);
  const virtualizer = useVirtualizer({
    count: tree.rowCount,
    getScrollElement: () => scrollerRef.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
  });
  const showRow = useCallback((row: number) => virtualizer.scrollToIndex(row), [virtualizer]);
  const keepPlace = useKeptPlace(props);
  useRevealed(props, showRow, setActive);
  const onKeyDown = useListKeyboard({ ...props, active, setActive, showRow });
  const onClick = useClick(props, setActive);
  const isSelecting = selection.size > 0;
  return (
    <div
      ref={scrollerRef}
      role="tree"
      aria-label="Keys"
      aria-multiselectable="true"
      aria-busy={status.phase === "loading"}
      aria-activedescendant={activeRow < 0 ? undefined : rowId(activeRow)}
      tabIndex={0}
      className={classes.scroller}
      data-selecting={isSelecting}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onScroll={keepPlace}
      onFocus={() => {
        if (activeRow < 0) setActive(placeAt(source, Math.round(virtualizer.scrollOffset ?? 0)));
      }}
    >
      <div role="none" className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = tree.rowAt(index);
          if (row === undefined) return null;
          const key = row.kind === "key" ? row.key : null;
          return (
            <ListRow
              key={index}
              number={index}
              topPx={start}
              label={labelOf(row)}
              depth={row.depth}
              place={row.place}
              siblings={status.isComplete ? row.siblings : -1}
              keyCount={row.kind === "folder" ? row.folder.keyCount : -1}
              isOpen={row.kind === "folder" && row.folder.isOpen}
              isActive={index === activeRow}
              isCurrent={key !== null && key === openKey}
              isSelected={key !== null && selection.has(key)}
              hasDraft={key !== null && draftKeys.has(key)}
            />
          );
        })}
      </div>
    </div>
  );
}

function labelOf(row: Row): string {
  if (row.kind === "key") return row.key.slice(row.prefix.length);
  return row.folder.prefix.slice(row.folder.parent?.prefix.length ?? 0);
}

function placeAt({ tree }: KeySource, offsetPx: number): Place | null {
  const row = tree.rowAt(Math.ceil(offsetPx / ROW_PX));
  return row === undefined ? null : placeOf(row);
}

/**
 * Keeps the first row in view where it is while others come in above it, and fetches more keys when
 * somebody scrolls to the end. Returns what to do on scrolling.
 */
function useKeptPlace({ source, scrollerRef }: KeyListProps): () => void {
  const kept = useRef<{ readonly place: Place; readonly row: number } | null>(null);
  const isOwnScroll = useRef(false);
  useLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (scroller === null || kept.current === null || scroller.scrollTop === 0) return;
    const row = rowNumber(source.tree, kept.current.place);
    const shift = row < 0 ? 0 : row - kept.current.row;
    if (shift === 0) return;
    kept.current = { place: kept.current.place, row };
    isOwnScroll.current = true;
    scroller.scrollTop += shift * ROW_PX;
  });
  return useCallback(() => {
    const scroller = scrollerRef.current;
    if (scroller === null) return;
    const { tree } = source;
    const first = Math.floor(scroller.scrollTop / ROW_PX);
    const row = tree.rowAt(first);
    kept.current = row === undefined ? null : { place: placeOf(row), row: first };
    // Keys that came in must not by themselves call for yet more of them.
    const isOwn = isOwnScroll.current;
    isOwnScroll.current = false;
    const last = first + Math.ceil(scroller.clientHeight / ROW_PX);
    if (!isOwn && last >= tree.rowCount - NEAR_END_ROWS) void source.more();
  }, [source, scrollerRef]);
}

/** Shows the row of the key that was opened from elsewhere: a link, going back, a new key. */
function useRevealed(
  { source, status, openKey }: KeyListProps,
  showRow: (row: number) => void,
  setActive: (place: Place) => void,
): void {
  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (openKey === null) revealed.current = null;
    if (openKey === null || revealed.current === openKey || !source.tree.has(openKey)) return;
    revealed.current = openKey;
    if (source.tree.rowOfKey(openKey) < 0) source.reveal(openKey);
    setActive(`k${openKey}`);
    requestAnimationFrame(() => {
      const row = source.tree.rowOfKey(openKey);
      if (row >= 0) showRow(row);
    });
  }, [source, status.version, openKey, showRow, setActive]);
}

function useClick(
  { source, selection, onOpen, scrollerRef }: KeyListProps,
  setActive: (place: Place) => void,
): (event: MouseEvent) => void {
  return (event) => {
    const target = event.target as Element;
    const element = target.closest<HTMLElement>("[data-row]");
    const row = source.tree.rowAt(Number(element?.dataset.row ?? -1));
    if (row === undefined) return;
    setActive(placeOf(row));
    scrollerRef.current?.focus({ preventScroll: true });
    const isCheck = target.closest("[data-check]") !== null;
    if (event.shiftKey) selectTo(source, selection, row);
    else if (isCheck || event.ctrlKey || event.metaKey) toggleRow(source, selection, row);
    else if (row.kind === "key") onOpen(row.key);
    else source.setOpen(row.folder.prefix, !row.folder.isOpen);
  };
}
