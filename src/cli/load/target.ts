/**
 * What the load is sent to: a server, through one of its doors, over so many connections.
 */

/** One connection, with one operation under way at a time. It connects when it is first used. */
export interface Connection {
  /** The value, or null when there is none. Rejects with OperationError, as all three do. */
  get(namespace: string, key: string): Promise<string | null>;
  set(namespace: string, key: string, value: string, ttlMs: number | null): Promise<void>;
  /** Whether there was something to delete. */
  delete(namespace: string, key: string): Promise<boolean>;
  /** Deletes many keys at once, whether they are there or not. */
  deleteMany(namespace: string, keys: readonly string[]): Promise<void>;
  close(): void;
}

export interface Target {
  /** As people would name it: `http://127.0.0.1:8000`, `redis://127.0.0.1:6380`. */
  readonly name: string;
  connection(): Connection;
}

/**
 * Whether a write that failed may have had an effect: `refused` is surely none, as the server says or
 * because it was never sent; `unknown` is what it was when the connection broke.
 */
export type Outcome = "refused" | "unknown";

/** An operation that was not answered as it should be. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  /** What errors are counted by: no address, no key, nothing that differs from one to the next. */
  readonly kind: string;
  readonly outcome: Outcome;
  /** Whether nobody listens: trying again at once would be pointless. */
  readonly isUnreachable: boolean;

  constructor(
    kind: string,
    outcome: Outcome,
    more: { readonly detail?: string; readonly isUnreachable?: boolean } = {},
  ) {
    super(more.detail === undefined ? kind : `${kind}: ${more.detail}`);
    this.kind = kind;
    this.outcome = outcome;
    this.isUnreachable = more.isUnreachable ?? false;
  }
}
