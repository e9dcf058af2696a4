/** A request and its answer, as the output shows them, and the sending that makes one of the other. */
import { callOf } from "./operations.ts";
import type { Call, Operation } from "./operations.ts";

export interface Reply {
  readonly status: number;
  readonly statusText: string;
  /** Those that tell something of the key or the answer. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface Exchange {
  readonly id: number;
  readonly operation: Operation;
  readonly namespace: string;
  readonly call: Call;
  /** Null while it is under way, or when none came. */
  readonly reply: Reply | null;
  /** Why none came. */
  readonly error: string | null;
  readonly durationMs: number | null;
}

/** What one line of the output is: an exchange, or something that the console says itself. */
export type Item =
  | { readonly kind: "exchange"; readonly exchange: Exchange }
  | {
      readonly kind: "line";
      readonly id: number;
      readonly line: string;
      readonly fault: string | null;
    }
  | { readonly kind: "help"; readonly id: number };

/** Older ones are dropped: bodies may be large. */
export const ITEMS_MAX = 100;
const HEADERS = ["etag", "location", "content-type", "content-length", "retry-after", "allow"];

let lastId = 0;

export function nextId(): number {
  lastId += 1;
  return lastId;
}

/** The exchange before it has been sent; null when no single request can carry the operation out. */
export function prepare(operation: Operation, namespace: string): Exchange | null {
  const call = callOf(operation, namespace);
  if (call === null) return null;
  return {
    ...{ id: nextId(), operation, namespace, call },
    ...{ reply: null, error: null, durationMs: null },
  };
}

/** Sends it; never rejects. The time is from the request to the last byte. */
export async function send(exchange: Exchange): Promise<Exchange> {
  const { method, path, headers, body } = exchange.call;
  const startedMs = performance.now();
  try {
    const response = await fetch(path, { method, headers, ...(body === null ? {} : { body }) });
    const text = await response.text();
    const durationMs = performance.now() - startedMs;
    const reply = {
      status: response.status,
      statusText: response.statusText,
      headers: HEADERS.flatMap((name) => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      }),
      body: text,
    };
    return { ...exchange, reply, durationMs };
  } catch {
    const durationMs = performance.now() - startedMs;
    return { ...exchange, error: "UNREACHABLE", durationMs };
  }
}
