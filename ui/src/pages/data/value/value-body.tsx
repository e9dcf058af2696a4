/** The value itself, in the view that was chosen. */
import { Suspense, lazy } from "react";
import type { ReactNode } from "react";
import type { View } from "../address.ts";
import { shownText } from "./entry.ts";
import type { Draft, Entry } from "./entry.ts";
import { HexView } from "./hex-view.tsx";
import classes from "./value-panel.module.css";

const CodeEditor = lazy(() => import("../../../components/code-editor.tsx"));

interface Props {
  readonly entry: Entry | null;
  readonly draft: Draft | undefined;
  readonly view: View;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly onEscape: () => void;
}

export function ValueBody({ entry, draft, view, onChange, onSave, onEscape }: Props): ReactNode {
  const isEditing = draft !== undefined;
  return (
    <div className={classes.body} data-editing={isEditing}>
      {view === "hex" ? (
        entry === null ? null : (
          <HexView bytes={entry.bytes} />
        )
      ) : (
        <Suspense fallback={<div aria-busy="true" />}>
          <CodeEditor
            text={draft?.text ?? (entry === null ? "" : shownText(entry, view))}
            language={view}
            label={isEditing ? "Value, being edited" : "Value"}
            isReadOnly={!isEditing}
            hasFocus={isEditing}
            onChange={onChange}
            onSave={onSave}
            onEscape={onEscape}
          />
        </Suspense>
      )}
    </div>
  );
}
