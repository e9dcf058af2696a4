/**
 * What a test knows of a store from outside: every change that went into its log, which of them were
 * acknowledged or shown to a reader, and so what the table must be at any seq.
 *
 * It listens where the engine hands records to the log, so it knows of changes that never reached
 * the disk too. The model is a plain Map, folded from the changes anew for every question: slow, and
 * with nothing in it that could share a mistake with the table.
 */
import { DELETE_REASON, LOW_BITS_MASK, OP } from "../../src/format/record.ts";
import { NO_SLOT } from "../../src/memory/slots.ts";
import type { Engine } from "../../src/store/engine.ts";

/** One record as the engine handed it to the log; keys and values as latin1. */
export interface Effect {
  readonly seq: number;
  readonly op: number;
  /** Kind of a SET, reason of a DELETE. */
  readonly low: number;
  readonly deadlineMs: number;
  readonly namespace: string;
  readonly key: string;
  readonly value: string;
}

interface ModelEntry {
  readonly kind: number;
  readonly value: string;
  readonly deadlineMs: number;
  readonly version: number;
}

export class Witness {
  readonly effects: Effect[] = [];
  /** The highest seq that a caller was told is kept, as the result of a write or of a read. */
  acknowledgedSeq = 0;
  /** The highest seq that a flush covered. */
  flushedSeq = 0;
  /** First and last seq of each atomic batch. */
  readonly #batches = new Map<string, { first: number; last: number }>();

  /** Listens to a store from now on; its log must be empty, or this witness must know all of it. */
  watch(engine: Engine): void {
    const { journal } = engine;
    const append = journal.append.bind(journal);
    journal.append = (op, flags, deadlineMs, ns, key, keyAt, keyLen, value, valueAt, valueLen) => {
      const effect = {
        op,
        low: flags & LOW_BITS_MASK,
        deadlineMs,
        namespace: latin1(ns, 0, ns.length),
        key: latin1(key, keyAt, keyLen),
        value: latin1(value, valueAt, valueLen),
      };
      const seq = append(op, flags, deadlineMs, ns, key, keyAt, keyLen, value, valueAt, valueLen);
      this.#note({ seq, ...effect });
      return seq;
    };
  }

  get lastSeq(): number {
    return this.effects.length;
  }

  effect(seq: number): Effect | undefined {
    return this.effects[seq - 1];
  }

  acknowledge(seq: number): void {
    this.acknowledgedSeq = Math.max(this.acknowledgedSeq, seq);
  }

  /** Whether a log that ends with this seq would hold a part of an atomic batch. */
  splitsBatch(lastSeq: number): boolean {
    for (const { first, last } of this.#batches.values()) {
      if (lastSeq >= first && lastSeq < last) return true;
    }
    return false;
  }

  /** The seq of the last record that took the key away, or 0. */
  lastRemoval(namespace: string, key: string): number {
    const removal = this.effects.findLast(
      (effect) =>
        effect.namespace === namespace &&
        (effect.op === OP.CLEAR || (effect.op === OP.DELETE && effect.key === key)),
    );
    return removal?.seq ?? 0;
  }

  /** The seq of the last swap of namespaces, or 0: nothing may be shown without it. */
  get lastSwap(): number {
    return this.effects.findLast(({ op }) => op === OP.SWAP)?.seq ?? 0;
  }

  /** The table after the first `seq` changes, one line an entry. */
  tableAt(seq: number): string[] {
    return tableAfter(this.effects.slice(0, seq));
  }

  /** Forgets what a crash took: the store goes on from here, with all of it durable. */
  rewind(lastSeq: number): void {
    this.effects.length = lastSeq;
    this.acknowledgedSeq = lastSeq;
    this.flushedSeq = lastSeq;
    for (const [id, batch] of this.#batches) if (batch.first > lastSeq) this.#batches.delete(id);
  }

  #note(effect: Effect): void {
    if (effect.seq !== this.effects.length + 1) {
      throw new Error(`seq ${effect.seq} came after seq ${this.effects.length}`);
    }
    this.effects.push(effect);
    const id = batchOf(effect.value);
    if (id === null) return;
    const first = this.#batches.get(id)?.first ?? effect.seq;
    this.#batches.set(id, { first, last: effect.seq });
  }
}

/** The table after these changes and no others, one line an entry. */
export function tableAfter(effects: readonly Effect[]): string[] {
  const model = new Map<string, ModelEntry>();
  for (const effect of effects) fold(model, effect);
  return lines(model);
}

/** The value of a key that an atomic batch sets: the witness knows the batch by it. */
export function batchValue(id: number, text: string): string {
  return `batch ${id}: ${text}`;
}

function batchOf(value: string): string | null {
  return /^batch (\d+):/.exec(value)?.[1] ?? null;
}

/** The table as it is, one line an entry, those past their deadline and not yet swept included. */
export function tableOf(engine: Engine): string[] {
  const { table } = engine;
  const found = new Map<string, ModelEntry>();
  for (const namespace of table.namespaces.live()) {
    const cursor = { ordinal: 0, page: 0, place: 0 };
    for (;;) {
      const slot = table.next(namespace, cursor, Infinity);
      if (slot === NO_SLOT) break;
      const key = latin1(table.shard.bytes, table.keyAt(slot), table.keyLength(slot));
      found.set(`${table.namespaces.name(namespace)} ${key}`, {
        kind: table.kind(slot),
        value: latin1(table.shard.bytes, table.valueAt(slot), table.valueLength(slot)),
        deadlineMs: table.deadline(slot),
        version: table.version(slot),
      });
    }
  }
  return lines(found);
}

/** What kinds of change there are among the effects; for proving that a run covers them all. */
export function kindsOf(effects: readonly Effect[]): Set<string> {
  const ops = new Map(Object.entries(OP).map(([name, op]) => [op as number, name]));
  const reasons = new Map(
    Object.entries(DELETE_REASON).map(([name, low]) => [low as number, name]),
  );
  return new Set(
    effects.map(({ op, low, deadlineMs }) => {
      if (op === OP.DELETE) return `DELETE ${reasons.get(low) ?? "?"}`;
      return `${ops.get(op) ?? "?"}${deadlineMs > 0 ? " with deadline" : ""}`;
    }),
  );
}

function fold(model: Map<string, ModelEntry>, effect: Effect): void {
  const { seq: version, op, low: kind, deadlineMs, namespace, value } = effect;
  const id = `${namespace} ${effect.key}`;
  const known = model.get(id);
  if (op === OP.SET) model.set(id, { kind, value, deadlineMs, version });
  else if (op === OP.DELETE) model.delete(id);
  else if (op === OP.EXPIRE && known !== undefined)
    model.set(id, { ...known, deadlineMs, version });
  else if (op === OP.CLEAR) {
    for (const other of model.keys()) if (other.startsWith(`${namespace} `)) model.delete(other);
  } else if (op === OP.SWAP) swap(model, namespace, effect.key);
}

function swap(model: Map<string, ModelEntry>, one: string, other: string): void {
  const entries = [...model];
  model.clear();
  for (const [id, entry] of entries) {
    const [namespace = "", key = ""] = id.split(" ");
    const name = namespace === one ? other : namespace === other ? one : namespace;
    model.set(`${name} ${key}`, entry);
  }
}

function lines(entries: ReadonlyMap<string, ModelEntry>): string[] {
  return [...entries]
    .map(([id, { kind, value, deadlineMs, version }]) => {
      return `${id} = kind ${kind}, version ${version}, until ${deadlineMs}: ${value}`;
    })
    .sort();
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("latin1");
}
