/** The form for a new key. What is typed stays until the key is made, whatever happens in between. */
import {
  Button,
  Checkbox,
  FileInput,
  Group,
  SegmentedControl,
  Text,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { rawJson } from "pykv/client";
import { Suspense, lazy, useState } from "react";
import type { SubmitEvent, ReactNode } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { TtlField } from "../../components/ttl-field.tsx";
import type { TtlText } from "../../components/ttl-field.tsx";
import { parseTtl } from "../../lib/deadline.ts";
import { useDraft } from "../../lib/drafts.ts";
import { explain } from "../../lib/explain.ts";
import { jsonFault } from "../../lib/json-layout.ts";
import { isCode, kv } from "../../lib/kv.ts";
import classes from "./data.module.css";

const CodeEditor = lazy(() => import("../../components/code-editor.tsx"));

interface NewKeyDraft {
  readonly namespace: string;
  readonly key: string;
  readonly kind: "text" | "json" | "file";
  readonly text: string;
  readonly ttl: TtlText;
  readonly onlyIfAbsent: boolean;
}

interface Props {
  readonly namespace: string;
  /** A name to begin with, of a key that was looked for and is not there. */
  readonly initialKey: string;
  readonly onClose: () => void;
  readonly onMade: (namespace: string, key: string) => void;
}

const DRAFT_ID = "new-key";
const KINDS = [
  { value: "text", label: "Text" },
  { value: "json", label: "JSON" },
  { value: "file", label: "File" },
] as const;

export function NewKeyDialog({ namespace, initialKey, onClose, onMade }: Props): ReactNode {
  const [stored, setStored] = useDraft(DRAFT_ID, readNewKey);
  const [file, setFile] = useState<File | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const draft = stored ?? emptyDraft(namespace, initialKey);
  const change = (part: Partial<NewKeyDraft>): void => {
    setError(null);
    setStored({ ...draft, ...part });
  };
  const fault = faultOf(draft, file);
  const make = async (): Promise<void> => {
    if (fault !== null) {
      setError(fault);
      return;
    }
    setSending(true);
    try {
      await send(draft, file);
      notifications.show({ message: "The key has been stored", autoClose: 2000 });
      setStored(undefined);
      onMade(draft.namespace, draft.key);
    } catch (thrown) {
      const isTaken = draft.onlyIfAbsent && isCode(thrown, "CONDITION_FAILED");
      const taken =
        "There is a key of this name already. Choose another name, or allow replacing it.";
      setError(isTaken ? taken : explain(thrown));
      setSending(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void make();
  };
  return (
    <Dialog isOpen title="New key" onClose={onClose} size="lg">
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label="Key"
          value={draft.key}
          onChange={(event) => change({ key: event.currentTarget.value })}
          placeholder="user:1"
          classNames={{ input: classes.mono! }}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label="Namespace"
          value={draft.namespace}
          onChange={(event) => change({ namespace: event.currentTarget.value })}
          classNames={{ input: classes.mono! }}
          spellCheck={false}
          autoComplete="off"
        />
        <div className={classes.wide}>
          <Group justify="space-between" mb={6}>
            <Text size="sm" fw={500}>
              Value
            </Text>
            <SegmentedControl
              withItemsBorders={false}
              size="xs"
              aria-label="Kind of value"
              value={draft.kind}
              onChange={(kind) => {
                const found = KINDS.find((each) => each.value === kind);
                if (found !== undefined) change({ kind: found.value });
              }}
              data={[...KINDS]}
            />
          </Group>
          {draft.kind === "file" ? (
            <FileInput
              aria-label="File with the value"
              placeholder="Choose a file; its bytes are the value"
              value={file}
              onChange={setFile}
              clearable
            />
          ) : (
            <Suspense fallback={<div className={classes.editorGap} aria-busy="true" />}>
              <CodeEditor
                isField
                text={draft.text}
                language={draft.kind}
                label="Value"
                isReadOnly={false}
                onChange={(text) => change({ text })}
                onSave={() => void make()}
              />
            </Suspense>
          )}
        </div>
        <TtlField value={draft.ttl} onChange={(ttl) => change({ ttl })} />
        <Checkbox
          label="Only if there is no such key yet"
          checked={draft.onlyIfAbsent}
          onChange={(event) => change({ onlyIfAbsent: event.currentTarget.checked })}
          description={draft.onlyIfAbsent ? " " : "Replaces what is there, and its time to live"}
          mt={24}
        />
        {error === null ? null : (
          <Text size="sm" className={classes.wide} c="var(--kv-bad)" role="alert">
            {error}
          </Text>
        )}
        <Group justify="flex-end" gap="xs" className={classes.wide}>
          {stored === undefined ? null : (
            <Button variant="subtle" color="gray" onClick={() => setStored(undefined)}>
              Clear the form
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSending}>
            Store
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

function emptyDraft(namespace: string, key: string): NewKeyDraft {
  const ttl = { amount: "", unit: "s" } as const;
  return { namespace, key, kind: "text", text: "", ttl, onlyIfAbsent: true };
}

function faultOf({ key, kind, text, ttl }: NewKeyDraft, file: File | null): string | null {
  if (key === "") return "A key has at least one character.";
  if (kind === "file" && file === null) return "Choose a file, or another kind of value.";
  if (parseTtl(ttl.amount, ttl.unit) === undefined) return "The time to live is a number above 0.";
  const fault = kind === "json" ? jsonFault(text) : null;
  return fault === null ? null : `The value is not valid JSON: ${fault}`;
}

async function send(draft: NewKeyDraft, file: File | null): Promise<void> {
  const { namespace, key, kind, text, onlyIfAbsent } = draft;
  const ttl = parseTtl(draft.ttl.amount, draft.ttl.unit) ?? null;
  const options = { ttl, ...(onlyIfAbsent ? { ifAbsent: true } : {}) };
  const space = kv.namespace(namespace);
  if (kind === "file" && file !== null) {
    await space.set(key, new Uint8Array(await file.arrayBuffer()), options);
  } else if (kind === "json") await space.set(key, rawJson(text), options);
  else await space.set(key, text, options);
}

function readNewKey(stored: unknown): NewKeyDraft | undefined {
  const draft = Object(stored) as Partial<NewKeyDraft>;
  const isDraft =
    typeof draft.key === "string" &&
    typeof draft.namespace === "string" &&
    typeof draft.text === "string" &&
    typeof draft.ttl?.amount === "string";
  return isDraft ? (draft as NewKeyDraft) : undefined;
}
