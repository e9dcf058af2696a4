/**
 * Many operations in one request.
 *
 * Each operation names its namespace itself, because one that is not the client's could not stand
 * next to a query parameter that says otherwise.
 */
import { byText, checkVersion, objectText, ttlText } from "./bodies.ts";
import { elementTexts, memberTexts } from "./json-text.ts";
import { checkKey, checkNamespace } from "./keys.ts";
import { bodyOf, errorOf, unlikePyKV } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { Scope } from "./scope.ts";
import type { BatchOperation, BatchOptions, BatchResult, Conditions } from "./types.ts";
import { valueMembers, valueOf } from "./values.ts";

/** A result as it came, and its text where integers need to be exact. */
interface RawResult {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: () => string;
}

/** Carries out the operations; rejects as `PyKV.batch` says. */
export async function runBatch(
  scope: Scope,
  operations: readonly BatchOperation[],
  options: BatchOptions | undefined,
): Promise<BatchResult[]> {
  const raw = await sendBatch(scope, operations, options);
  return raw.map((result, i) => resultOf(result.reply, result, operations[i]!));
}

/** The results as they came, one for each operation. */
export async function sendBatch(
  scope: Scope,
  operations: readonly BatchOperation[],
  options: BatchOptions | undefined,
): Promise<(RawResult & { readonly reply: Reply })[]> {
  const texts = operations.map((operation) => operationText(operation, scope.namespace));
  const atomic = options?.atomic === undefined ? "" : `,"atomic":${options.atomic}`;
  const isRead = operations.every(({ op }) => op === "get");
  const body = `{"operations":[${texts.join(",")}]${atomic}}`;
  const reply = await scope.transport.send(
    { method: "POST", path: "/batch", body, isRead },
    options,
  );
  const { results } = bodyOf(reply, { results: "object" });
  if (!Array.isArray(results) || results.length !== operations.length) throw unlikePyKV(reply);
  let elements: string[] | null = null;
  const textOf = (i: number): string => {
    elements ??= elementTexts(memberTexts(reply.text).get("results") ?? "[]");
    return elements[i] ?? "{}";
  };
  return (results as Record<string, unknown>[]).map((fields, i) => {
    return { fields, text: () => textOf(i), reply };
  });
}

function operationText(operation: BatchOperation, namespace: string): string {
  const target = {
    op: JSON.stringify(operation.op),
    key: JSON.stringify(checkKey(operation.key)),
    namespace: JSON.stringify(checkNamespace(operation.namespace ?? namespace)),
  };
  switch (operation.op) {
    case "get":
      return objectText(target);
    case "delete":
      return objectText({ ...target, ...conditionTexts(operation) });
    case "incr":
      return objectText({
        ...{ ...target, by: byText(operation.by), ttl: ttlText(operation) },
        ...conditionTexts(operation),
      });
    case "set": {
      const rest = { ...target, ttl: ttlText(operation), ...conditionTexts(operation) };
      return `${objectText(rest).slice(0, -1)},${valueMembers(operation.value)}}`;
    }
  }
}

function conditionTexts({ ifVersion, ifAbsent, ifPresent }: Conditions) {
  return {
    if_version: ifVersion === undefined ? undefined : String(checkVersion(ifVersion)),
    if_absent: ifAbsent === undefined ? undefined : String(ifAbsent),
    if_present: ifPresent === undefined ? undefined : String(ifPresent),
  };
}

function resultOf(reply: Reply, { fields, text }: RawResult, asked: BatchOperation): BatchResult {
  const { error, value, encoding, ...rest } = fields;
  if (fields.status === "failed") {
    const failed = { ...rest, error: errorOf(Object(error) as typeof fields, reply.url) };
    return failed as unknown as BatchResult;
  }
  if (fields.op === "get" && fields.status === "found") {
    return { ...rest, value: valueOf({ value, encoding }) } as unknown as BatchResult;
  }
  if (asked.op !== "incr") return rest as unknown as BatchResult;
  const isExact = typeof asked.by === "bigint";
  const sum = isExact ? BigInt(memberTexts(text()).get("value") ?? "0") : value;
  return { ...rest, value: sum } as unknown as BatchResult;
}
