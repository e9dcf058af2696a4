/** In a sentence: what limits a namespace, as the server is configured. */
import type { ReactNode } from "react";
import { formatCount } from "../../lib/format.ts";
import { readable } from "../../lib/options.ts";
import { useConfig } from "../../lib/server.ts";
import type { Option } from "../../lib/server.ts";

export function LimitsLine(): ReactNode {
  const { data } = useConfig();
  return data === undefined ? "Limits of each namespace" : limitsText(data);
}

/** Exported for its test. */
export function limitsText(options: readonly Option[]): string {
  const value = (name: string): string => {
    const option = options.find((each) => each.name === name);
    return option === undefined ? "" : readable(option);
  };
  const capacity = Number(value("capacity"));
  const each =
    capacity === 0
      ? "A namespace may hold any number of keys"
      : `A namespace may hold ${formatCount(capacity)} keys`;
  const full =
    value("eviction") === "lru"
      ? "beyond a limit the least recently used keys give way"
      : "beyond a limit writes are refused";
  return `${each}, all of them together ${value("max-memory")} of memory; ${full}.`;
}
