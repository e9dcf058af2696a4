/** The value of one key: to look at, to change, to be told of what others do to it. */
import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useShortcuts } from "../../../app/shortcuts.ts";
import { useDraft } from "../../../lib/drafts.ts";
import { explain } from "../../../lib/explain.ts";
import type { Address, Go, View } from "../address.ts";
import { Conflict } from "./conflict.tsx";
import { draftId, draftOf, isUnchanged, readDraft, viewsOf } from "./entry.ts";
import type { Draft, Entry } from "./entry.ts";
import { ReplaceDialog } from "./replace-dialog.tsx";
import { useEntry } from "./use-entry.ts";
import { useSave } from "./use-save.ts";
import { ValueBanner } from "./value-banner.tsx";
import { ValueBar } from "./value-bar.tsx";
import { ValueBody } from "./value-body.tsx";
import { ValueHead } from "./value-head.tsx";
import classes from "./value-panel.module.css";

interface Props {
  readonly address: Address;
  readonly name: string;
  readonly go: Go;
  readonly onGone: (key: string) => void;
  readonly onThere: (key: string) => void;
  readonly onDelete: (key: string, version: number | null) => void;
  readonly onDuplicate: (entry: Entry) => void;
  readonly onCreate: () => void;
}

export function ValuePanel(props: Props): ReactNode {
  const { address, name, go, onGone, onThere, onDelete, onDuplicate } = props;
  const { namespace } = address;
  const { data, error, isFetching, refetch, put } = useEntry(namespace, name);
  const entry = data ?? null;
  const [draft, setDraft] = useDraft(draftId(namespace, name), readDraft);
  const [file, setFile] = useState<File | null>(null);
  const reload = (): void => void refetch();
  const saving = useSave(namespace, name, (saved) => {
    put(saved);
    setDraft(undefined);
    onThere(name);
  });
  const views = entry === null ? (["text"] as const) : viewsOf(entry);
  const view = draft?.view ?? pickView(address.view, views);
  const edit = (): void => {
    if (entry === null || draft !== undefined) return;
    const text = view === "hex" ? views.find((each) => each !== "hex") : view;
    if (text !== undefined) setDraft(draftOf(entry, text));
  };
  const discard = (): void => {
    saving.dismiss();
    setDraft(undefined);
    if (data === null) onGone(name);
  };
  const save = (): void => {
    if (draft === undefined || saving.state.phase === "saving") return;
    const isSame = entry?.version === draft.baseVersion && isUnchanged(draft, entry);
    if (isSame) discard();
    else void saving.save(draft);
  };
  const remove = (): void => onDelete(name, entry?.version ?? null);
  useShortcuts(
    entry === null
      ? []
      : [
          { key: "e", label: "Edit the value", run: edit },
          { key: "Delete", label: "Delete the key", run: remove },
        ],
  );
  const back = (): void => go({ key: null, view: null });
  return (
    <section className={classes.panel} aria-label="Value">
      <ValueHead
        namespace={namespace}
        name={name}
        entry={entry}
        onBack={back}
        onChanged={reload}
        onDelete={remove}
        onDuplicate={() => entry !== null && onDuplicate(entry)}
        onReplace={setFile}
      />
      {draft === undefined && entry === null ? (
        <Missing
          {...props}
          isLoading={data === undefined && error === null}
          error={error}
          retry={reload}
        />
      ) : (
        <>
          <ValueBar
            {...{ namespace, name, entry, draft, views, view, saving }}
            isStale={error !== null && !isFetching}
            onView={(next) => go({ view: next }, { replace: true })}
            onEdit={edit}
            onSave={save}
            onDiscard={discard}
            onKind={(kind) => draft !== undefined && setDraft({ ...draft, kind })}
            onChanged={reload}
          />
          <ValueBanner
            draft={draft}
            entry={data}
            saving={saving}
            onCompare={() => draft !== undefined && void saving.save(draft)}
          />
          <ValueBody
            key={`${namespace}\n${name}`}
            entry={entry}
            draft={draft}
            view={view}
            onChange={(text) => draft !== undefined && setDraft({ ...draft, text })}
            onSave={save}
            onEscape={() => {
              if (draft !== undefined && entry !== null && isUnchanged(draft, entry)) discard();
            }}
          />
        </>
      )}
      {saving.state.phase === "conflict" && draft !== undefined ? (
        <Conflict
          mine={draft}
          theirs={saving.state.theirs}
          onClose={saving.dismiss}
          onSave={(merged, theirs) => void saveMerged(merged, theirs)}
          onTakeTheirs={(theirs) => {
            put(theirs);
            discard();
            if (theirs === null) onGone(name);
          }}
        />
      ) : null}
      {file !== null && entry !== null ? (
        <ReplaceDialog
          {...{ namespace, name, entry, file }}
          onClose={() => setFile(null)}
          onDone={reload}
        />
      ) : null}
    </section>
  );

  /** What was merged is the draft now: should this fail too, it is not lost. */
  async function saveMerged(merged: Draft, theirs: Entry | null): Promise<void> {
    const baseVersion = theirs?.version ?? null;
    setDraft({ ...merged, baseVersion });
    await saving.save(merged, baseVersion);
  }
}

function pickView(wanted: View | null, views: readonly View[]): View {
  return wanted !== null && views.includes(wanted) ? wanted : views[0]!;
}

interface MissingProps extends Props {
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

function Missing({ name, isLoading, error, retry, go, onCreate }: MissingProps): ReactNode {
  if (isLoading) return <div className={classes.body} aria-busy="true" />;
  if (error !== null) {
    return (
      <div className={classes.message} role="alert">
        <h2>The value could not be read</h2>
        <p>{explain(error)}</p>
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      </div>
    );
  }
  const isDoubtful = name.includes("\ufffd");
  return (
    <div className={classes.message} role="status">
      <h2>There is no such key</h2>
      <p>
        {isDoubtful
          ? "Its name has bytes in it that are not UTF-8, which only the Redis protocol can express. " +
            "Read it with a Redis client."
          : "It was deleted, or has expired, or has never been there."}
      </p>
      <div className={classes.actions}>
        {isDoubtful ? null : <Button onClick={onCreate}>Create it</Button>}
        <Button variant="default" onClick={() => go({ key: null, view: null })}>
          Back to the list
        </Button>
      </div>
    </div>
  );
}
