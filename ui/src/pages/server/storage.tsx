/** The files on disk, and taking a snapshot now. */
import { Badge, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { IconDatabaseOff, IconStackPush } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useShortcuts } from "../../app/shortcuts.ts";
import { Empty } from "../../components/empty.tsx";
import { Failure } from "../../components/failure.tsx";
import { Panel } from "../../components/panel.tsx";
import table from "../../components/table.module.css";
import { messageOf } from "../../lib/api.ts";
import { formatAgo, formatBytes, formatCount } from "../../lib/format.ts";
import { useLatest } from "../../lib/live/live.ts";
import { compact, useStorage } from "../../lib/server.ts";
import type { Storage as Files, StoredFile } from "../../lib/server.ts";
import classes from "./server.module.css";

export function Storage(): ReactNode {
  const now = useLatest()?.now;
  const storage = useStorage(`${now?.compaction.last ?? ""} ${now?.log.segments ?? 0}`);
  if (storage.error !== null) {
    return <Failure error={storage.error} onRetry={() => void storage.refetch()} />;
  }
  if (storage.data === undefined) return null;
  if (storage.data.data_dir === null) return <NothingOnDisk />;
  return (
    <>
      <Summary files={storage.data} />
      <div className={classes.files}>
        <Panel title="Log segments" note={formatCount(storage.data.segments.length)} flush>
          <FileTable
            kind="First record"
            files={storage.data.segments}
            mark={(file) => ("active" in file && file.active === true ? "being written" : null)}
          />
        </Panel>
        <Panel title="Snapshots" note={formatCount(storage.data.snapshots.length)} flush>
          {storage.data.snapshots.length === 0 ? (
            <Empty icon={IconStackPush} title="No snapshot yet">
              <p>One is taken when the log has grown, from time to time, or when you compact.</p>
            </Empty>
          ) : (
            <FileTable kind="Begun at" files={storage.data.snapshots} mark={() => null} />
          )}
        </Panel>
      </div>
    </>
  );
}

function Summary({ files }: { readonly files: Files }): ReactNode {
  const now = useLatest()?.now;
  const start = useMutation({
    mutationFn: compact,
    onSuccess: () => notifications.show({ message: "A snapshot is being taken" }),
    onError: (error) => {
      notifications.show({
        color: "red",
        title: "No snapshot was begun",
        message: messageOf(error),
      });
    },
  });
  const isRunning = now?.compaction.running === true || start.isPending;
  const run = (): void => {
    if (!isRunning) start.mutate();
  };
  useShortcuts([{ key: "c", label: "Compact now", run }]);
  const last = now?.compaction.last ?? null;
  const took = now?.compaction.last_seconds ?? null;
  const facts = [
    ["Directory", files.data_dir ?? ""],
    ["Log", formatBytes(sizeOf(files.segments))],
    ["Snapshots", formatBytes(sizeOf(files.snapshots))],
    ["Free on the disk", files.free_bytes === null ? "–" : formatBytes(files.free_bytes)],
    ["Records since the snapshot", formatCount(now?.log.records ?? 0)],
    [
      "Last snapshot",
      last === null
        ? "none yet"
        : formatAgo(Date.parse(last), Date.now()) +
          (took === null ? "" : `, took ${took.toFixed(2)} s`),
    ],
  ] as const;
  return (
    <Panel
      title="On disk"
      aside={
        <Button
          leftSection={<IconStackPush size={15} stroke={1.7} />}
          loading={isRunning}
          onClick={run}
        >
          Compact now
        </Button>
      }
    >
      <dl className={classes.summary}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.explain}>
        Compacting writes all live data into one snapshot and removes the log before it. Reads and
        writes go on meanwhile.
      </p>
    </Panel>
  );
}

interface FileTableProps {
  readonly kind: string;
  readonly files: readonly StoredFile[];
  readonly mark: (file: StoredFile) => string | null;
}

function FileTable({ kind, files, mark }: FileTableProps): ReactNode {
  return (
    <div className={table.scroll} tabIndex={0} role="region" aria-label={`Files by ${kind}`}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className={table.number}>
              {kind}
            </th>
            <th scope="col" className={table.number}>
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {[...files].reverse().map((file) => (
            <tr key={file.name}>
              <td>
                <span className={table.name}>{file.name}</span>{" "}
                {mark(file) === null ? null : (
                  <Badge variant="light" radius="sm" tt="none" fw={500}>
                    {mark(file)}
                  </Badge>
                )}
              </td>
              <td className={table.number}>{formatCount(file.seq)}</td>
              <td className={table.number}>{formatBytes(file.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NothingOnDisk(): ReactNode {
  return (
    <Panel title="On disk">
      <Empty icon={IconDatabaseOff} title="This server keeps nothing on disk">
        <p>
          It was started with <code>--data-dir none</code>: what it holds is gone when it stops.
          Start it with a directory to keep it.
        </p>
      </Empty>
    </Panel>
  );
}

function sizeOf(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
