/** The Console page: requests by form or by command line, and what comes back. */
import { Button, VisuallyHidden } from "@mantine/core";
import { useEffect, useReducer, useRef } from "react";
import type { ReactNode } from "react";
import { navigate, useSearch } from "wouter/use-browser-location";
import { useShortcuts } from "../../app/shortcuts.ts";
import { useDraft } from "../../lib/drafts.ts";
import { BASE } from "../../lib/links.ts";
import { CommandInput } from "./command-input.tsx";
import { parseCommand } from "./command-line.ts";
import classes from "./console.module.css";
import { ITEMS_MAX, nextId, prepare, send } from "./exchange.ts";
import type { Exchange, Item } from "./exchange.ts";
import { EMPTY_FORM, FORMS, readForm } from "./form.ts";
import type { FormName, FormState } from "./form.ts";
import type { Operation } from "./operations.ts";
import { OutputItem } from "./output.tsx";
import { RequestForm } from "./request-form.tsx";
import { NO_SINGLE_REQUEST } from "./snippets-view.tsx";

const NAMESPACE = /^[A-Za-z0-9._:-]{1,64}$/;

/** Kept while another page of the console is looked at. */
let kept: readonly Item[] = [];

type Change =
  | { readonly what: "add"; readonly item: Item }
  | { readonly what: "settle"; readonly exchange: Exchange }
  | { readonly what: "clear" };

function reduce(items: readonly Item[], change: Change): readonly Item[] {
  switch (change.what) {
    case "add":
      return [...items, change.item].slice(-ITEMS_MAX);
    case "settle":
      return items.map((each): Item => {
        const isIt = each.kind === "exchange" && each.exchange.id === change.exchange.id;
        return isIt ? { kind: "exchange", exchange: change.exchange } : each;
      });
    case "clear":
      return [];
  }
}

export default function Console(): ReactNode {
  const { form, namespace, go } = useConsoleAddress();
  const [stored, setStored] = useDraft("console-form", readForm);
  const [line = "", setLine] = useDraft("console-line", readLine);
  const state = stored ?? EMPTY_FORM;
  const [items, change] = useReducer(reduce, kept);
  const inputRef = useRef<HTMLInputElement>(null);
  const outputRef = useFollowedEnd(items);
  useEffect(() => {
    kept = items;
  }, [items]);
  useLinkedKey(state, setStored);
  const say = (said: string, fault: string | null): void =>
    change({ what: "add", item: { kind: "line", id: nextId(), line: said, fault } });
  const run = async (operation: Operation): Promise<void> => {
    const exchange = prepare(operation, namespace);
    if (exchange === null) {
      say("", NO_SINGLE_REQUEST);
      return;
    }
    change({ what: "add", item: { kind: "exchange", exchange } });
    change({ what: "settle", exchange: await send(exchange) });
  };
  const enter = (entered: string): void => {
    const command = parseCommand(entered);
    if (command.kind === "nothing") return;
    setLine(undefined);
    if (command.kind === "clear") change({ what: "clear" });
    else if (command.kind === "help") {
      change({ what: "add", item: { kind: "help", id: nextId() } });
    } else if (command.kind === "fault") {
      say(entered, command.message);
      setLine(entered);
    } else if (command.kind === "operation") void run(command.operation);
    else if (NAMESPACE.test(command.name)) {
      go({ namespace: command.name });
      say(entered, null);
    } else say(entered, "A namespace is 1 to 64 of letters, digits and . _ : -");
  };
  useShortcuts([
    { key: "/", label: "Go to the command line", run: () => inputRef.current?.focus() },
    { key: null, label: "Empty the output", run: () => change({ what: "clear" }) },
  ]);
  return (
    <div className={classes.page}>
      <VisuallyHidden component="h1">Console</VisuallyHidden>
      <RequestForm
        {...{ form, state, namespace }}
        onForm={(next) => go({ form: next })}
        onChange={(part) => setStored({ ...state, ...part })}
        onNamespace={(next) => go({ namespace: next })}
        onSend={(operation) => void run(operation)}
      />
      <section className={classes.session} aria-label="Output">
        <div
          ref={outputRef}
          className={classes.output}
          role="log"
          aria-label="Requests and answers"
          tabIndex={0}
        >
          {items.length === 0 ? <Welcome onTry={setLine} inputRef={inputRef} /> : null}
          {items.map((item) => (
            <OutputItem key={item.kind === "exchange" ? item.exchange.id : item.id} item={item} />
          ))}
        </div>
        <CommandInput
          namespace={namespace}
          value={line}
          onChange={setLine}
          onEnter={enter}
          inputRef={inputRef}
        />
      </section>
    </div>
  );
}

interface WelcomeProps {
  readonly onTry: (line: string) => void;
  readonly inputRef: { readonly current: HTMLInputElement | null };
}

const EXAMPLES = [
  'SET user:1 {"name": "Ada"} EX 3600',
  "GET user:1",
  "INCR visits 10",
  "LIST user:",
];

function Welcome({ onTry, inputRef }: WelcomeProps): ReactNode {
  return (
    <div className={classes.welcome}>
      <h2>What is sent and what comes back is shown here</h2>
      <p>Fill in a form, or type a command below. To begin with:</p>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example}>
            <Button
              variant="default"
              className={classes.example}
              onClick={() => {
                onTry(example);
                inputRef.current?.focus();
              }}
            >
              {example}
            </Button>
          </li>
        ))}
      </ul>
      <p>HELP lists all commands.</p>
    </div>
  );
}

interface ConsoleAddress {
  readonly form: FormName;
  readonly namespace: string;
  readonly go: (change: { readonly form?: FormName; readonly namespace?: string }) => void;
}

/** `/ui/console?op=get&ns=shop`: each form has an address, and back goes to the one before. */
function useConsoleAddress(): ConsoleAddress {
  const query = new URLSearchParams(useSearch());
  const wanted = query.get("op");
  const form = FORMS.find(({ op }) => op === wanted)?.op ?? "set";
  const namespace = query.get("ns") ?? "default";
  const go: ConsoleAddress["go"] = (change) => {
    const next = new URLSearchParams(window.location.search);
    next.delete("key");
    if (change.form !== undefined) next.set("op", change.form);
    if (change.namespace !== undefined) next.set("ns", change.namespace);
    // A name that is being typed is not worth a step back.
    const replace = change.namespace !== undefined;
    navigate(`${BASE}/console?${next.toString()}`, { replace });
  };
  return { form, namespace, go };
}

/** A link may name the key: `?op=get&key=user:1`. */
function useLinkedKey(state: FormState, setState: (state: FormState) => void): void {
  useEffect(() => {
    const key = new URLSearchParams(window.location.search).get("key");
    if (key !== null) setState({ ...state, key });
    // Once, when the page is opened.
  }, []);
}

/** Keeps the end of the output in view as more comes in. */
function useFollowedEnd(items: readonly Item[]) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const output = ref.current;
    if (output !== null) output.scrollTop = output.scrollHeight;
  }, [items]);
  return ref;
}

function readLine(stored: unknown): string | undefined {
  return typeof stored === "string" ? stored : undefined;
}
