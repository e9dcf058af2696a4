/** A copy of a key under another name, with the very bytes and the time that is left. */
import { Button, Group, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { SubmitEvent, ReactNode } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { explain } from "../../lib/explain.ts";
import { isCode, kv } from "../../lib/kv.ts";
import classes from "./data.module.css";
import { storableOfEntry } from "./value/entry.ts";
import type { Entry } from "./value/entry.ts";

interface Props {
  readonly namespace: string;
  readonly name: string;
  readonly entry: Entry;
  readonly onClose: () => void;
  readonly onMade: (namespace: string, key: string) => void;
}

export function DuplicateDialog({ namespace, name, entry, onClose, onMade }: Props): ReactNode {
  const [target, setTarget] = useState({ namespace, key: `${name}:copy` });
  const [error, setError] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const copy = async (): Promise<void> => {
    setSending(true);
    try {
      await kv.namespace(target.namespace).set(target.key, storableOfEntry(entry), {
        ttl: entry.deadlineMs === null ? null : secondsUntil(entry.deadlineMs),
        ifAbsent: true,
      });
      notifications.show({ message: "The key has been duplicated", autoClose: 2000 });
      onMade(target.namespace, target.key);
    } catch (thrown) {
      const isTaken = isCode(thrown, "CONDITION_FAILED");
      setError(isTaken ? "There is a key of this name already." : explain(thrown));
      setSending(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void copy();
  };
  return (
    <Dialog isOpen title="Duplicate the key" onClose={onClose}>
      <form onSubmit={submit}>
        <TextInput
          label="Name of the copy"
          value={target.key}
          onChange={(event) => setTarget({ ...target, key: event.currentTarget.value })}
          classNames={{ input: classes.mono! }}
          spellCheck={false}
          data-autofocus
        />
        <TextInput
          mt="sm"
          label="Namespace"
          value={target.namespace}
          onChange={(event) => setTarget({ ...target, namespace: event.currentTarget.value })}
          classNames={{ input: classes.mono! }}
          spellCheck={false}
        />
        <Text size="xs" c="dimmed" mt="sm">
          Value and remaining time to live are copied. A key that is there already is not replaced.
        </Text>
        {error === null ? null : (
          <Text size="sm" c="var(--kv-bad)" mt="sm" role="alert">
            {error}
          </Text>
        )}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSending} disabled={target.key === ""}>
            Duplicate
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}

/** A key that has run out meanwhile is copied for one more moment, not for ever. */
function secondsUntil(deadlineMs: number): number {
  return Math.max(1, deadlineMs - Date.now()) / 1000;
}
