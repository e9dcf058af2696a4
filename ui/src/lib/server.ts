/** What the console asks the server about itself. */
import { useQuery } from "@tanstack/react-query";
import type { UseQueryResult } from "@tanstack/react-query";
import { api } from "./api.ts";

const LIVE_MS = 2000;

export interface NamespaceStats {
  readonly cache_hits: number;
  readonly cache_misses: number;
  readonly total_keys: number;
  readonly evictions: number;
  readonly bytes: number;
}

interface Stats {
  readonly namespaces: Readonly<Record<string, NamespaceStats>>;
}

export interface Option {
  readonly name: string;
  readonly group: string;
  readonly value: string;
  readonly default: string;
  readonly source: "default" | "flag" | "environment" | "file" | "argument" | "runtime";
  readonly source_name: string | null;
  readonly environment: string;
  readonly accepts: string;
  readonly description: string;
  readonly secret: boolean;
}

export interface StoredFile {
  readonly name: string;
  readonly seq: number;
  readonly bytes: number;
}

export interface Storage {
  readonly data_dir: string | null;
  readonly free_bytes: number | null;
  readonly segments: readonly (StoredFile & { readonly active: boolean })[];
  readonly snapshots: readonly StoredFile[];
}

export interface Bucket {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly count: number;
}

export interface Latencies {
  readonly total_operations: number;
  readonly error_rate: number;
  readonly avg_latency_ms: number;
  readonly p50_latency_ms: number;
  readonly p95_latency_ms: number;
  readonly p99_latency_ms: number;
  readonly p999_latency_ms: number;
  readonly histogram: readonly Bucket[];
}

type PerOperation = Readonly<Record<string, Latencies>>;

export interface Performance {
  readonly per_operation: PerOperation;
  readonly last_minute: { readonly per_operation: PerOperation };
  readonly redis: PerOperation | null;
}

export function useStats(): UseQueryResult<Stats> {
  return useQuery({
    queryKey: ["stats"],
    queryFn: ({ signal }) => api<Stats>("/stats", { signal }),
    refetchInterval: LIVE_MS,
  });
}

export function useConfig(): UseQueryResult<readonly Option[]> {
  return useQuery({
    queryKey: ["config"],
    queryFn: async ({ signal }) => {
      return (await api<{ options: readonly Option[] }>("/config", { signal })).options;
    },
  });
}

/** @param version anything that changes when the files have */
export function useStorage(version: string): UseQueryResult<Storage> {
  return useQuery({
    queryKey: ["storage", version],
    queryFn: ({ signal }) => api<Storage>("/storage", { signal }),
    refetchInterval: 3 * LIVE_MS,
    placeholderData: (before) => before,
  });
}

export function usePerformance(): UseQueryResult<Performance> {
  return useQuery({
    queryKey: ["performance"],
    queryFn: ({ signal }) => api<Performance>("/performance?histogram=true", { signal }),
    refetchInterval: LIVE_MS,
  });
}

export function compact(): Promise<unknown> {
  return api("/compact", { method: "POST" });
}

/** Resolves with the number of keys that were deleted. */
export async function clearNamespace(name: string): Promise<number> {
  const path = `/namespaces/${encodeURIComponent(name)}`;
  const { keys_deleted: deleted } = await api<{ keys_deleted: number }>(path, { method: "DELETE" });
  return deleted;
}

export function writeKey(namespace: string, key: string, value: string): Promise<unknown> {
  return api("/kv/", { method: "POST", body: { namespace, key, value } });
}
