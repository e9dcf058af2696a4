/** The left side of the page: finding keys. */
import type { ReactNode, RefObject } from "react";
import type { Address, Go } from "../address.ts";
import type { KeyListing } from "../keys/use-key-source.ts";
import { KeyList } from "./key-list.tsx";
import { ListEmpty } from "./list-empty.tsx";
import { ListStatus, SelectionBar } from "./list-foot.tsx";
import { ListHead } from "./list-head.tsx";
import classes from "./list-pane.module.css";
import { useSelectionVersion } from "./selection.ts";
import type { Selection } from "./selection.ts";
import type { BulkAction } from "../bulk/bulk-dialogs.tsx";

interface Props {
  readonly address: Address;
  readonly go: Go;
  readonly listing: KeyListing;
  readonly selection: Selection;
  readonly draftKeys: ReadonlySet<string>;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly scrollerRef: RefObject<HTMLDivElement | null>;
  readonly onOpen: (key: string) => void;
  readonly onNew: () => void;
  readonly onDelete: (keys: readonly string[]) => void;
  readonly onBulk: (action: BulkAction) => void;
}

export function ListPane(props: Props): ReactNode {
  const { address, go, listing, selection, onNew, onDelete, onBulk, onOpen, scrollerRef } = props;
  const { source, status } = listing;
  useSelectionVersion(selection);
  const loaded = source.tree.keyCount;
  const isEmpty = loaded === 0 && (status.phase === "failed" || status.isComplete);
  const leaveSearch = (opensFirst: boolean): void => {
    scrollerRef.current?.focus();
    const exact = source.tree.has(address.prefix) ? address.prefix : null;
    const row = source.tree.rowAt(0);
    const only = loaded === 1 && row?.kind === "key" ? row.key : null;
    if (opensFirst && (exact ?? only) !== null) onOpen((exact ?? only)!);
  };
  return (
    <section className={classes.pane} aria-label="Keys">
      <ListHead
        address={address}
        go={go}
        onNew={onNew}
        onRefresh={listing.refresh}
        searchRef={props.searchRef}
        onLeaveSearch={leaveSearch}
      />
      {isEmpty ? (
        <ListEmpty
          namespace={address.namespace}
          prefix={address.prefix}
          error={status.phase === "failed" ? status.error : null}
          onNew={onNew}
          onRetry={() => void source.more()}
          onClearPrefix={() => go({ prefix: "" })}
        />
      ) : (
        <KeyList
          source={source}
          status={status}
          selection={selection}
          openKey={address.key}
          draftKeys={props.draftKeys}
          onOpen={onOpen}
          onDelete={onDelete}
          scrollerRef={scrollerRef}
        />
      )}
      {selection.size > 0 ? (
        <SelectionBar
          selection={selection}
          loaded={loaded}
          onSelectAll={() => selection.addAll(source.tree.keysIn(""))}
          onDelete={() => onDelete(selection.keys())}
          onTtl={() => onBulk("ttl")}
          onExport={() => onBulk("export")}
        />
      ) : (
        <ListStatus listing={listing} namespace={address.namespace} />
      )}
    </section>
  );
}
