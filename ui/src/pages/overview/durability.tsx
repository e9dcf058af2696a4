/** What a crash could still take back, and how long a restart would take to read. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Panel } from "../../components/panel.tsx";
import { countOf, formatAgo, formatBytes, formatCount } from "../../lib/format.ts";
import type { Now } from "../../lib/live/types.ts";
import table from "../../components/table.module.css";
import classes from "./overview.module.css";

const POLICIES = {
  always: "each write, before it is answered",
  everysec: "once a second",
  no: "when the system does",
} as const;

export function Durability({ now }: { readonly now: Now }): ReactNode {
  const { log, compaction } = now;
  if (log.fsync === null) {
    return (
      <Panel title="On disk">
        Nothing: the server was started with <code>--data-dir none</code>, and what it holds is gone
        when it stops.
      </Panel>
    );
  }
  const lag = log.last_seq - log.durable_seq;
  const facts = [
    ["Synced", POLICIES[log.fsync]],
    ["Not yet durable", `${countOf(lag, "record")}, ${formatBytes(log.unsynced_bytes)}`],
    ["Log", `${formatBytes(log.bytes)} in ${countOf(log.segments, "segment")}`],
    ["Records since the snapshot", formatCount(log.records)],
    ["Last snapshot", snapshotText(compaction)],
  ] as const;
  return (
    <Panel
      title="On disk"
      aside={
        <Link href="/server/storage" className={table.action}>
          Files
        </Link>
      }
    >
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function snapshotText({ running, last, snapshot_bytes: bytes }: Now["compaction"]): string {
  if (running) return "being taken now";
  if (last === null) return "none yet";
  return `${formatAgo(Date.parse(last), Date.now())}, ${formatBytes(bytes)}`;
}
