/** Deletes with a few seconds in which they can be undone; see pending-deletes.ts. */
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { DataText } from "../../../components/data-text.tsx";
import { explain } from "../../../lib/explain.ts";
import { formatCount } from "../../../lib/format.ts";
import { isCode } from "../../../lib/kv.ts";
import { deleteKeys, deleteKeysLeaving } from "./bulk.ts";
import { PendingDeletes, UNDO_MS } from "./pending-deletes.ts";
import type { DoomedKey } from "./pending-deletes.ts";
import classes from "./deleting.module.css";

const NAME_LENGTH_MAX = 60;

export const pendingDeletes = new PendingDeletes({
  send: (keys, isLeaving) => (isLeaving ? deleteKeysLeaving(keys) : deleteKeys(keys)),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
});

window.addEventListener("pagehide", () => pendingDeletes.leave());

interface Handlers {
  /** Shows the keys again: they were not deleted after all. */
  readonly onRestore: (keys: readonly DoomedKey[]) => void;
}

/** Takes the keys out of sight (which is the caller's part) and deletes them unless that is undone. */
export function deleteWithUndo(keys: readonly DoomedKey[], handlers: Handlers): void {
  const pending = pendingDeletes.add(
    keys,
    () => notifications.hide(noticeId),
    (error) => {
      handlers.onRestore(keys);
      showFailure(noticeId, keys, error, handlers);
    },
  );
  const noticeId = `delete-${pending.id}`;
  const undo = (): void => {
    if (!pendingDeletes.undo(pending.id)) return;
    notifications.hide(noticeId);
    handlers.onRestore(keys);
  };
  notifications.show({
    id: noticeId,
    autoClose: false,
    withCloseButton: false,
    message: <Notice keys={keys} label="Undo" onAct={undo} />,
  });
}

function showFailure(
  id: string,
  keys: readonly DoomedKey[],
  error: unknown,
  handlers: Handlers,
): void {
  const isChanged = isCode(error, "CONDITION_FAILED");
  notifications.hide(id);
  notifications.show({
    id: `${id}-failed`,
    color: "red",
    autoClose: false,
    title: isChanged ? "Not deleted: it has been changed meanwhile" : "Not deleted",
    message: (
      <>
        {isChanged ? "Look at it again before you delete it." : explain(error)}
        {isChanged ? null : (
          <Button
            mt={6}
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(`${id}-failed`);
              deleteWithUndo(keys, handlers);
            }}
          >
            Delete again
          </Button>
        )}
      </>
    ),
  });
}

interface NoticeProps {
  readonly keys: readonly DoomedKey[];
  readonly label: string;
  readonly onAct: () => void;
}

function Notice({ keys, label, onAct }: NoticeProps): ReactNode {
  const [first] = keys;
  return (
    <div className={classes.notice}>
      <span className={classes.text}>
        Deleted{" "}
        {keys.length === 1 && first !== undefined ? (
          <DataText text={first.key} lengthMax={NAME_LENGTH_MAX} />
        ) : (
          `${formatCount(keys.length)} keys`
        )}
      </span>
      <Button size="compact-xs" variant="default" onClick={onAct}>
        {label}
      </Button>
      <span className={classes.time} style={{ animationDuration: `${UNDO_MS}ms` }} />
    </div>
  );
}
