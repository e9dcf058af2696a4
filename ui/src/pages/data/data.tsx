/** The Data page: a list of keys beside the value of one. */
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useShortcuts } from "../../app/shortcuts.ts";
import { drafts } from "../../lib/drafts.ts";
import { useAddress } from "./address.ts";
import { BulkDialog } from "./bulk/bulk-dialogs.tsx";
import type { BulkAction } from "./bulk/bulk-dialogs.tsx";
import { deleteWithUndo, pendingDeletes } from "./bulk/deleting.tsx";
import classes from "./data.module.css";
import { DuplicateDialog } from "./duplicate.tsx";
import { noteKey, useKeySource } from "./keys/use-key-source.ts";
import { ListPane } from "./list/list-pane.tsx";
import { Selection } from "./list/selection.ts";
import { NewKeyDialog } from "./new-key.tsx";
import { draftPrefix } from "./value/entry.ts";
import type { Entry } from "./value/entry.ts";
import { NoKey } from "./value/no-key.tsx";
import { ValuePanel } from "./value/value-panel.tsx";

type Open =
  | { readonly what: "nothing" }
  | { readonly what: "new"; readonly key: string }
  | { readonly what: "duplicate"; readonly name: string; readonly entry: Entry }
  | { readonly what: "bulk"; readonly action: BulkAction; readonly keys: readonly string[] };

const NOTHING: Open = { what: "nothing" };

export default function Data(): ReactNode {
  const [address, go] = useAddress();
  const { namespace, prefix, separator, key } = address;
  const listing = useKeySource(namespace, prefix, separator);
  const { source } = listing;
  const selection = useMemo(() => new Selection(), [namespace, prefix]);
  const [open, setOpen] = useState<Open>(NOTHING);
  const searchRef = useRef<HTMLInputElement>(null);
  const scrollerRef = useRef<HTMLDivElement>(null);
  const draftKeys = useDraftKeys(namespace);
  useFragileDrafts();
  const close = (): void => setOpen(NOTHING);
  const openNew = (name = ""): void => setOpen({ what: "new", key: name });
  const show = (toNamespace: string, name: string): void => {
    close();
    if (toNamespace === namespace) source.add(name);
    go({ namespace: toNamespace, key: name, view: null });
  };
  const hide = (keys: readonly string[]): void => {
    for (const each of keys) source.remove(each);
    selection.removeAll(keys);
    if (key !== null && keys.includes(key)) go({ key: null, view: null }, { replace: true });
  };
  const remove = (keys: readonly string[], version: number | null = null): void => {
    const doomed = keys.map((each) => ({ namespace, key: each, version }));
    if (!pendingDeletes.fits(doomed)) {
      setOpen({ what: "bulk", action: "delete", keys });
      return;
    }
    hide(keys);
    // Into the listing that is in view by then.
    const restore = (): void => {
      for (const each of keys) noteKey(namespace, each);
    };
    deleteWithUndo(doomed, { onRestore: restore });
    scrollerRef.current?.focus();
  };
  useShortcuts([
    { key: "/", label: "Search keys", run: () => searchRef.current?.select() },
    { key: "n", label: "New key", run: openNew },
    { key: "r", label: "Read the list anew", run: listing.refresh },
  ]);
  return (
    <div className={classes.page} data-shows={key === null ? "list" : "value"}>
      <VisuallyHidden component="h1">Data</VisuallyHidden>
      <ListPane
        {...{ address, go, listing, selection, draftKeys, searchRef, scrollerRef }}
        onOpen={(name) => go({ key: name, view: null })}
        onNew={() => openNew()}
        onDelete={remove}
        onBulk={(action) => setOpen({ what: "bulk", action, keys: selection.keys() })}
      />
      {key === null ? (
        <NoKey hasKeys={source.tree.keyCount > 0} />
      ) : (
        <ValuePanel
          key={`${namespace}\n${key}`}
          address={address}
          name={key}
          go={go}
          onGone={(name) => hide([name])}
          onThere={(name) => source.add(name)}
          onDelete={(name, version) => remove([name], version)}
          onDuplicate={(entry) => setOpen({ what: "duplicate", name: key, entry })}
          onCreate={() => openNew(key)}
        />
      )}
      {open.what === "new" ? (
        <NewKeyDialog
          namespace={namespace}
          initialKey={open.key === "" ? prefix : open.key}
          onClose={close}
          onMade={show}
        />
      ) : null}
      {open.what === "duplicate" ? (
        <DuplicateDialog
          {...{ namespace, name: open.name, entry: open.entry }}
          onClose={close}
          onMade={show}
        />
      ) : null}
      {open.what === "bulk" ? (
        <BulkDialog
          {...{ namespace, action: open.action, keys: open.keys }}
          onClose={close}
          onDeleted={hide}
        />
      ) : null}
    </div>
  );
}

/** Keys of the namespace with changes that are not saved. */
function useDraftKeys(namespace: string): ReadonlySet<string> {
  const prefix = draftPrefix(namespace);
  const joined = useSyncExternalStore(drafts.subscribe, () =>
    JSON.stringify(drafts.ids().filter((id) => id.startsWith(prefix))),
  );
  return useMemo(() => {
    const ids = JSON.parse(joined) as string[];
    return new Set(ids.map((id) => id.slice(prefix.length)));
  }, [joined, prefix]);
}

/** Asks before the page is left when something that was typed is too large to be kept over that. */
function useFragileDrafts(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (drafts.isFragile) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}
