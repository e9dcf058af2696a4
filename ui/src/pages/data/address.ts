/**
 * What the Data page shows, as its URL: `/ui/data?ns=shop&prefix=user:&key=user:1&view=hex`.
 *
 * All of it is in the query, not in the path: a browser takes `.` and `..` in a path for places however
 * they are encoded, and both are good names. A key that is too long for what servers accept as a URL
 * goes into the fragment, which is never sent.
 */
import { useMemo } from "react";
import { navigate, useLocationProperty } from "wouter/use-browser-location";
import { BASE } from "../../lib/links.ts";

export const VIEWS = ["text", "json", "hex"] as const;
export type View = (typeof VIEWS)[number];

export interface Address {
  readonly namespace: string;
  readonly prefix: string;
  /** Empty is the flat list. */
  readonly separator: string;
  readonly key: string | null;
  /** Null is what suits the value. */
  readonly view: View | null;
}

const DEFAULT_NAMESPACE = "default";
export const DEFAULT_SEPARATOR = ":";
/** Servers and proxies commonly take 8 KB of request line and headers. */
const ENCODED_KEY_LENGTH_MAX = 4000;
const PATH = `${BASE}/data`;

export function parseAddress(search: string, hash: string): Address {
  const query = new URLSearchParams(search);
  const fragment = new URLSearchParams(hash.replace(/^#/, ""));
  const view = query.get("view");
  const isFlat = query.get("list") === "flat";
  return {
    namespace: query.get("ns") ?? DEFAULT_NAMESPACE,
    prefix: query.get("prefix") ?? "",
    separator: isFlat ? "" : (given(query, "separator") ?? DEFAULT_SEPARATOR),
    key: given(query, "key") ?? given(fragment, "key"),
    view: VIEWS.find((each) => each === view) ?? null,
  };
}

/** Null when it is not there, or empty, which no key and no separator is. */
function given(query: URLSearchParams, name: string): string | null {
  const value = query.get(name);
  return value === "" ? null : value;
}

/** From the root of the server. */
export function formatAddress({ namespace, prefix, separator, key, view }: Address): string {
  const query = new URLSearchParams();
  if (namespace !== DEFAULT_NAMESPACE) query.set("ns", namespace);
  if (prefix !== "") query.set("prefix", prefix);
  if (separator === "") query.set("list", "flat");
  else if (separator !== DEFAULT_SEPARATOR) query.set("separator", separator);
  if (view !== null) query.set("view", view);
  let fragment = "";
  if (key !== null) {
    const encoded = new URLSearchParams({ key }).toString();
    if (encoded.length > ENCODED_KEY_LENGTH_MAX) fragment = `#${encoded}`;
    else query.set("key", key);
  }
  const text = query.toString();
  return PATH + (text === "" ? "" : `?${text}`) + fragment;
}

export type Go = (change: Partial<Address>, how?: { readonly replace?: boolean }) => void;

/** The address in view, and what changes parts of it. */
export function useAddress(): readonly [Address, Go] {
  const search = useLocationProperty(() => window.location.search);
  const hash = useLocationProperty(() => window.location.hash);
  const address = useMemo(() => parseAddress(search, hash), [search, hash]);
  return [address, go];
}

/** Changes the address as it is now, not as it was when something was drawn. */
const go: Go = (change, how = {}) => {
  const { search, hash } = window.location;
  const next = formatAddress({ ...parseAddress(search, hash), ...change });
  if (next !== window.location.pathname + search + hash) navigate(next, how);
};
