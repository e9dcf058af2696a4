/**
 * What the engine tells of changes to those who want to know: which key, and what became of it.
 */
import { DELETE_REASON } from "../format/record.ts";
import type { NamespaceId } from "../memory/namespaces.ts";

/** What an observer is told of; a key that is `created` was not there before. */
export const CHANGE = {
  set: 0,
  created: 1,
  deleted: 2,
  expired: 3,
  evicted: 4,
  deadline: 5,
  persisted: 6,
  cleared: 7,
} as const;

/** What the removal of a key is, by its DELETE_REASON. */
export const REMOVALS = {
  [DELETE_REASON.user]: CHANGE.deleted,
  [DELETE_REASON.expired]: CHANGE.expired,
  [DELETE_REASON.evicted]: CHANGE.evicted,
} as Readonly<Record<number, number>>;

export interface Observer {
  /**
   * Called within the write, after it has been logged; must not write itself, nor keep the bytes.
   *
   * @param change one of CHANGE; a `cleared` namespace comes without a key
   * @param seq of the record: what the change may be shown after
   */
  changed(
    change: number,
    namespace: NamespaceId,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void;
}
