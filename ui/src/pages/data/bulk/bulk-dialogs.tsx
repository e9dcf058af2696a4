/** What is asked before many keys are changed, and how far that is. */
import { Button, Group, Progress, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Dialog } from "../../../components/dialog.tsx";
import { TtlField } from "../../../components/ttl-field.tsx";
import type { TtlText } from "../../../components/ttl-field.tsx";
import { parseTtl } from "../../../lib/deadline.ts";
import { explain } from "../../../lib/explain.ts";
import { formatBytes, formatCount } from "../../../lib/format.ts";
import { deleteKeys, download, exportKeys, setTtls } from "./bulk.ts";
import type { Progress as Task } from "./bulk.ts";

export type BulkAction = "delete" | "ttl" | "export";

interface Props {
  readonly action: BulkAction;
  readonly namespace: string;
  readonly keys: readonly string[];
  readonly onClose: () => void;
  readonly onDeleted: (keys: readonly string[]) => void;
}

const TITLES = {
  delete: "Delete the selected keys",
  ttl: "Set the time to live",
  export: "Export the selected keys",
} as const;

export function BulkDialog({ action, namespace, keys, onClose, onDeleted }: Props): ReactNode {
  const [ttl, setTtl] = useState<TtlText>({ amount: "1", unit: "h" });
  const work = useWork(onClose);
  const seconds = parseTtl(ttl.amount, ttl.unit);
  const count = `${formatCount(keys.length)} ${keys.length === 1 ? "key" : "keys"}`;
  const start = (): void => {
    if (action === "delete") {
      void work.run(async (task) => {
        const doomed = keys.map((key) => ({ namespace, key, version: null }));
        await deleteKeys(doomed, task);
        onDeleted(keys);
        return `${count} deleted`;
      });
    } else if (action === "ttl" && seconds !== undefined) {
      void work.run(async (task) => {
        const found = await setTtls(namespace, keys, seconds, task);
        return found === keys.length ? `Set on ${count}` : `Set on ${found}; the others are gone`;
      });
    } else if (action === "export") {
      void work.run(async (task) => {
        const blob = await exportKeys(namespace, keys, task);
        download(blob, `${namespace}.ndjson`);
        return `${count} exported, ${formatBytes(blob.size)}`;
      });
    }
  };
  return (
    <Dialog isOpen title={TITLES[action]} onClose={work.stop}>
      {action === "ttl" ? <TtlField value={ttl} onChange={setTtl} hasFocus /> : null}
      <Text size="sm" mt={action === "ttl" ? "sm" : 0}>
        {consequence(action, count, namespace, seconds)}
      </Text>
      {work.done === null ? null : (
        <Progress
          mt="md"
          value={(work.done / Math.max(1, keys.length)) * 100}
          aria-label={`${formatCount(work.done)} of ${count}`}
        />
      )}
      {work.error === null ? null : (
        <Text size="sm" c="var(--kv-bad)" mt="sm" role="alert">
          {work.error}
        </Text>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={work.stop}>
          {work.done === null ? "Cancel" : "Stop"}
        </Button>
        <Button
          color={action === "delete" ? "red" : "iris"}
          loading={work.done !== null}
          disabled={action === "ttl" && seconds === undefined}
          onClick={start}
          data-autofocus={action === "ttl" ? undefined : true}
        >
          {action === "delete" ? `Delete ${count}` : action === "ttl" ? "Set" : "Export"}
        </Button>
      </Group>
    </Dialog>
  );
}

function consequence(
  action: BulkAction,
  count: string,
  namespace: string,
  seconds: number | null | undefined,
): string {
  if (action === "delete") {
    return (
      `${count} in ${namespace} are deleted at once. So many can’t be undone: ` +
      "export them first if you may want them back."
    );
  }
  if (action === "export") {
    return `${count} become a file of NDJSON, a line each, as pykv import reads it.`;
  }
  if (seconds === null) return `${count} will stay until they are deleted.`;
  return `${count} will be deleted by the server when the time is over.`;
}

interface Work {
  /** How many keys are done; null while nothing runs. */
  readonly done: number | null;
  readonly error: string | null;
  readonly run: (task: (progress: Task) => Promise<string>) => Promise<void>;
  readonly stop: () => void;
}

/** Runs one task with progress; what it resolves with is told when it is done. */
function useWork(onClose: () => void): Work {
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const run = async (task: (progress: Task) => Promise<string>): Promise<void> => {
    const controller = new AbortController();
    abort.current = controller;
    setError(null);
    setDone(0);
    try {
      const message = await task({ signal: controller.signal, onProgress: setDone });
      notifications.show({ message, autoClose: 3000 });
      onClose();
    } catch (thrown) {
      setDone(null);
      if (!controller.signal.aborted) setError(explain(thrown));
    }
  };
  const stop = (): void => {
    abort.current?.abort();
    onClose();
  };
  return { done, error, run, stop };
}
