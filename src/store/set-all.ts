/**
 * Several keys set at once, all or none: what MSET is made of.
 *
 * The log is asked for all records and memory is found for all values before the first is written, so
 * a refusal changes nothing but what had to be evicted, and the records share a frame.
 */
import { recordBytes } from "../format/record.ts";
import { entryBytes } from "../memory/entry.ts";
import type { BlockRef } from "../memory/arena.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import { memoryFull } from "./refusals.ts";
import type { Draft, Engine, Verdict } from "./engine.ts";

/** Each try but the first comes after evictions; two are enough unless the memory is tiny. */
const TRIES_MAX = 4;

/**
 * Writes the drafts, in order, so that of two with the same key the later one stands; their
 * conditions are not looked at. Throws what `Engine.set` throws.
 */
export function setAll(engine: Engine, drafts: readonly Draft[]): Verdict {
  let bytes = 0;
  for (const draft of drafts) {
    engine.checkValue(draft.valueLength);
    engine.namespaceFor(draft.namespace);
    const { deadlineMs, keyLength, valueLength } = draft;
    bytes += recordBytes(deadlineMs, draft.namespace.length, keyLength, valueLength);
  }
  if (!engine.begin(bytes)) return "wait";
  try {
    engine.spend(bytes);
    return putAll(engine, drafts, bytes);
  } finally {
    engine.end();
  }
}

function putAll(engine: Engine, drafts: readonly Draft[], bytes: number): Verdict {
  const { table, journal } = engine;
  const sizes = drafts.map(({ keyLength, valueLength, deadlineMs }) =>
    entryBytes(keyLength, valueLength, deadlineMs > 0),
  );
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const before = journal.lastSeq;
    const namespaces = namespacesOfNew(engine, drafts);
    const blocks = table.makeRoomForAll(namespaces, sizes, engine.evictBeside(bytes));
    if (blocks === null) break;
    if (journal.lastSeq === before) {
      drafts.forEach((draft, i) => put(engine, draft, blocks[i]!));
      return "done";
    }
    // A victim may have been one of the keys, which is new then: count once more.
    for (const block of blocks) table.returnRoom(NO_SLOT, block);
  }
  if (engine.evictionVerdict instanceof Error) throw engine.evictionVerdict;
  throw memoryFull(table);
}

/** The namespace of every key that is not there; those that are become the last to be evicted. */
function namespacesOfNew(engine: Engine, drafts: readonly Draft[]): NamespaceId[] {
  const { table } = engine;
  const namespaces: NamespaceId[] = [];
  for (const { namespace: name, key, keyAt, keyLength } of drafts) {
    const namespace = engine.namespaceFor(name);
    const hash = table.hash(namespace, key, keyAt, keyLength);
    const slot = table.find(namespace, hash, key, keyAt, keyLength);
    if (slot === NO_SLOT) namespaces.push(namespace);
    else table.touch(namespace, slot);
  }
  return namespaces;
}

function put(engine: Engine, draft: Draft, block: BlockRef): void {
  const { table } = engine;
  const { key, keyAt, keyLength, deadlineMs } = draft;
  const namespace = engine.namespaceFor(draft.namespace);
  const hash = table.hash(namespace, key, keyAt, keyLength);
  const slot = table.find(namespace, hash, key, keyAt, keyLength);
  const isLive = slot !== NO_SLOT && !table.isExpired(slot);
  engine.put(namespace, hash, slot, isLive, block, draft, deadlineMs);
}
