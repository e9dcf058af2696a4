/**
 * The command line: history with the arrows, completion of commands and keys with Tab.
 *
 * It is a combobox in the sense of ARIA: focus stays in the line, and the list beside it says which of
 * its options is active.
 */
import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { DataText } from "../../components/data-text.tsx";
import { kv } from "../../lib/kv.ts";
import { VERBS, completionAt, quoteWord } from "./command-line.ts";
import type { Completion } from "./command-line.ts";
import classes from "./console.module.css";
import { lineHistory } from "./history.ts";

const KEYS_SHOWN = 12;
const KEY_DELAY_MS = 120;
const LIST_ID = "command-completions";

interface Props {
  readonly namespace: string;
  readonly value: string;
  readonly onChange: (line: string) => void;
  readonly onEnter: (line: string) => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function CommandInput({ namespace, value, onChange, onEnter, inputRef }: Props): ReactNode {
  const [isOpen, setOpen] = useState(false);
  /** -1 until an arrow or Tab has gone to an option. */
  const [active, setActive] = useState(-1);
  const completion = completionAt(value);
  const options = useOptions(completion, namespace, isOpen);
  const isShown = isOpen && options.length > 0;
  const accept = (option: string): void => {
    const { kind, from } = completion;
    const word = kind === "key" ? quoteWord(option) : option;
    onChange(`${value.slice(0, from)}${word} `);
    setActive(-1);
  };
  const recall = (line: string | null): void => {
    setOpen(false);
    if (line !== null) onChange(line);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (event.key === "Tab" && isShown && !event.shiftKey) {
      accept(options[Math.max(0, active)]!);
    } else if (event.key === "Escape" && isShown) {
      setOpen(false);
    } else if (event.key === "Enter") {
      if (isShown && active >= 0) accept(options[active]!);
      else enter();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      if (isShown) setActive(Math.max(-1, Math.min(options.length - 1, active + step)));
      else recall(event.key === "ArrowUp" ? lineHistory.back(value) : lineHistory.forward());
    } else return;
    event.preventDefault();
  };
  const enter = (): void => {
    setOpen(false);
    setActive(-1);
    lineHistory.add(value);
    onEnter(value);
  };
  return (
    <div className={classes.command}>
      {isShown ? (
        <ul id={LIST_ID} role="listbox" aria-label="Completions" className={classes.completions}>
          {options.map((option, at) => (
            <li
              key={option}
              id={`${LIST_ID}-${at}`}
              role="option"
              aria-selected={at === active}
              className={classes.completion}
              onPointerDown={(event) => {
                event.preventDefault();
                accept(option);
              }}
            >
              <DataText text={option} />
              {completion.kind === "verb" ? (
                <span className={classes.completionHelp}>{VERBS[option]?.help}</span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      <label className={classes.prompt} htmlFor="command-line">
        {namespace}&gt;
      </label>
      <input
        ref={inputRef}
        id="command-line"
        className={classes.commandInput}
        role="combobox"
        aria-label={`Command line, in namespace ${namespace}`}
        aria-expanded={isShown}
        aria-controls={isShown ? LIST_ID : undefined}
        aria-activedescendant={isShown && active >= 0 ? `${LIST_ID}-${active}` : undefined}
        aria-autocomplete="list"
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
          setOpen(true);
          setActive(-1);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        placeholder='SET user:1 {"name": "Ada"} EX 3600'
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
    </div>
  );
}

/** Words that are known at once; keys that have to be asked for, a moment after the last letter. */
function useOptions(completion: Completion, namespace: string, isOpen: boolean): readonly string[] {
  const [found, setFound] = useState<{ readonly typed: string; readonly keys: readonly string[] }>({
    typed: "",
    keys: [],
  });
  const isKey = completion.kind === "key" && isOpen;
  const { typed } = completion;
  const asked = useRef<AbortController>(null);
  useEffect(() => {
    if (!isKey) return undefined;
    const timer = setTimeout(() => {
      const controller = new AbortController();
      asked.current = controller;
      kv.namespace(namespace)
        .listPage({ prefix: typed, limit: KEYS_SHOWN, signal: controller.signal })
        .then(({ keys }) => setFound({ typed, keys: [...new Set(keys)].sort() }))
        // Completion is a help: without an answer there is none.
        .catch(() => undefined);
    }, KEY_DELAY_MS);
    return () => {
      clearTimeout(timer);
      asked.current?.abort();
    };
  }, [isKey, typed, namespace]);
  if (!isKey) return completion.kind === "key" ? [] : completion.options;
  return found.keys.filter((key) => key.startsWith(typed) && key !== typed);
}
