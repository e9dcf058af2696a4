/** Under the list: how much of it has been loaded, or what to do with the keys that are selected. */
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconClockHour4, IconDownload, IconTrash, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { formatCount } from "../../../lib/format.ts";
import { kv } from "../../../lib/kv.ts";
import type { KeyListing } from "../keys/use-key-source.ts";
import classes from "./list-pane.module.css";
import { useSelectionVersion } from "./selection.ts";
import type { Selection } from "./selection.ts";

const COUNT_REFRESH_MS = 5_000;

interface StatusProps {
  readonly listing: KeyListing;
  readonly namespace: string;
}

export function ListStatus({ listing, namespace }: StatusProps): ReactNode {
  const { source, status, refresh } = listing;
  const { data: total } = useNamespaceSize(namespace);
  const loaded = source.tree.keyCount;
  const isWhole = source.prefix === "";
  const known = isWhole && total !== undefined ? total : null;
  const isLoading = status.phase === "loading";
  return (
    <>
      {status.isLoadingAll && known !== null && known > 0 ? (
        <div
          className={classes.progress}
          style={{ transform: `scaleX(${Math.min(1, loaded / known)})` }}
        />
      ) : null}
      <div className={classes.foot}>
        <span className={classes.footText} role="status">
          {sentence(loaded, known, listing)}
        </span>
        {status.isComplete && known !== null && known !== loaded ? (
          <Button variant="subtle" size="compact-xs" onClick={refresh}>
            Refresh
          </Button>
        ) : null}
        {status.isComplete || status.isFull ? null : status.isLoadingAll ? (
          <Button variant="default" size="compact-xs" onClick={() => source.pause()}>
            Stop
          </Button>
        ) : (
          <>
            <Button
              variant="default"
              size="compact-xs"
              loading={isLoading}
              onClick={() => void source.more()}
            >
              {status.phase === "failed" ? "Try again" : "Load more"}
            </Button>
            <Button variant="subtle" size="compact-xs" onClick={() => void source.all()}>
              All
            </Button>
          </>
        )}
      </div>
    </>
  );
}

function sentence(loaded: number, total: number | null, { source, status }: KeyListing): string {
  const count = formatCount(loaded);
  const noun = loaded === 1 ? "key" : "keys";
  if (status.isFull) return `${count} ${noun} loaded, as many as fit. A prefix narrows it down.`;
  if (status.isComplete) {
    const matching = source.prefix === "" ? "" : " with this prefix";
    if (total === null || total === loaded) return `${count} ${noun}${matching}`;
    return `${count} ${noun} read; now there are ${formatCount(total)}`;
  }
  if (total !== null && total > loaded) return `${count} of ${formatCount(total)} keys loaded`;
  return loaded === 0 ? "Loading…" : `${count} ${noun} loaded, more to come`;
}

/** How many keys the namespace holds now. */
function useNamespaceSize(namespace: string) {
  return useQuery({
    queryKey: ["namespaces", "size", namespace],
    queryFn: ({ signal }) => kv.namespace(namespace).size({ signal }),
    refetchInterval: COUNT_REFRESH_MS,
  });
}

interface SelectionProps {
  readonly selection: Selection;
  readonly onDelete: () => void;
  readonly onTtl: () => void;
  readonly onExport: () => void;
  readonly onSelectAll: () => void;
  readonly loaded: number;
}

export function SelectionBar(props: SelectionProps): ReactNode {
  const { selection, loaded } = props;
  useSelectionVersion(selection);
  const count = selection.size;
  return (
    <div className={classes.foot} data-selecting="true" role="toolbar" aria-label="Selected keys">
      <span className={classes.footText} role="status">
        <b>{formatCount(count)}</b> selected
      </span>
      {count < loaded ? (
        <Button variant="subtle" size="compact-xs" onClick={props.onSelectAll}>
          All {formatCount(loaded)}
        </Button>
      ) : null}
      <Action label="Export as NDJSON" onClick={props.onExport} icon={IconDownload} />
      <Action label="Set the time to live" onClick={props.onTtl} icon={IconClockHour4} />
      <Action label="Delete" onClick={props.onDelete} icon={IconTrash} isDangerous />
      <Action label="Select nothing" onClick={() => selection.clear()} icon={IconX} />
    </div>
  );
}

interface ActionProps {
  readonly label: string;
  readonly icon: typeof IconX;
  readonly onClick: () => void;
  readonly isDangerous?: boolean;
}

function Action({ label, icon: Icon, onClick, isDangerous = false }: ActionProps): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color={isDangerous ? "red" : "gray"}
        size="md"
        aria-label={label}
        onClick={onClick}
      >
        <Icon size={16} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
