/**
 * Text of any size, to read and to edit: CodeMirror, which draws only what is in view. Loaded when the
 * first value is shown.
 *
 * What would be invisible (controls, zero-width, marks of writing direction) is drawn as such, and
 * each line has the direction of its own text. Line breaks are taken as they are: text with \r\n in
 * it is the same after editing. Tab moves on, as everywhere; nobody is caught in the editor.
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import {
  HighlightStyle,
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  syntaxHighlighting,
} from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { styleNonce } from "../lib/nonce.ts";
import { visible } from "../lib/visible.ts";
import classes from "./code-editor.module.css";

export interface CodeEditorProps {
  readonly text: string;
  readonly language: "text" | "json";
  readonly label: string;
  readonly isReadOnly: boolean;
  readonly hasFocus?: boolean;
  readonly onChange?: (text: string) => void;
  readonly onSave?: () => void;
  readonly onEscape?: () => void;
  /** For a field in a form, which grows with its text. */
  readonly isField?: boolean;
}

/** Typing in a megabyte would otherwise copy it for each letter. */
const CHANGE_DELAY_MS = 120;
const LARGE_CHARACTERS = 50_000;
/** Beyond the library's own: the rest of what draws nothing, or a space that is no space. */
const MORE_SPECIAL =
  /[\u00a0\u1680\u180e\u2000-\u200a\u202a-\u202f\u205f\u2060-\u2064\u206a-\u206f\u3000]/gu;

export default function CodeEditor(props: CodeEditorProps): ReactNode {
  const { text, language, isReadOnly, hasFocus = false, label } = props;
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const mode = useRef(new Compartment());
  const current = useRef(props);
  useEffect(() => {
    current.current = props;
  });
  useEffect(() => {
    const change = makeReporter(() => current.current.onChange);
    const made = new EditorView({
      parent: parent.current!,
      doc: linesOf(current.current.text),
      extensions: [
        ...baseExtensions(),
        mode.current.of(modeOf(current.current)),
        keymap.of([
          { key: "Mod-s", preventDefault: true, run: () => run(current.current.onSave, change) },
          { key: "Escape", run: () => run(current.current.onEscape, change) },
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) change.note(update.view);
        }),
        EditorView.domEventHandlers({ blur: () => change.flush(), beforeinput: replaceLines }),
      ],
    });
    view.current = made;
    return () => {
      change.flush();
      made.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    view.current?.dispatch({ effects: mode.current.reconfigure(modeOf(current.current)) });
  }, [language, isReadOnly, label]);
  useEffect(() => {
    const made = view.current;
    if (made === null || textIn(made) === text) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: linesOf(text) } });
  }, [text]);
  useEffect(() => {
    if (hasFocus) view.current?.focus();
  }, [hasFocus, isReadOnly]);
  return <div ref={parent} className={props.isField === true ? classes.field : classes.editor} />;
}

/**
 * Typing over several lines: left to the browser, it would merge them with style attributes, which the
 * page's policy forbids and which it would complain of.
 */
function replaceLines(event: InputEvent, view: EditorView): boolean {
  const { state } = view;
  const { from, to } = state.selection.main;
  const isOneLine = state.doc.lineAt(from).to >= to;
  if (event.inputType !== "insertText" || event.data === null || isOneLine) return false;
  if (!state.readOnly)
    view.dispatch(state.replaceSelection(event.data), { userEvent: "input.type" });
  event.preventDefault();
  return true;
}

interface Reporter {
  note(view: EditorView): void;
  flush(): void;
}

/** Tells of small texts at once and of large ones when typing pauses. */
function makeReporter(listener: () => CodeEditorProps["onChange"]): Reporter {
  let noted: EditorView | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    const view = noted;
    noted = null;
    if (view !== null) listener()?.(textIn(view));
  };
  return {
    flush,
    note: (view) => {
      noted = view;
      clearTimeout(timer);
      if (view.state.doc.length < LARGE_CHARACTERS) flush();
      else timer = setTimeout(flush, CHANGE_DELAY_MS);
    },
  };
}

function run(action: (() => void) | undefined, change: Reporter): boolean {
  change.flush();
  action?.();
  return action !== undefined;
}

/** Only \n separates lines; \r stays a character of the text. */
function linesOf(text: string) {
  return EditorState.create({ extensions: EditorState.lineSeparator.of("\n") }).toText(text);
}

function textIn({ state }: EditorView): string {
  return state.doc.sliceString(0, state.doc.length, "\n");
}

export function baseExtensions(): Extension[] {
  return [
    EditorView.cspNonce.of(styleNonce()),
    EditorState.lineSeparator.of("\n"),
    EditorView.lineWrapping,
    EditorView.perLineTextDirection.of(true),
    EditorView.contentAttributes.of({ spellcheck: "false" }),
    lineNumbers(),
    highlightSpecialChars({ addSpecialChars: MORE_SPECIAL, render: drawSpecial }),
    history(),
    drawSelection(),
    bracketMatching(),
    search({ top: true }),
    syntaxHighlighting(HIGHLIGHT),
    THEME,
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap]),
  ];
}

function modeOf({ language, isReadOnly, label }: CodeEditorProps): Extension[] {
  return [
    EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-readonly": String(isReadOnly),
    }),
    ...(isReadOnly ? [] : [highlightActiveLine()]),
    ...(language === "json" ? [json(), codeFolding(), foldGutter()] : []),
    ...(language === "json" && !isReadOnly ? [linter(jsonParseLinter())] : []),
  ];
}

/** In place of a character that draws nothing, what it is. */
function drawSpecial(code: number, description: string | null): HTMLElement {
  const drawn = document.createElement("span");
  drawn.className = "cm-specialChar";
  drawn.textContent = visible(String.fromCodePoint(code));
  drawn.title = description ?? "";
  return drawn;
}

const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--kv-code-name)" },
  { tag: tags.string, color: "var(--kv-code-string)" },
  { tag: tags.number, color: "var(--kv-code-number)" },
  { tag: [tags.bool, tags.null], color: "var(--kv-code-atom)" },
  { tag: tags.punctuation, color: "var(--kv-muted)" },
]);

const THEME = EditorView.theme({
  "&": { height: "100%", fontSize: "12.5px", color: "var(--kv-text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    fontVariantLigatures: "none",
    lineHeight: "1.6",
    overflow: "auto",
  },
  ".cm-content": { padding: "10px 0", caretColor: "var(--kv-text)" },
  ".cm-line": { padding: "0 14px 0 6px" },
  ".cm-gutters": {
    background: "transparent",
    color: "var(--kv-muted)",
    border: "none",
    paddingLeft: "4px",
  },
  ".cm-activeLine, .cm-activeLineGutter": {
    background: "color-mix(in srgb, var(--kv-accent) 5%, transparent)",
  },
  ".cm-cursor": { borderLeftColor: "var(--kv-text)" },
  ".cm-selectionBackground": {
    background: "color-mix(in srgb, var(--kv-accent) 22%, transparent) !important",
  },
  ".cm-specialChar": {
    background: "color-mix(in srgb, var(--kv-warn) 13%, transparent)",
    borderRadius: "3px",
    color: "var(--kv-warn)",
    fontSize: "0.9em",
  },
  ".cm-panels": { background: "var(--kv-sunken)", color: "var(--kv-text)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--kv-line)" },
  ".cm-foldPlaceholder": {
    background: "var(--kv-sunken)",
    border: "1px solid var(--kv-line-strong)",
    color: "var(--kv-muted)",
  },
  ".cm-tooltip": {
    background: "var(--kv-surface)",
    border: "1px solid var(--kv-line-strong)",
    color: "var(--kv-text)",
  },
});
