/**
 * Many operations in one request.
 *
 * The envelope is checked first and then each operation against the schema of its own kind, so that
 * an error names the field of the operation that was meant, rather than every way in which it is not
 * one of the other three.
 */
import type { Static } from "typebox";
import { PyKVError } from "../../base/errors.ts";
import { elementSpans, memberSpans, type Span } from "../../base/json-scan.ts";
import type { BatchOperation, BatchResult, Entry, StoreApi } from "../../store/types.ts";
import type { App, HttpContext } from "../context.ts";
import { operation, replies } from "../describe.ts";
import { checkKey, deadlineOf, integerOf, namespaceOf, ttlOf } from "../fields.ts";
import type { RequestError } from "../problem.ts";
import { problemOf, toPyKVError, TooLargeError } from "../problem.ts";
import { recordDone, sendJson } from "../reply.ts";
import { BatchReply } from "../reply-schemas.ts";
import { BatchBody, BatchEnvelope, NsQuery, OPERATION_SCHEMAS } from "../schemas.ts";
import { compileCheck, requestError, validatorCompiler, type Check } from "../validation.ts";
import { valueIn, valueMembers } from "../values.ts";
import { REPLY_BYTES_MAX } from "./list.ts";

type Given = Static<typeof BatchBody>["operations"][number];

const envelopeCheck = compileCheck(BatchEnvelope, "body");

/** Errors reported at once: a batch of 10,000 wrong operations needs no list of all. */
const ERRORS_MAX = 20;

export function batchRoutes(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "batch",
      summary: "Carry out many operations",
      tag: "batch",
      description:
        "In order. Atomic (the default) is all or none: one condition that does not hold answers 412 " +
        "and changes nothing. Otherwise each operation has its own result, and failed ones an error.",
    }),
    querystring: NsQuery,
    body: BatchBody,
    response: replies({ 200: { description: "A result for each", schema: BatchReply } }, [
      ...[409, 412, 413, 415, 507],
    ]),
  };
  const options = {
    schema,
    config: { operation: "batch" as const },
    validatorCompiler: (part: Parameters<typeof validatorCompiler>[0]) =>
      part.httpPart === "body" ? checkBatch : validatorCompiler(part),
  };
  app.post("/batch", options, async (request, reply) => {
    const { operations: given, atomic = true } = request.body;
    const nowMs = context.clock.nowMs();
    const reader = new Reader(context, request.query.ns, request.bodyText, nowMs);
    const operations = given.map((one, i) => reader.read(one, i));
    checkReplySize(context.store, operations);
    const results = await context.store.batch(operations, atomic);
    const barrier = context.store.readBarrier;
    if (barrier > 0) await context.store.acknowledged(barrier);
    const texts = results.map((result, i) => render(result, operations[i]!, nowMs));
    recordDone(context, "batch", request, 200);
    sendJson(reply, 200, `{"results":[${texts.join(",")}],"count":${texts.length}}`);
    return reply;
  });
}

const checkBatch: Check = (body) => {
  const verdict = envelopeCheck(body);
  if ("error" in verdict) return verdict;
  const errors: { path: string; message: string }[] = [];
  for (const [i, one] of (body as { operations: unknown[] }).operations.entries()) {
    const fault = operationFault(one, i);
    if (fault !== null) errors.push(...fault.errors);
    if (errors.length >= ERRORS_MAX) break;
  }
  return errors.length === 0 ? { value: body } : { error: requestError(errors) };
};

const operationChecks = new Map<unknown, Check>(
  Object.entries(OPERATION_SCHEMAS).map(([op, schema]) => [op, compileCheck(schema, "")]),
);

function operationFault(one: unknown, index: number): RequestError | null {
  const at = `body/operations/${index}`;
  const op = typeof one === "object" && one !== null && "op" in one ? one.op : undefined;
  const check = operationChecks.get(op);
  if (check === undefined) {
    return requestError([{ path: `${at}/op`, message: "must be get, set, delete or incr" }]);
  }
  const verdict = check(one);
  if (!("error" in verdict)) return null;
  const { errors } = verdict.error;
  return requestError(errors.map(({ path, message }) => ({ path: `${at}${path}`, message })));
}

/** Turns operations as given into the store's, looking up the text of values where it matters. */
class Reader {
  readonly #context: HttpContext;
  readonly #ns: string | undefined;
  readonly #text: string;
  readonly #nowMs: number;
  #spans: readonly Span[] | null = null;

  constructor(context: HttpContext, ns: string | undefined, text: string, nowMs: number) {
    this.#context = context;
    this.#ns = ns;
    this.#text = text;
    this.#nowMs = nowMs;
  }

  read(given: Given, index: number): BatchOperation {
    const at = `body/operations/${index}`;
    const key = checkKey(given.key, `${at}/key`);
    const target = { key, namespace: namespaceOf(this.#ns, given.namespace, at) };
    switch (given.op) {
      case "get":
        return { op: "get", ...target };
      case "delete":
        return { op: "delete", ...target, ...conditionOf(given) };
      case "set": {
        const { value: parsed, encoding } = given;
        const rawText = (): string => this.#raw(index, "value");
        const { maxValueSizeBytes } = this.#context.options;
        const value = valueIn({ parsed, encoding, rawText, at }, maxValueSizeBytes);
        const deadlineMs = deadlineOf(given.ttl, this.#nowMs);
        return { op: "set", ...target, ...value, deadlineMs, ...conditionOf(given) };
      }
      case "incr": {
        const by = this.#by(given.by, index, at);
        const deadlineMs = deadlineOf(given.ttl, this.#nowMs);
        return { op: "incr", ...target, by, deadlineMs, ...conditionOf(given) };
      }
    }
  }

  #by(by: number | undefined, index: number, at: string): bigint {
    return by === undefined ? 1n : integerOf(by, this.#raw(index, "by"), `${at}/by`);
  }

  #raw(index: number, name: string): string {
    this.#spans ??= elementSpans(this.#text, memberSpans(this.#text).get("operations")!.start);
    const span = memberSpans(this.#text, this.#spans[index]!.start).get(name)!;
    return this.#text.slice(span.start, span.end);
  }
}

interface GivenConditions {
  readonly if_version?: number;
  readonly if_absent?: boolean;
  readonly if_present?: boolean;
}

function conditionOf({ if_version, if_absent, if_present }: GivenConditions) {
  return { ifVersion: if_version, ifAbsent: if_absent, ifPresent: if_present };
}

/** Refuses what would read more than fits into one reply, before anything is changed. */
function checkReplySize(store: StoreApi, operations: readonly BatchOperation[]): void {
  const written = new Map<string, number>();
  let bytes = 0;
  for (const one of operations) {
    const id = `${one.namespace}/${one.key}`;
    if (one.op === "set") written.set(id, Buffer.byteLength(one.value));
    if (one.op === "get") {
      bytes += written.get(id) ?? store.peek(one.namespace, one.key)?.size ?? 0;
    }
  }
  if (bytes > REPLY_BYTES_MAX) throw new TooLargeError("What the batch reads", REPLY_BYTES_MAX);
}

function render(result: BatchResult, { key, namespace }: BatchOperation, nowMs: number): string {
  const target = `"key":${JSON.stringify(key)},"namespace":"${namespace}"`;
  const text = (status: string, rest = ""): string =>
    `{"op":"${result.op}","status":"${status}",${target}${rest}}`;
  if ("error" in result) return text("failed", `,"error":${renderError(result.error)}`);
  if (result.op === "get") {
    return result.entry === null
      ? text("not_found")
      : text("found", `,${found(result.entry, nowMs)}`);
  }
  const { op, outcome } = result;
  if (!outcome.done) {
    if (op === "delete" && !outcome.exists) return text("not_found");
    const error = new PyKVError("CONDITION_FAILED", "The operation's condition does not hold");
    return text("failed", `,"error":${renderError(error)}`);
  }
  if (op === "delete") return text("deleted");
  const version = `,"version":${outcome.version}`;
  if (op === "incr") return text("updated", `,"value":${outcome.value}${version}`);
  const ttl = `,"ttl":${ttlOf(outcome.deadlineMs, nowMs)}`;
  return text(outcome.created ? "created" : "updated", `${version}${ttl}`);
}

function found(entry: Entry, nowMs: number): string {
  const { version, deadlineMs } = entry;
  return `${valueMembers(entry)},"version":${version},"ttl":${ttlOf(deadlineMs, nowMs)}`;
}

function renderError(error: Error): string {
  return JSON.stringify(problemOf(toPyKVError(error, 0)));
}
