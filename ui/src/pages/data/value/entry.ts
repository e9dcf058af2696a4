/** A value as the panel holds it, and as text to look at and to change. */
import { rawJson } from "pykv/client";
import type { BytesEntry, RawJson } from "pykv/client";
import { compactJson, isJsonDocument, jsonFault, prettyJson } from "../../../lib/json-layout.ts";
import type { View } from "../address.ts";

export interface Entry extends BytesEntry {
  /** When it expires, in milliseconds since 1970; null never. */
  readonly deadlineMs: number | null;
}

/** What was typed in place of a value and is not saved yet. */
export interface Draft {
  readonly kind: "text" | "json";
  /** The view it was begun in: in that of JSON it has to be valid. */
  readonly view: "text" | "json";
  readonly text: string;
  /** The version that was read before; null when the key was not there. */
  readonly baseVersion: number | null;
  /** Whether the text was laid out for reading, so that what is saved is compact again. */
  readonly isLaidOut: boolean;
}

/** Beyond this a text is too large to be edited in place; files still go in and out. */
export const EDITABLE_BYTES_MAX = 8 * 1024 * 1024;
/** JSON is looked for only in so much text: it is parsed each time a value is opened. */
const JSON_GUESS_BYTES_MAX = 4 * 1024 * 1024;

/** The text that the bytes are; null when they are not UTF-8, or too many. */
export function textOf({ bytes, kind }: Entry): string | null {
  if (kind === "binary" || bytes.length > EDITABLE_BYTES_MAX) return null;
  return decode(bytes);
}

/** Which views can show it, the one that suits it best first. */
export function viewsOf(entry: Entry): readonly View[] {
  const text = textOf(entry);
  if (text === null) return ["hex"];
  if (entry.kind === "json") return ["json", "text", "hex"];
  const isJson = entry.bytes.length <= JSON_GUESS_BYTES_MAX && isJsonDocument(text);
  return isJson ? ["json", "text", "hex"] : ["text", "hex"];
}

/** What a view shows, and where editing starts. */
export function shownText(entry: Entry, view: "text" | "json"): string {
  const text = textOf(entry) ?? "";
  return view === "json" && isCompact(text) ? prettyJson(text) : text;
}

export function draftOf(entry: Entry, view: "text" | "json"): Draft {
  const text = shownText(entry, view);
  return {
    kind: entry.kind === "json" ? "json" : "text",
    view,
    text,
    baseVersion: entry.version,
    isLaidOut: view === "json" && isCompact(textOf(entry) ?? ""),
  };
}

/** Whether saving it would change nothing. */
export function isUnchanged(draft: Draft, entry: Entry): boolean {
  const kind = entry.kind === "json" ? "json" : "text";
  return draft.kind === kind && draft.text === shownText(entry, draft.view);
}

/** Why a draft can't be saved, or null. */
export function draftFault(draft: Draft): string | null {
  if (draft.kind === "text" && draft.view === "text") return null;
  return jsonFault(draft.text);
}

/** What to send for a draft that has no fault. Throws INVALID_JSON for one that has. */
export function storableOf({ kind, text, isLaidOut }: Draft): string | RawJson {
  const stored = isLaidOut && jsonFault(text) === null ? compactJson(text) : text;
  return kind === "json" ? rawJson(stored) : stored;
}

/** What to send for a value that is not to change at all. */
export function storableOfEntry({ bytes, kind }: BytesEntry): string | Uint8Array | RawJson {
  if (kind === "binary") return bytes;
  const text = decode(bytes) ?? "";
  return kind === "json" ? rawJson(text) : text;
}

/** Whether the server holds what the draft says, so that a save that seemed to fail was made. */
export function isSaved(draft: Draft, entry: Entry): boolean {
  const stored = storableOf(draft);
  const text = typeof stored === "string" ? stored : stored.text;
  return decode(entry.bytes) === text;
}

/** The integer that the value is, as the server's increments take it; null when it is none. */
export function integerOf({ bytes, kind }: Entry): bigint | null {
  if (kind === "binary" || bytes.length > INTEGER_DIGITS_MAX) return null;
  const text = decode(bytes) ?? "";
  return /^-?(?:0|[1-9]\d*)$/.test(text) ? BigInt(text) : null;
}

/** With its sign. */
const INTEGER_DIGITS_MAX = 20;

/** What a stored draft has to look like. */
export function readDraft(stored: unknown): Draft | undefined {
  const draft = Object(stored) as Partial<Draft>;
  const isDraft =
    (draft.kind === "text" || draft.kind === "json") &&
    (draft.view === "text" || draft.view === "json") &&
    typeof draft.text === "string" &&
    (draft.baseVersion === null || typeof draft.baseVersion === "number");
  return isDraft ? (draft as Draft) : undefined;
}

export function draftId(namespace: string, key: string): string {
  return `${draftPrefix(namespace)}${key}`;
}

/** What the ids of all drafts in a namespace start with; no namespace has a line break. */
export function draftPrefix(namespace: string): string {
  return `value:${namespace}\n`;
}

function isCompact(text: string): boolean {
  return !text.includes("\n");
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
