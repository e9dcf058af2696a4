/** The sections of INFO that have a line for each command, kind of error, or database. */
import { NAMESPACE_TOTAL } from "../../../memory/namespaces.ts";
import { databaseOf } from "../../databases.ts";
import type { Door } from "../../door.ts";
import type { Entry } from "../../registry.ts";
import type { Field } from "./info-sections.ts";

const PERCENTILES = [0.5, 0.99, 0.999] as const;
const US_PER_MS = 1000;

export function commandFields({ dispatcher }: Door): Field[] {
  return used(dispatcher.registry.all()).map((entry) => {
    const us = Math.round(entry.usTotal);
    const perCall = entry.calls > 0 ? entry.usTotal / entry.calls : 0;
    const value =
      `calls=${entry.calls},usec=${us},usec_per_call=${perCall.toFixed(2)},` +
      `rejected_calls=${entry.rejected},failed_calls=${entry.failed}`;
    return [`cmdstat_${entry.fullName}`, value];
  });
}

export function errorFields({ traffic }: Door): Field[] {
  return [...traffic.errors].map(([kind, count]) => [`errorstat_${kind}`, `count=${count}`]);
}

export function latencyFields({ dispatcher }: Door): Field[] {
  const entries = used(dispatcher.registry.all()).filter(({ latency }) => latency.count > 0);
  return entries.map(({ fullName, latency }) => {
    const parts = PERCENTILES.map((share) => {
      const us = latency.percentileMs(share) * US_PER_MS;
      return `p${Number((share * 100).toFixed(1))}=${us.toFixed(3)}`;
    });
    return [`latency_percentiles_usec_${fullName}`, parts.join(",")];
  });
}

/** The databases that hold keys. Namespaces without a number are left out: tools would trip over them. */
export function keyspaceFields({ engine }: Door): Field[] {
  const { namespaces } = engine.table;
  const databases: { readonly database: number; readonly value: string }[] = [];
  for (const id of namespaces.live()) {
    const database = databaseOf(namespaces.name(id));
    const keys = namespaces.keys(id);
    if (database < 0 || keys === 0) continue;
    const expires = namespaces.total(id, NAMESPACE_TOTAL.deadlines);
    databases.push({ database, value: `keys=${keys},expires=${expires},avg_ttl=0` });
  }
  databases.sort((one, other) => one.database - other.database);
  return databases.map(({ database, value }) => [`db${database}`, value]);
}

function used(entries: Iterable<Entry>): Entry[] {
  return [...entries].filter(({ calls, rejected, failed }) => calls + rejected + failed > 0);
}
