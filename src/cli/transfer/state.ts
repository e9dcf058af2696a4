/**
 * The state of an import beside its input, so that one that was cut short can go on.
 *
 * It holds the place up to which everything is in the store, and a fingerprint of the input, so that
 * it is never applied to another one. For a plain file the fingerprint is of what lies before the
 * place: a bad line further on may be mended before the import goes on, and more may be appended. A
 * compressed file can't be mended in its middle, so its fingerprint is of the file as it is.
 *
 * The file is replaced as a whole, so that there is always a good one.
 */
import { createHash } from "node:crypto";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { KiB } from "../../base/units.ts";
import { Failure } from "../exit.ts";
import type { Place } from "./pieces.ts";

/** What was counted so far, for the summary at the end. */
export interface Tally {
  readonly read: number;
  readonly stored: number;
  readonly kept: number;
  readonly expired: number;
  readonly bad: number;
  readonly filtered: number;
}

export interface ImportState {
  readonly place: Place;
  readonly fingerprint: string;
  /** Where it was imported to: servers, namespace and the like, as one text. */
  readonly target: string;
  readonly tally: Tally;
}

const FORMAT = "pykv-import-state";
const VERSION = 1;
const WINDOW_BYTES = 64 * KiB;

/** SHA-256 over the beginning and the end of the first `bytes` bytes of a file, and that number. */
export async function fingerprint(path: string, bytes: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const hash = createHash("sha256").update(`${bytes}\n`);
    const headBytes = Math.min(WINDOW_BYTES, bytes);
    const tailBytes = Math.min(WINDOW_BYTES, bytes - headBytes);
    for (const [at, length] of [
      [0, headBytes],
      [bytes - tailBytes, tailBytes],
    ] as const) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

export async function saveState(path: string, state: ImportState): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, version: VERSION, ...state }, null, 2);
  const fresh = `${path}.new`;
  await writeFile(fresh, `${text}\n`);
  await rename(fresh, path);
}

export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** The state that is there; null when there is none. Throws Failure for a file that is no state. */
export async function loadState(path: string): Promise<ImportState | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const parsed = parse(text);
  if (isState(parsed)) return parsed;
  throw new Failure(`${path} is no state of an import; name another file with --state`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isState(value: unknown): value is ImportState {
  if (typeof value !== "object" || value === null) return false;
  const { format, version, place, fingerprint, target, tally } = value as Record<string, unknown>;
  const isRight = format === FORMAT && version === VERSION;
  return (
    isRight &&
    typeof fingerprint === "string" &&
    typeof target === "string" &&
    areCounts(place, ["offset", "line"]) &&
    areCounts(tally, ["read", "stored", "kept", "expired", "bad", "filtered"])
  );
}

function areCounts(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  return names.every((name) => Number.isSafeInteger(fields[name]) && Number(fields[name]) >= 0);
}
