/** A key on one line, as `list` prints it: alone, with its value, or with what is known of it. */
import type { KeyedBytesEntry } from "../../client/types.ts";
import type { CliIo } from "../io.ts";
import { styleOf } from "../terminal/style.ts";
import { safeLine } from "./escape.ts";
import { lineText, valueMembers, type StoredValue } from "./shown.ts";

/** A key, and the rest where it was asked for. */
export type ListedEntry = Pick<KeyedBytesEntry, "key"> & Partial<KeyedBytesEntry>;

export interface LineFlags {
  readonly json?: true;
  readonly values?: true;
  readonly long?: true;
}

const VERSION_COLUMNS = 10;
const TTL_COLUMNS = 12;
const SIZE_COLUMNS = 10;

/** Above the lines of --long. */
export const LONG_HEAD = `${columns("version", "ttl", "size")}key`;

/** Without a newline at its end. */
export function lineOf(entry: ListedEntry, flags: LineFlags, io: CliIo): string {
  const { key, version = 0, ttl = null } = entry;
  const stored = storedOf(entry);
  if (flags.json === true) return jsonLine(entry, stored, flags);
  const isTerminal = io.stdout.isTTY === true;
  const name = isTerminal || flags.values === true ? safeLine(key) : key;
  const shown = styleOf(io).name(name);
  const value = flags.values === true && stored !== null ? `\t${lineText(stored)}` : "";
  if (flags.long !== true) return shown + value;
  const left = ttl === null ? "-" : ttl.toFixed(1);
  return columns(String(version), left, String(stored?.bytes.length ?? 0)) + shown + value;
}

function jsonLine(
  { key, version, ttl = null }: ListedEntry,
  stored: StoredValue | null,
  { values, long }: LineFlags,
): string {
  const members = [`"key":${JSON.stringify(key)}`];
  if (stored !== null && values === true) members.push(valueMembers(stored));
  if (version !== undefined) members.push(`"version":${version},"ttl":${ttl}`);
  if (stored !== null && long === true) members.push(`"size":${stored.bytes.length}`);
  return `{${members.join(",")}}`;
}

function storedOf({ bytes, kind }: ListedEntry): StoredValue | null {
  return bytes === undefined || kind === undefined ? null : { bytes, kind };
}

function columns(version: string, ttl: string, size: string): string {
  const cells = [
    version.padStart(VERSION_COLUMNS),
    ttl.padStart(TTL_COLUMNS),
    size.padStart(SIZE_COLUMNS),
  ];
  return `${cells.join(" ")}  `;
}
