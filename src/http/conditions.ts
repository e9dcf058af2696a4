/**
 * If-Match and If-None-Match: optimistic concurrency over entity tags, as in RFC 9110, section 13.
 *
 * An entity tag is the entry's version in quotes. The store can test one version while it writes.
 * A list of several is turned into that: look which version is there, judge it by the list, and
 * write on the condition that it still is the one judged; when another writer was faster, look
 * again. If-Match compares strongly, so weak tags never match; If-None-Match compares weakly.
 */
import type { Condition, StoreApi } from "../store/types.ts";
import { fieldError } from "./problem.ts";

/** `*`, or the versions listed; a tag that is no version of ours is left out, since none matches. */
type Tags = "*" | readonly number[];

export interface Preconditions {
  readonly match: Tags | null;
  readonly noneMatch: Tags | null;
}

/** What this needs of a request's headers. */
export interface ConditionHeaders {
  readonly "if-match"?: string | undefined;
  readonly "if-none-match"?: string | undefined;
}

/** Writers that may be faster before a list of tags gives up; a single tag needs one attempt. */
const ATTEMPTS_MAX = 16;

const TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;
const VERSION = /^[1-9]\d{0,15}$/;

interface Unmet {
  readonly done: false;
  readonly exists: boolean;
}

/** The entity tag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** @throws INVALID_REQUEST naming the header, when it is not a list of entity tags. */
export function parsePreconditions(headers: ConditionHeaders): Preconditions | null {
  const match = headers["if-match"];
  const noneMatch = headers["if-none-match"];
  if (match === undefined && noneMatch === undefined) return null;
  return {
    match: match === undefined ? null : parseTags(match, "if-match", false),
    noneMatch: noneMatch === undefined ? null : parseTags(noneMatch, "if-none-match", true),
  };
}

/** Whether a read's If-None-Match says that the client has this version already. */
export function isFresh(noneMatch: string | undefined, version: number): boolean {
  if (noneMatch === undefined) return false;
  if (noneMatch === `"${version}"`) return true;
  const tags = parseTags(noneMatch, "if-none-match", true);
  return tags === "*" || tags.includes(version);
}

/**
 * Makes a write on the conditions of a request.
 *
 * @param write makes the write on a condition that the store can test.
 */
export async function writeWhen<Outcome extends { readonly done: boolean }>(
  store: StoreApi,
  target: { readonly namespace: string; readonly key: string },
  preconditions: Preconditions | null,
  write: (condition: Condition) => Promise<Outcome>,
): Promise<Outcome | Unmet> {
  const condition = preconditions === null ? {} : singleCondition(preconditions);
  if (condition !== null) return write(condition);
  let outcome: Outcome | Unmet = { done: false, exists: false };
  for (let attempt = 0; attempt < ATTEMPTS_MAX && !outcome.done; attempt++) {
    const version = store.peek(target.namespace, target.key)?.version ?? null;
    const barrier = store.readBarrier;
    if (!holds(preconditions!, version)) {
      if (barrier > 0) await store.acknowledged(barrier);
      return { done: false, exists: version !== null };
    }
    outcome = await write(version === null ? { ifAbsent: true } : { ifVersion: version });
  }
  return outcome;
}

/** The same as a condition that the store tests, or null when it takes more than one version. */
function singleCondition({ match, noneMatch }: Preconditions): Condition | null {
  const matching = versionsOf(match);
  const excluded = versionsOf(noneMatch);
  if (match !== null && match !== "*" && matching.length !== 1) return null;
  if (excluded.length > 1) return null;
  return {
    ifPresent: match === "*" ? true : undefined,
    ifVersion: matching[0],
    ifAbsent: noneMatch === "*" ? true : undefined,
    ifNotVersion: excluded[0],
  };
}

function versionsOf(tags: Tags | null): readonly number[] {
  return tags === null || tags === "*" ? [] : tags;
}

function holds({ match, noneMatch }: Preconditions, version: number | null): boolean {
  if (match !== null && !includes(match, version)) return false;
  return noneMatch === null || !includes(noneMatch, version);
}

function includes(tags: Tags, version: number | null): boolean {
  return version !== null && (tags === "*" || tags.includes(version));
}

function parseTags(header: string, name: string, weakToo: boolean): Tags {
  if (header.trim() === "*") return "*";
  const versions: number[] = [];
  for (const part of splitTags(header)) {
    const tag = TAG.exec(part);
    if (tag === null) {
      throw fieldError("INVALID_REQUEST", `header/${name}`, 'must be * or a list such as "7", "9"');
    }
    const [, weak, opaque = ""] = tag;
    const version = VERSION.test(opaque) ? Number(opaque) : 0;
    if (version > 0 && (weakToo || weak === undefined)) versions.push(version);
  }
  return versions;
}

/** Splits at commas outside of quotes: an opaque tag may contain one. */
function splitTags(header: string): string[] {
  const parts = header.match(/(?:[^,"]|"[^"]*"?)+/g) ?? [""];
  return parts.map((part) => part.trim());
}
