/**
 * Saving a draft on the condition that nobody has changed the key since it was read.
 *
 * When somebody has, both values are kept and the user decides. When no answer comes, the draft stays
 * and saving again is safe: had the first attempt been made, the version is another one now, and what
 * the server holds is what was to be saved.
 */
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { isCode, kv } from "../../../lib/kv.ts";
import { isSaved, storableOf } from "./entry.ts";
import type { Draft, Entry } from "./entry.ts";
import { readEntry } from "./use-entry.ts";

export type SaveState =
  | { readonly phase: "idle" }
  | { readonly phase: "saving" }
  | { readonly phase: "failed"; readonly error: unknown }
  /** `theirs` is null when the key is gone. */
  | { readonly phase: "conflict"; readonly theirs: Entry | null };

export interface Saving {
  readonly state: SaveState;
  /** Saves; with `baseVersion` in place of the draft's when the user has seen that one. */
  readonly save: (draft: Draft, baseVersion?: number | null) => Promise<void>;
  readonly dismiss: () => void;
}

const IDLE: SaveState = { phase: "idle" };

/** `onSaved` is told what the server holds now; the draft is done with. */
export function useSave(namespace: string, key: string, onSaved: (entry: Entry) => void): Saving {
  const [state, setState] = useState<SaveState>(IDLE);
  const done = async (): Promise<void> => {
    const entry = await readEntry(namespace, key);
    setState(IDLE);
    if (entry === null) return;
    notifications.show({ message: `Saved as version ${entry.version}`, autoClose: 2000 });
    onSaved(entry);
  };
  const save = async (draft: Draft, baseVersion = draft.baseVersion): Promise<void> => {
    setState({ phase: "saving" });
    try {
      await write(namespace, key, draft, baseVersion);
      await done();
    } catch (error) {
      if (!isCode(error, "CONDITION_FAILED", "KEY_NOT_FOUND")) {
        setState({ phase: "failed", error });
        return;
      }
      const theirs = await readEntry(namespace, key).catch(() => undefined);
      if (theirs === undefined) setState({ phase: "failed", error });
      else if (theirs !== null && isSaved(draft, theirs)) await done();
      else setState({ phase: "conflict", theirs });
    }
  };
  return { state, save, dismiss: () => setState(IDLE) };
}

/** The time to live stays as it is; a key that was gone is added without one. */
async function write(
  namespace: string,
  key: string,
  draft: Draft,
  baseVersion: number | null,
): Promise<void> {
  const space = kv.namespace(namespace);
  const value = storableOf(draft);
  if (baseVersion === null) await space.set(key, value, { ifAbsent: true });
  else await space.update(key, value, { ifVersion: baseVersion });
}
