/**
 * Keeps pages of other web sites away from a server on localhost.
 *
 * A browser will send requests to 127.0.0.1 for any page that asks. Three checks stop that:
 * - Host: a name that an attacker points at 127.0.0.1 (DNS rebinding) makes his page same-origin with
 *   us, but the Host header still has his name. Only loopback names, the address that we are bound
 *   to or reached at, and what the operator lists are served. An IP address cannot be rebound.
 * - Origin: when a browser names the page that asks, it must be our own or one that is configured.
 *   "null" (sandboxed frames, local files) could be anyone and is refused.
 * - Sec-Fetch-Site: what a browser marks as cross-site is refused even without an Origin, as images
 *   and scripts are; only following a link to us is fine.
 *
 * Programs other than browsers send neither of the latter two, and are not affected.
 */
import type { IncomingHttpHeaders } from "node:http";
import { PyKVError } from "../base/errors.ts";

export interface GuardOptions {
  /** The address that the server binds to. */
  readonly host: string;
  /** Names, perhaps with a port, that may stand in Host; `*` allows every one. */
  readonly allowedHosts: readonly string[];
  /** Origins of pages that may call; `*` allows every one but `null`. */
  readonly corsOrigins: readonly string[];
}

/** What the guard looks at: a part of node's request, which is passed as it is. */
export interface GuardedRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** `localAddress` is the address that the client connected to; asking for it costs a call. */
  readonly socket: { readonly localAddress?: string | undefined };
}

export type Guard = (request: GuardedRequest) => PyKVError | null;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const HOST = /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(?::\d{1,5})?$/;

/** Hosts found good, so that the usual request costs one look; bounded by starting afresh. */
const KNOWN_HOSTS_MAX = 256;

/** @returns a function that says why a request is refused, or null when it is not. */
export function makeGuard(options: GuardOptions): Guard {
  const isHostAllowed = makeHostCheck(options);
  const origins = new Set(options.corsOrigins.map((origin) => origin.toLowerCase()));
  return ({ method = "", headers, socket }) => {
    const host = headers.host ?? "";
    if (!isHostAllowed(host, socket)) {
      return new PyKVError("FORBIDDEN_HOST", `${quote(host)} is not among the allowed hosts`);
    }
    const { origin } = headers;
    if (origin !== undefined) {
      if (isOriginAllowed(origin.toLowerCase(), host.toLowerCase(), origins)) return null;
      return new PyKVError("FORBIDDEN_ORIGIN", `${quote(origin)} is not among the allowed origins`);
    }
    if (headers["sec-fetch-site"] !== "cross-site" || isLink(method, headers)) return null;
    return new PyKVError("FORBIDDEN_ORIGIN", "a page of another site may not load this");
  };
}

type HostCheck = (host: string, socket: GuardedRequest["socket"]) => boolean;

function makeHostCheck({ host: bound, allowedHosts }: GuardOptions): HostCheck {
  const allowed = new Set([...allowedHosts, bound, `[${bound}]`].map((name) => name.toLowerCase()));
  const known = new Set<string>();
  return (host, socket) => {
    if (known.has(host) || allowed.has("*")) return true;
    const [whole, name = ""] = HOST.exec(host.toLowerCase()) ?? [];
    if (whole === undefined) return false;
    if (LOOPBACK.test(name) || allowed.has(name) || allowed.has(whole)) {
      if (known.size >= KNOWN_HOSTS_MAX) known.clear();
      known.add(host);
      return true;
    }
    const { localAddress } = socket;
    return localAddress !== undefined && name === bracketed(localAddress);
  };
}

/** A socket's address as it would stand in Host. */
function bracketed(address: string): string {
  const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
  return plain.includes(":") ? `[${plain}]` : plain;
}

function isOriginAllowed(origin: string, host: string, origins: ReadonlySet<string>): boolean {
  if (origin === "null") return false;
  if (origin === `http://${host}` || origin === `https://${host}`) return true;
  return origins.has(origin) || origins.has("*");
}

function isLink(method: string, headers: IncomingHttpHeaders): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  return headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

/** Whether only this machine can reach what is bound to `host`. */
export function isLoopback(host: string): boolean {
  return host === "::1" || LOOPBACK.test(host);
}
