/**
 * Writes the JSON of request bodies by hand, because values come as text that must not change.
 */
import { ownError } from "./errors.ts";
import type { Conditions, TtlOption } from "./types.ts";

/** As the server has it: about 317 years. */
const TTL_SECONDS_MAX = 10_000_000_000;

/** An object of JSON out of its members, leaving out those that are undefined. */
export function objectText(members: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(members).filter(([, text]) => text !== undefined);
  return `{${given.map(([name, text]) => `${JSON.stringify(name)}:${text ?? ""}`).join(",")}}`;
}

/**
 * A ttl as JSON; undefined where none was given, which is not the same as null in an update.
 *
 * @throws INVALID_TTL: NaN and Infinity would become null on their way, which never expires.
 */
export function ttlText({ ttl }: TtlOption): string | undefined {
  if (ttl === undefined) return undefined;
  if (ttl === null) return "null";
  if (typeof ttl === "number" && ttl > 0 && ttl <= TTL_SECONDS_MAX) return JSON.stringify(ttl);
  const detail = `ttl is in seconds, above 0 and at most ${TTL_SECONDS_MAX}, or null; this is`;
  throw ownError("INVALID_TTL", `${detail} ${String(ttl)}`);
}

/**
 * What to add, as JSON.
 *
 * @throws INVALID_REQUEST for a number that is not whole, or too large to be exact.
 */
export function byText(by: number | bigint | undefined): string | undefined {
  if (by === undefined || typeof by === "bigint") return by?.toString();
  if (Number.isSafeInteger(by)) return String(by);
  const detail = `by is a whole number, beyond 2^53 a bigint; this is ${String(by)}`;
  throw ownError("INVALID_REQUEST", detail);
}

/** @throws INVALID_REQUEST. */
export function checkVersion(version: number): number {
  if (Number.isSafeInteger(version) && version >= 1) return version;
  const detail = `ifVersion is a whole number from 1; this is ${String(version)}`;
  throw ownError("INVALID_REQUEST", detail);
}

/** Conditions as headers. `ifVersion` says more than `ifPresent`, and takes its place. */
export function conditionHeaders(conditions: Conditions): Record<string, string> {
  const { ifVersion, ifAbsent, ifPresent } = conditions;
  const headers: Record<string, string> = {};
  if (ifVersion !== undefined) headers["if-match"] = `"${checkVersion(ifVersion)}"`;
  else if (ifPresent === true) headers["if-match"] = "*";
  if (ifAbsent === true) headers["if-none-match"] = "*";
  return headers;
}
