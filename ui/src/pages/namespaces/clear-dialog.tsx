/** Deletes every key of a namespace, for who types its name. */
import { Alert, Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { messageOf } from "../../lib/api.ts";
import { formatBytes, formatCount } from "../../lib/format.ts";
import { clearNamespace } from "../../lib/server.ts";
import classes from "./namespaces.module.css";
import type { Row } from "./rows.ts";

interface Props {
  /** Null while nothing is to be cleared. */
  readonly row: Row | null;
  readonly onClose: () => void;
}

export function ClearDialog({ row, onClose }: Props): ReactNode {
  const title = row === null ? "Clear" : `Clear ${row.name}`;
  return (
    <Dialog title={title} isOpen={row !== null} onClose={onClose}>
      {row === null ? null : <ClearForm row={row} onClose={onClose} />}
    </Dialog>
  );
}

function ClearForm({ row, onClose }: Props & { readonly row: Row }): ReactNode {
  const [typed, setTyped] = useState("");
  const client = useQueryClient();
  const clear = useMutation({
    mutationFn: () => clearNamespace(row.name),
    onSuccess: async (deleted) => {
      const message = `${formatCount(deleted)} keys of ${row.name} were deleted`;
      notifications.show({ color: "green", message });
      onClose();
      await client.invalidateQueries({ queryKey: ["stats"] });
    },
  });
  const isSure = typed === row.name;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isSure) clear.mutate();
      }}
    >
      <Alert color="red" variant="light">
        This deletes all {formatCount(row.keys)} keys ({formatBytes(row.bytes)}) at once, for
        everyone. It cannot be undone.
      </Alert>
      <TextInput
        label={
          <>
            Type <code>{row.name}</code> to confirm
          </>
        }
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {clear.error === null ? null : <div role="alert">{messageOf(clear.error)}</div>}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" color="red" disabled={!isSure} loading={clear.isPending}>
          Delete all keys
        </Button>
      </div>
    </form>
  );
}
