/**
 * Redis's numbered databases as namespaces: 0 is the default one, n is `db<n>`.
 */
import { DEFAULT_NAMESPACE } from "../store/names.ts";

/** Databases that SELECT knows. */
export const DATABASES = 16;

/** The namespace of a database, or null when there is no such database. */
export function databaseNamespace(index: number): string | null {
  if (!Number.isInteger(index) || index < 0 || index >= DATABASES) return null;
  return index === 0 ? DEFAULT_NAMESPACE : `db${index}`;
}

/** The database that a namespace is; -1 for one that has no number. */
export function databaseOf(namespace: string): number {
  if (namespace === DEFAULT_NAMESPACE) return 0;
  const index = /^db([1-9][0-9]?)$/.exec(namespace)?.[1];
  return index !== undefined && Number(index) < DATABASES ? Number(index) : -1;
}
