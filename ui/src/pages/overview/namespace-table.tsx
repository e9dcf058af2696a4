/** The busiest namespaces, each with what it did of late. */
import { IconStack2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Empty } from "../../components/empty.tsx";
import { Panel } from "../../components/panel.tsx";
import { Sparkline } from "../../components/sparkline.tsx";
import table from "../../components/table.module.css";
import { formatBytes, formatCount, formatShare, formatShort } from "../../lib/format.ts";
import { dataOf } from "../../lib/links.ts";
import { live } from "../../lib/live/live.ts";
import type { NamespaceFigures, Now } from "../../lib/live/types.ts";
import classes from "./overview.module.css";

export function NamespaceTable({ now }: { readonly now: Now | null }): ReactNode {
  const namespaces = now?.namespaces ?? [];
  const hidden = (now?.namespace_count ?? 0) - namespaces.length;
  return (
    <Panel
      title="Namespaces"
      note="the busiest first"
      flush
      aside={
        <Link href="/namespaces" className={table.action}>
          {hidden > 0 ? `All ${formatCount(now?.namespace_count ?? 0)}` : "Manage"}
        </Link>
      }
    >
      {namespaces.length === 0 ? (
        <Empty icon={IconStack2} title="No namespaces yet">
          <p>A namespace is there once a key is written into it, and gone with its last one.</p>
        </Empty>
      ) : (
        <div className={table.scroll} tabIndex={0} role="region" aria-label="Namespaces, a table">
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">Namespace</th>
                <th scope="col" className={table.number}>
                  Keys
                </th>
                <th scope="col" className={table.number}>
                  Size
                </th>
                <th scope="col" className={table.number}>
                  Reads/s
                </th>
                <th scope="col">Last 5 min</th>
                <th scope="col" className={table.number}>
                  Hit ratio
                </th>
                <th scope="col" className={table.number}>
                  Evicted
                </th>
              </tr>
            </thead>
            <tbody>
              {namespaces.map((each) => (
                <Row key={each.name} figures={each} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Row({ figures }: { readonly figures: NamespaceFigures }): ReactNode {
  const { name, total_keys: keys, bytes, cache_hits: hits, cache_misses: misses } = figures;
  const reads = hits + misses;
  return (
    <tr>
      <td>
        <Link href={dataOf(name)} className={`${table.link} ${table.name}`}>
          {name}
        </Link>
      </td>
      <td className={table.number}>{formatCount(keys)}</td>
      <td className={table.number}>{formatBytes(bytes)}</td>
      <td className={table.number}>{formatShort(figures.reads_per_second)}</td>
      <td>
        <Sparkline className={classes.trend} values={live.history.namespace(name)} />
      </td>
      <td className={table.number}>{formatShare(reads === 0 ? null : hits / reads)}</td>
      <td className={table.number}>{formatCount(figures.evictions)}</td>
    </tr>
  );
}
