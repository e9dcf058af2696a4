/**
 * The operations of the workload, each with the check that its result is what went into the log.
 */
import { KIND } from "../../src/memory/entry.ts";
import type {
  BatchOperation,
  BatchResult,
  IncrementOutcome,
  SetRequest,
  WriteOutcome,
} from "../../src/store/types.ts";
import { OP } from "../../src/format/record.ts";
import { randomBelow } from "../support/random.ts";
import type { Random } from "../support/random.ts";
import { batchValue } from "./witness.ts";
import type { Witness } from "./witness.ts";
import type { Rig, Tracker } from "./workload.ts";

const NAMESPACES = ["default", "tenant-a", "tenant-b"] as const;
/** More than a namespace may hold, so that keys are evicted. */
const KEYS = 32;
const KINDS = ["text", "json", "bytes"] as const;

type Operation = (rig: Rig, tracker: Tracker, random: Random) => void;

/** Each as often as it stands here. */
// prettier-ignore
const OPERATIONS: readonly Operation[] = [
  set, set, set, set, set, setWithDeadline, setWithDeadline, conditionalSet, remove, remove,
  expire, expire, increment, increment, atomicBatch, atomicBatch, looseBatch, read, read, read,
];
/** Of so many operations, one is a clearing and one a swap. */
const RARE_ONE_IN = 60;

/** Starts an operation; what it draws from `random` depends on nothing else. */
export function act(rig: Rig, tracker: Tracker, random: Random): void {
  const rare = randomBelow(random, RARE_ONE_IN);
  if (rare === 0) return clear(rig, tracker, random);
  if (rare === 1) return swap(rig, tracker, random);
  const operation = OPERATIONS[randomBelow(random, OPERATIONS.length)]!;
  operation(rig, tracker, random);
}

function pickNamespace(random: Random): string {
  return NAMESPACES[randomBelow(random, NAMESPACES.length)]!;
}

function pickKey(random: Random): string {
  return `key-${randomBelow(random, KEYS)}`;
}

function drawValue(random: Random): string {
  const isLong = randomBelow(random, 20) === 0;
  const letter = String.fromCharCode(97 + randomBelow(random, 26));
  return letter.repeat(randomBelow(random, isLong ? 3000 : 120));
}

function drawSet(random: Random): SetRequest {
  return {
    namespace: pickNamespace(random),
    key: pickKey(random),
    kind: KINDS[randomBelow(random, KINDS.length)]!,
    value: drawValue(random),
  };
}

function set(rig: Rig, tracker: Tracker, random: Random): void {
  startSet(rig, tracker, drawSet(random));
}

function setWithDeadline(rig: Rig, tracker: Tracker, random: Random): void {
  const deadlineMs = rig.clock.nowMs() + 100 + randomBelow(random, 4000);
  const keepDeadline = randomBelow(random, 2) === 0;
  startSet(rig, tracker, { ...drawSet(random), deadlineMs, keepDeadline });
}

function conditionalSet(rig: Rig, tracker: Tracker, random: Random): void {
  const request = drawSet(random);
  const isNew = randomBelow(random, 2) === 0;
  if (isNew) return startSet(rig, tracker, { ...request, ifAbsent: true });
  const version = rig.store.peek(request.namespace, request.key)?.version;
  startSet(rig, tracker, { ...request, ifVersion: version ?? 1 });
}

function startSet({ store, witness }: Rig, tracker: Tracker, request: SetRequest): void {
  tracker.track(store.set(request), (outcome) => checkSet(witness, request, outcome));
}

function checkSet(witness: Witness, request: SetRequest, outcome: WriteOutcome): void {
  if (!outcome.done) return;
  const { namespace, key, kind, value } = request;
  checkEffect(witness, outcome.version, OP.SET, namespace, key, value as string);
  const effect = witness.effect(outcome.version);
  if (effect?.low !== KIND[kind] || effect.deadlineMs !== outcome.deadlineMs) {
    throw new Error(`the log has another kind or deadline for ${key}`);
  }
}

function remove(rig: Rig, tracker: Tracker, random: Random): void {
  const { store, witness } = rig;
  const [namespace, key] = [pickNamespace(random), pickKey(random)];
  tracker.track(store.delete({ namespace, key }), (outcome) => {
    if (outcome.done) checkEffect(witness, outcome.version, OP.DELETE, namespace, key, "");
  });
  // Who reads at once must not be told of the removal before it is durable.
  readKey(rig, tracker, namespace, key);
}

function expire({ store, witness, clock }: Rig, tracker: Tracker, random: Random): void {
  const [namespace, key] = [pickNamespace(random), pickKey(random)];
  const delayMs = 100 + randomBelow(random, 4000);
  const deadlineMs = randomBelow(random, 3) === 0 ? 0 : clock.nowMs() + delayMs;
  tracker.track(store.expire({ namespace, key, deadlineMs }), (outcome) => {
    if (outcome.done) checkEffect(witness, outcome.version, OP.EXPIRE, namespace, key, "");
  });
}

function increment({ store, witness }: Rig, tracker: Tracker, random: Random): void {
  const [namespace, key] = [pickNamespace(random), `counter-${randomBelow(random, 3)}`];
  const by = BigInt(1 + randomBelow(random, 1000));
  tracker.track(store.increment({ namespace, key, by }), (outcome) => {
    checkIncrement(witness, namespace, key, outcome);
  });
}

function checkIncrement(
  witness: Witness,
  namespace: string,
  key: string,
  outcome: IncrementOutcome,
): void {
  if (!outcome.done) throw new Error("an increment without a condition is always done");
  checkEffect(witness, outcome.version, OP.SET, namespace, key, outcome.value.toString());
}

/** Sets first and last, so that the witness sees where the batch begins and ends. */
function atomicBatch({ store, witness }: Rig, tracker: Tracker, random: Random): void {
  const id = 1 + randomBelow(random, 2 ** 30);
  const namespace = pickNamespace(random);
  const first = pickKey(random);
  // prettier-ignore
  const operations: BatchOperation[] = [
    { op: "set", namespace, key: first, kind: "text", value: batchValue(id, drawValue(random)) },
    { op: "delete", namespace, key: pickKey(random) },
    { op: "incr", namespace, key: "counter-0", by: 7n },
    { op: "get", namespace, key: first },
    { op: "set", namespace, key: `last-${randomBelow(random, 3)}`, kind: "json", value: batchValue(id, "end") },
  ];
  tracker.track(store.batch(operations, true), (results) => {
    checkBatch(witness, operations, results);
  });
}

function looseBatch({ store, witness }: Rig, tracker: Tracker, random: Random): void {
  const namespace = pickNamespace(random);
  const operations: BatchOperation[] = [
    { op: "set", namespace, key: pickKey(random), kind: "text", value: drawValue(random) },
    { op: "set", namespace, key: pickKey(random), kind: "text", value: drawValue(random) },
    { op: "delete", namespace, key: pickKey(random) },
  ];
  tracker.track(store.batch(operations, false), (results) => {
    checkBatch(witness, operations, results);
  });
}

function checkBatch(
  witness: Witness,
  operations: readonly BatchOperation[],
  results: readonly BatchResult[],
): void {
  results.forEach((result, i) => {
    const operation = operations[i]!;
    if (!("outcome" in result) || !result.outcome.done) return;
    const { namespace, key } = operation;
    const { version } = result.outcome;
    if (operation.op === "set") {
      checkEffect(witness, version, OP.SET, namespace, key, operation.value as string);
    } else if (operation.op === "delete") {
      checkEffect(witness, version, OP.DELETE, namespace, key, "");
    } else if ("value" in result.outcome) checkIncrement(witness, namespace, key, result.outcome);
  });
}

function clear({ store, witness }: Rig, tracker: Tracker, random: Random): void {
  const namespace = pickNamespace(random);
  const before = witness.lastSeq;
  tracker.track(store.clear(namespace), (cleared) => {
    if (cleared === 0) return;
    const effect = witness.effects
      .slice(before)
      .find(({ op, namespace: of }) => op === OP.CLEAR && of === namespace);
    if (effect === undefined) throw new Error("the log has no record of the clearing");
    witness.acknowledge(effect.seq);
  });
}

function swap({ store, witness }: Rig, tracker: Tracker, random: Random): void {
  const { engine } = store;
  const [one, other] = [pickNamespace(random), pickNamespace(random)];
  let seq = 0;
  const swapped = store.inTurn(() => {
    if (engine.swap(one, other) === "wait") return engine.bytesWanted;
    seq = engine.isDone ? engine.version : 0;
    return null;
  });
  tracker.track(
    swapped.then(() => store.acknowledged(seq)),
    () => {
      if (seq > 0) checkEffect(witness, seq, OP.SWAP, one, other, "");
    },
  );
}

function read(rig: Rig, tracker: Tracker, random: Random): void {
  readKey(rig, tracker, pickNamespace(random), pickKey(random));
}

/** A read that waits as its door would; what it showed must not be taken back by a crash. */
function readKey(rig: Rig, tracker: Tracker, namespace: string, key: string): void {
  const { store, witness, clock } = rig;
  const entry = store.get(namespace, key);
  const isExpired = entry === null && hasReachedDeadline(witness, namespace, key, clock.nowMs());
  const missSeq = isExpired ? 0 : witness.lastRemoval(namespace, key);
  const shownSeq = Math.max(entry?.version ?? missSeq, witness.lastSwap);
  tracker.track(store.acknowledged(store.readBarrier), () => witness.acknowledge(shownSeq));
}

/** Whether the miss is owed to a deadline: true for ever, whatever the log holds. */
function hasReachedDeadline(
  witness: Witness,
  namespace: string,
  key: string,
  nowMs: number,
): boolean {
  const last = witness.effects.findLast((effect) => {
    return effect.namespace === namespace && effect.key === key && effect.op !== OP.DELETE;
  });
  return last !== undefined && last.deadlineMs > 0 && last.deadlineMs <= nowMs;
}

function checkEffect(
  witness: Witness,
  seq: number,
  op: number,
  namespace: string,
  key: string,
  value: string,
): void {
  witness.acknowledge(seq);
  const effect = witness.effect(seq);
  const isIt =
    effect?.op === op &&
    effect.namespace === namespace &&
    effect.key === key &&
    effect.value === value;
  if (!isIt) throw new Error(`seq ${seq} in the log is not the write of ${namespace} ${key}`);
}
