/**
 * An atomic batch: all of its operations or none, as one log frame.
 *
 * It is planned before it is done. The plan runs the operations over an overlay, so that each sees
 * what those before it did, and ends in a list of effects (a value for a key, or its end) or in an
 * error that names the operation; nothing has changed so far. Then the log is asked for room for all
 * records, memory is found for all values at once, and only then the effects are logged and applied,
 * without an await in between: so they share a frame, and a crash keeps all of them or none.
 *
 * The batch's own keys are touched first: if something must be evicted to make room, they go last.
 */
import { PyKVError } from "../base/errors.ts";
import { DELETE_REASON, recordBytes } from "../format/record.ts";
import { entryBytes } from "../memory/entry.ts";
import type { BlockRef } from "../memory/arena.ts";
import { NO_NAMESPACE } from "../memory/namespaces.ts";
import type { NamespaceId } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import { conditionHolds, memoryFull } from "./refusals.ts";
import type { Draft, Engine } from "./engine.ts";
import { addInteger } from "./integers.ts";
import { writeKey } from "./names.ts";
import type { BatchOperation, BatchResult, Condition, Entry } from "./types.ts";
import { copyEntry, isAscii, kindNumber, valueBytes } from "./values.ts";

/** Each plan but the first comes after evictions; two are enough unless the memory is tiny. */
const PLANS_MAX = 4;
const ZERO = Buffer.from("0");
const REAP_SLOTS = 1024;

/** What a key is worth in the middle of the batch. */
interface State {
  readonly namespace: string;
  readonly key: Buffer;
  /** Null when the key is not there. Its version is 0 when this batch has written it. */
  readonly entry: Entry | null;
  /** Index of the effect that wrote it, or -1. */
  readonly effect: number;
}

interface Effect {
  readonly namespace: string;
  readonly key: Buffer;
  /** Null ends the key. */
  readonly entry: Entry | null;
  readonly isNew: boolean;
}

/** What the plan says of an operation; a version that is not known yet comes from its effect. */
interface Step {
  readonly result: (version: number) => BatchResult;
  /** Index of its effect, or -1. */
  readonly effect: number;
}

interface Plan {
  readonly steps: readonly Step[];
  readonly effects: readonly Effect[];
  /** What must be acknowledged before anything that the plan read may be shown. */
  readonly barrier: number;
}

export type AtomicBatch =
  | { readonly verdict: "wait"; readonly bytesWanted: number }
  | { readonly verdict: "done"; readonly results: BatchResult[]; readonly barrier: number };

/**
 * Does the batch, or says to wait. Throws CONDITION_FAILED, NOT_AN_INTEGER, MEMORY_FULL and the
 * errors of a single write; then nothing has changed.
 */
export function runAtomicBatch(
  engine: Engine,
  operations: readonly BatchOperation[],
  valueBytesMax: number,
): AtomicBatch {
  for (let tries = 0; tries < PLANS_MAX; tries++) {
    const plan = new Planner(engine, valueBytesMax).plan(operations);
    const bytes = logBytes(engine, plan.effects);
    const admitted = engine.journal.admit(bytes);
    if (admitted === "wait") return { verdict: "wait", bytesWanted: bytes };
    if (admitted !== "ok") throw admitted;
    const before = engine.journal.lastSeq;
    const blocks = findRoom(engine, plan.effects, bytes);
    if (blocks === null) return { verdict: "wait", bytesWanted: engine.bytesWanted };
    if (engine.journal.lastSeq === before) return carryOut(engine, plan, blocks);
    // Evictions made room, and may have taken keys that the plan had seen: plan once more.
    for (const block of blocks) if (block !== null) engine.table.returnRoom(NO_SLOT, block);
  }
  throw memoryFull(engine.table);
}

function carryOut(engine: Engine, plan: Plan, blocks: readonly (BlockRef | null)[]): AtomicBatch {
  const versions = plan.effects.map((effect, i) => perform(engine, effect, blocks[i] ?? null));
  const last = versions.at(-1) ?? plan.barrier;
  return {
    verdict: "done",
    results: plan.steps.map((step) => step.result(step.effect < 0 ? 0 : versions[step.effect]!)),
    barrier: last > engine.journal.ackSeq ? last : 0,
  };
}

class Planner {
  readonly #engine: Engine;
  readonly #valueBytesMax: number;
  readonly #states = new Map<string, State>();
  readonly #effects: Effect[] = [];
  #barrier = 0;

  constructor(engine: Engine, valueBytesMax: number) {
    this.#engine = engine;
    this.#valueBytesMax = valueBytesMax;
  }

  plan(operations: readonly BatchOperation[]): Plan {
    const steps = operations.map((operation, i) => {
      try {
        return this.#step(operation);
      } catch (error) {
        // A refusal shows what was read, so it waits for that as a result would.
        this.#engine.barrier = this.#barrier;
        throw inOperation(error, i);
      }
    });
    return { steps, effects: this.#effects, barrier: this.#barrier };
  }

  #step(operation: BatchOperation): Step {
    const state = this.#stateOf(operation.namespace, operation.key);
    const { entry } = state;
    if (operation.op === "get") {
      const isWritten = entry !== null && state.effect >= 0;
      return {
        result: (version) => ({ op: "get", entry: isWritten ? { ...entry, version } : entry }),
        effect: state.effect,
      };
    }
    this.#check(operation, entry);
    if (operation.op === "delete") {
      const exists = entry !== null;
      if (!exists) {
        return { result: () => ({ op: "delete", outcome: { done: false, exists } }), effect: -1 };
      }
      const effect = this.#put(state, null);
      return {
        result: (version) => ({
          op: "delete",
          outcome: { done: true, version, created: false, deadlineMs: 0 },
        }),
        effect,
      };
    }
    return operation.op === "set" ? this.#set(operation, state) : this.#incr(operation, state);
  }

  #set(operation: BatchOperation & { op: "set" }, state: State): Step {
    const value = valueBytes(operation.value);
    if (value.length > this.#valueBytesMax) {
      const detail = `the value has ${value.length} bytes, the limit is ${this.#valueBytesMax}`;
      throw new PyKVError("VALUE_TOO_LARGE", detail);
    }
    const kept = operation.keepDeadline === true && state.entry !== null;
    const deadlineMs = kept ? state.entry.deadlineMs : (operation.deadlineMs ?? 0);
    const created = state.entry === null;
    const effect = this.#put(state, { kind: operation.kind, value, version: 0, deadlineMs });
    return {
      result: (version) => ({ op: "set", outcome: { done: true, version, created, deadlineMs } }),
      effect,
    };
  }

  #incr(operation: BatchOperation & { op: "incr" }, state: State): Step {
    const { entry } = state;
    const old = entry === null ? ZERO : entry.value;
    const value = BigInt(addInteger(old, 0, old.length, operation.by));
    const deadlineMs = entry === null ? (operation.deadlineMs ?? 0) : entry.deadlineMs;
    const effect = this.#put(state, {
      kind: entry === null ? "json" : entry.kind,
      value: Buffer.from(value.toString()),
      version: 0,
      deadlineMs,
    });
    const created = entry === null;
    return {
      result: (version) => ({
        op: "incr",
        outcome: { done: true, version, created, deadlineMs, value },
      }),
      effect,
    };
  }

  #check(condition: Condition, entry: Entry | null): void {
    if (conditionHolds(condition, entry !== null, entry?.version ?? 0)) return;
    throw new PyKVError("CONDITION_FAILED", "nothing of the batch was done");
  }

  #put(state: State, entry: Entry | null): number {
    const { namespace, key } = state;
    const effect = this.#effects.push({ namespace, key, entry, isNew: state.entry === null }) - 1;
    this.#states.set(idOf(namespace, key), { namespace, key, entry, effect });
    return effect;
  }

  #stateOf(namespace: string, key: string): State {
    const scratch = Buffer.allocUnsafe(key.length * 3);
    const bytes = scratch.subarray(0, writeKey(scratch, key));
    const known = this.#states.get(idOf(namespace, bytes));
    if (known !== undefined) return known;
    const engine = this.#engine;
    const slot = engine.read(namespace, bytes, 0, bytes.length, true);
    this.#barrier = Math.max(this.#barrier, engine.barrier);
    const entry = slot === NO_SLOT ? null : copyEntry(engine.table, slot);
    const state = { namespace, key: bytes, entry, effect: -1 };
    this.#states.set(idOf(namespace, bytes), state);
    return state;
  }
}

/** A namespace's name has no space in it, so the two can't run into each other. */
function idOf(namespace: string, key: Buffer): string {
  return `${namespace} ${key.toString("latin1")}`;
}

function inOperation(error: unknown, index: number): unknown {
  if (!(error instanceof PyKVError)) return error;
  return new PyKVError(error.code, `operations/${index}: ${error.detail}`, { cause: error });
}

/** Making a namespace may take the record of an empty one, which may be another of the batch. */
function makeNamespaces(engine: Engine, names: ReadonlySet<string>): void {
  const { table } = engine;
  for (let tries = 0; ; tries++) {
    for (const name of names) engine.namespaceFor(name);
    if ([...names].every((name) => table.namespaces.find(name) !== NO_NAMESPACE)) return;
    // Records are taken in turn, so all of them have been tried by now.
    if (tries > names.size && table.reap(REAP_SLOTS) === 0) {
      throw new PyKVError("TOO_MANY_NAMESPACES", "there is no room for all that the batch needs");
    }
  }
}

function logBytes(engine: Engine, effects: readonly Effect[]): number {
  makeNamespaces(engine, new Set(effects.map(({ namespace }) => namespace)));
  let bytes = 0;
  for (const { namespace, key, entry } of effects) {
    const deadlineMs = entry?.deadlineMs ?? 0;
    bytes += recordBytes(deadlineMs, namespace.length, key.length, entry?.value.length ?? 0);
  }
  return bytes;
}

/** A block for each effect that has a value; null to wait. Throws MEMORY_FULL. */
function findRoom(
  engine: Engine,
  effects: readonly Effect[],
  bytes: number,
): readonly (BlockRef | null)[] | null {
  const { table } = engine;
  const namespaces: NamespaceId[] = [];
  const sizes: number[] = [];
  for (const { namespace, key, entry, isNew } of effects) {
    if (entry === null) continue;
    if (isNew) namespaces.push(engine.namespaceFor(namespace));
    sizes.push(entryBytes(key.length, entry.value.length, entry.deadlineMs > 0));
  }
  const evict = engine.evictBeside(bytes);
  const blocks = table.makeRoomForAll(namespaces, sizes, evict);
  if (blocks === null) {
    if (engine.evictionVerdict === "wait") return null;
    if (engine.evictionVerdict !== "ok") throw engine.evictionVerdict;
    throw memoryFull(table);
  }
  let taken = 0;
  return effects.map(({ entry }) => (entry === null ? null : blocks[taken++]!));
}

function perform(engine: Engine, effect: Effect, block: BlockRef | null): number {
  const { table } = engine;
  const { key, entry } = effect;
  const namespace = engine.namespaceFor(effect.namespace);
  const hash = table.hash(namespace, key, 0, key.length);
  const slot = table.find(namespace, hash, key, 0, key.length);
  if (entry === null || block === null) return engine.remove(slot, DELETE_REASON.user);
  const { value, deadlineMs } = entry;
  const isLive = slot !== NO_SLOT && !table.isExpired(slot);
  const draft: Draft = {
    namespace: effect.namespace,
    key,
    keyAt: 0,
    keyLength: key.length,
    value,
    valueAt: 0,
    valueLength: value.length,
    kind: kindNumber(entry.kind),
    ascii: isAscii(value),
    deadlineMs,
    keepDeadline: false,
    condition: null,
  };
  return engine.put(namespace, hash, slot, isLive, block, draft, deadlineMs);
}
