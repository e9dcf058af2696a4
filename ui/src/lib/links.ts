/** Addresses: what the router takes away, and what it must not touch. */

/** All pages of the console are below it. */
export const BASE = "/ui";

/** Pages of the server itself, outside of the console. */
export const DOCS = "/docs";
export const METRICS = "/metrics";

/** The keys of a namespace, as an address below the base. */
export function dataOf(namespace: string): string {
  return `/data?${new URLSearchParams({ ns: namespace }).toString()}`;
}
