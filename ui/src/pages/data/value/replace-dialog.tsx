/** Replaces a value with the bytes of a file, after saying what that means. */
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { rawJson } from "pykv/client";
import type { RawJson } from "pykv/client";
import { useState } from "react";
import type { ReactNode } from "react";
import { DataText } from "../../../components/data-text.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { explain } from "../../../lib/explain.ts";
import { formatBytes } from "../../../lib/format.ts";
import { jsonFault } from "../../../lib/json-layout.ts";
import { kv } from "../../../lib/kv.ts";
import type { Entry } from "./entry.ts";

interface Props {
  readonly namespace: string;
  readonly name: string;
  readonly entry: Entry;
  readonly file: File;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ReplaceDialog(props: Props): ReactNode {
  const { namespace, name, entry, file, onClose, onDone } = props;
  const [error, setError] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const replace = async (): Promise<void> => {
    setSending(true);
    try {
      const value = valueOfFile(new Uint8Array(await file.arrayBuffer()), entry.kind);
      await kv.namespace(namespace).update(name, value, { ifVersion: entry.version });
      notifications.show({ message: "The value has been replaced", autoClose: 2000 });
      onDone();
      onClose();
    } catch (thrown) {
      setError(explain(thrown));
      setSending(false);
    }
  };
  return (
    <Dialog isOpen title="Replace the value" onClose={onClose}>
      <Text size="sm">
        The {formatBytes(entry.bytes.length)} in <DataText text={name} lengthMax={80} /> are
        replaced with the {formatBytes(file.size)} of <DataText text={file.name} lengthMax={80} />.
        The time to live stays as it is. This can’t be undone: download the value first if you may
        want it back.
      </Text>
      {error === null ? null : (
        <Text size="sm" c="var(--kv-bad)" mt="sm" role="alert">
          {error}
        </Text>
      )}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button color="red" loading={isSending} onClick={() => void replace()} data-autofocus>
          Replace
        </Button>
      </Group>
    </Dialog>
  );
}

/** The bytes of a file as what the key holds: JSON stays JSON when the file is JSON. */
function valueOfFile(bytes: Uint8Array, kind: Entry["kind"]): Uint8Array | string | RawJson {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
  return kind === "json" && jsonFault(text) === null ? rawJson(text) : text;
}
