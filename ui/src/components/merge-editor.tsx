/** Two texts side by side with their differences marked; the right one can be edited. */
import { json } from "@codemirror/lang-json";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { baseExtensions } from "./code-editor.tsx";
import classes from "./merge-editor.module.css";

interface Props {
  readonly theirs: string;
  readonly mine: string;
  readonly language: "text" | "json";
  readonly onChange: (merged: string) => void;
}

function named(label: string): Extension[] {
  return [EditorView.contentAttributes.of({ "aria-label": label })];
}

export default function MergeEditor({ theirs, mine, language, onChange }: Props): ReactNode {
  const parent = useRef<HTMLDivElement>(null);
  const listener = useRef(onChange);
  useEffect(() => {
    listener.current = onChange;
  });
  useEffect(() => {
    const common = language === "json" ? [json()] : [];
    const view = new MergeView({
      parent: parent.current!,
      a: {
        doc: theirs,
        extensions: [
          ...baseExtensions(),
          ...named("Theirs"),
          ...common,
          EditorState.readOnly.of(true),
        ],
      },
      b: {
        doc: mine,
        extensions: [
          ...baseExtensions(),
          ...named("Mine, or the merged value"),
          ...common,
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) listener.current(state.doc.sliceString(0, state.doc.length, "\n"));
          }),
        ],
      },
      revertControls: "a-to-b",
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return () => view.destroy();
  }, [theirs, mine, language]);
  return (
    <div className={classes.merge}>
      <div className={classes.heads} aria-hidden="true">
        <span>Theirs</span>
        <span>Mine</span>
      </div>
      <div ref={parent} className={classes.view} />
    </div>
  );
}
