/**
 * What the Console page can ask of the server, and the request that each is.
 *
 * A form and the command line both make an operation; the request, the snippets and the answer all come
 * from it. Bodies are put together as text, so that JSON that was typed goes out as it was typed.
 */
import { queryString } from "../../lib/query-string.ts";

export interface ValueText {
  /** `json` is sent as it stands; `base64` stands for bytes. */
  readonly kind: "text" | "json" | "base64";
  readonly text: string;
}

export type Operation =
  | {
      readonly op: "set";
      readonly key: string;
      readonly value: ValueText;
      readonly ttl: number | null;
      readonly ifAbsent: boolean;
      readonly ifVersion: number | null;
    }
  | { readonly op: "get"; readonly key: string }
  | {
      readonly op: "update";
      readonly key: string;
      readonly value: ValueText;
      /** Undefined leaves it as it is; null takes it away. */
      readonly ttl: number | null | undefined;
      readonly upsert: boolean;
      readonly ifVersion: number | null;
    }
  | { readonly op: "delete"; readonly key: string; readonly ifVersion: number | null }
  | {
      readonly op: "list";
      readonly prefix: string;
      readonly limit: number | null;
      readonly cursor: string;
      readonly values: boolean;
    }
  | { readonly op: "incr"; readonly key: string; readonly by: bigint; readonly ttl: number | null }
  | { readonly op: "expire"; readonly key: string; readonly ttl: number | null }
  /** `operations` is an array, as text of JSON. */
  | { readonly op: "batch"; readonly operations: string; readonly atomic: boolean }
  | { readonly op: "ask"; readonly what: Report };

export type Report = "namespaces" | "size" | "stats" | "health" | "performance";

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root of the server, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | null;
}

/** As the SDK has it: longer keys go into the body of a batch, as do `.` and `..`. */
const ENCODED_KEY_LENGTH_MAX = 4000;
const DOTS = /^\.{1,2}$/;

/** Whether a URL can carry the key. */
function fitsPath(key: string): boolean {
  return !DOTS.test(key) && encodeURIComponent(key).length <= ENCODED_KEY_LENGTH_MAX;
}

/**
 * The request that carries out the operation in a namespace; null when one request can't, which is so for
 * changing a key that no URL can carry. (The SDK reads such a key and writes it again.)
 */
export function callOf(operation: Operation, namespace: string): Call | null {
  const ns = queryString({ ns: namespace });
  switch (operation.op) {
    case "set": {
      const { key, value, ttl, ifAbsent, ifVersion } = operation;
      const members = [member("key", key), ...valueMembers(value), ...ttlMember(ttl ?? undefined)];
      const headers = { ...ifMatch(ifVersion), ...(ifAbsent ? { "if-none-match": "*" } : {}) };
      return call("POST", `/kv/${ns}`, object(members), headers);
    }
    case "list": {
      const { prefix, limit, cursor, values } = operation;
      const query = queryString({
        ns: namespace,
        prefix: prefix === "" ? undefined : prefix,
        limit: limit ?? undefined,
        cursor: cursor === "" ? undefined : cursor,
        values: values ? true : undefined,
      });
      return call("GET", `/kv/${query}`);
    }
    case "batch": {
      const { operations, atomic } = operation;
      return call("POST", "/batch", `{"operations":${operations},"atomic":${atomic}}`);
    }
    case "ask":
      return call("GET", reportPath(operation.what, namespace));
    default:
      return fitsPath(operation.key)
        ? callOfKey(operation, namespace)
        : callByBatch(operation, namespace);
  }
}

type KeyOperation = Exclude<Operation, { op: "set" | "list" | "batch" | "ask" }>;

function callOfKey(operation: KeyOperation, namespace: string): Call {
  const path = `/kv/${encodeURIComponent(operation.key)}`;
  const ns = queryString({ ns: namespace });
  switch (operation.op) {
    case "get":
      return call("GET", path + ns);
    case "update": {
      const { value, ttl, upsert, ifVersion } = operation;
      const query = queryString({ ns: namespace, upsert: upsert ? true : undefined });
      const body = object([...valueMembers(value), ...ttlMember(ttl)]);
      return call("PUT", path + query, body, ifMatch(ifVersion));
    }
    case "delete":
      return call("DELETE", path + ns, null, ifMatch(operation.ifVersion));
    case "incr": {
      const { by, ttl } = operation;
      const body = object([`"by":${by}`, ...ttlMember(ttl ?? undefined)]);
      return call("POST", `${path}/incr${ns}`, body);
    }
    case "expire":
      return call("PATCH", path + ns, object(ttlMember(operation.ttl)));
  }
}

/** A batch of one; null for what a batch has no operation for. */
function callByBatch(operation: KeyOperation, namespace: string): Call | null {
  const target = [member("key", operation.key), member("namespace", namespace)];
  const one = (more: readonly string[]): Call => {
    const text = object([member("op", operation.op), ...target, ...more]);
    return call("POST", "/batch", `{"operations":[${text}],"atomic":true}`);
  };
  switch (operation.op) {
    case "get":
      return one([]);
    case "delete":
      return one(versionMember(operation.ifVersion));
    case "incr":
      return one([`"by":${operation.by}`, ...ttlMember(operation.ttl ?? undefined)]);
    default:
      return null;
  }
}

function reportPath(what: Report, namespace: string): string {
  switch (what) {
    case "size":
      return `/namespaces/${encodeURIComponent(namespace)}/keys`;
    case "stats":
      return `/stats${queryString({ ns: namespace })}`;
    default:
      return `/${what}`;
  }
}

function call(
  method: Call["method"],
  path: string,
  body: string | null = null,
  headers: Readonly<Record<string, string>> = {},
): Call {
  const type = body === null ? {} : { "content-type": "application/json" };
  return { method, path, headers: { ...type, ...headers }, body };
}

function object(members: readonly string[]): string {
  return `{${members.join(",")}}`;
}

function member(name: string, value: string): string {
  return `"${name}":${JSON.stringify(value)}`;
}

function valueMembers({ kind, text }: ValueText): string[] {
  if (kind === "json") return [`"value":${text}`];
  const value = member("value", text);
  return kind === "base64" ? [value, '"encoding":"base64"'] : [value];
}

function ttlMember(ttl: number | null | undefined): string[] {
  return ttl === undefined ? [] : [`"ttl":${JSON.stringify(ttl)}`];
}

function versionMember(version: number | null): string[] {
  return version === null ? [] : [`"if_version":${version}`];
}

function ifMatch(version: number | null): Record<string, string> {
  return version === null ? {} : { "if-match": `"${version}"` };
}
