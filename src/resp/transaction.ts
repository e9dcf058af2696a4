/**
 * MULTI and WATCH of one client.
 *
 * Commands are queued with copies of their arguments. EXEC runs them one after the other in one group
 * of the engine: the log is asked once for all that they may write (transaction-bytes.ts), so none of
 * them is told to wait half way and all records share a frame; a crash keeps all of them or none. When
 * the log is busy, EXEC as a whole waits, with nothing changed and the queue as it was.
 *
 * Watched keys are compared when EXEC comes: by version for keys that were there (so that expiry and
 * eviction count as changes), by listening for those that were not (watches.ts).
 *
 * What is queued and watched counts against the bytes that a client's requests may hold
 * (`queryBytesMax`).
 */
import { PyKVError } from "../base/errors.ts";
import { NO_SLOT } from "../memory/slots.ts";
import { argsOf } from "./args.ts";
import type { Args } from "./args.ts";
import { MODE } from "./client.ts";
import type { Client } from "./client.ts";
import { TRANSACTION_ABORTED, TRANSACTION_TOO_LONG, errorReply, execAborted } from "./errors.ts";
import type { Entry } from "./registry.ts";
import { logBytesMax } from "./transaction-bytes.ts";
import type { Queued } from "./transaction-bytes.ts";
import { watchName } from "./watches.ts";
import type { Watcher } from "./watches.ts";

/** What a queued command and a watched key take beside their own bytes, about. */
const QUEUED_BYTES = 256;
const WATCHED_BYTES = 256;
const ARGUMENT_BYTES = 16;

interface Watch {
  readonly namespace: string;
  readonly key: Buffer;
  /** Of the entry when it was watched; 0 when there was none. */
  readonly version: number;
}

/** The transaction of a client, made when it has none. */
export function transactionOf(client: Client): Transaction {
  client.transaction ??= new Transaction(client);
  return client.transaction;
}

export class Transaction implements Watcher {
  /** A command was refused while queueing: EXEC will refuse too. */
  isAborted = false;
  /** Of what is queued: whether any of it writes, or is to be held back as writes are. */
  hasWrites = false;
  mayReplicate = false;
  /** Whether EXEC runs the commands right now. */
  isExecuting = false;
  readonly #client: Client;
  #queued: Queued[] = [];
  #queuedBytes = 0;
  /** By `watchName`. */
  readonly #watched = new Map<string, Watch>();
  #watchedBytes = 0;
  /** Of the last write to a watched key that was not there; 0 for none. */
  #touchedSeq = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Commands queued. */
  get length(): number {
    return this.#queued.length;
  }

  /** Bytes held for it. */
  get bytes(): number {
    return this.#queuedBytes + this.#watchedBytes;
  }

  // --- MULTI ---------------------------------------------------------------------------------

  begin(): void {
    this.#client.mode |= MODE.multi;
  }

  abort(): void {
    this.isAborted = true;
    this.#forgetQueued();
  }

  /** Keeps a command for EXEC and answers QUEUED. */
  queue(entry: Entry, args: Args): void {
    const { out, door } = this.#client;
    let bytes = QUEUED_BYTES;
    for (let i = 0; i < args.count; i++) bytes += args.length[i]! + ARGUMENT_BYTES;
    if (this.bytes + bytes > door.settings.queryBytesMax) {
      this.abort();
      out.error(TRANSACTION_TOO_LONG);
      return;
    }
    if (!this.isAborted) {
      this.#queuedBytes += bytes;
      this.#queued.push({ entry, args: copyOf(args) });
      if (entry.isWrite) this.hasWrites = true;
      if (entry.isWrite || entry.flags.has("may_replicate")) this.mayReplicate = true;
    }
    out.simple("QUEUED");
  }

  /** Answers EXEC; when the log is busy, nothing has changed and no reply is written. */
  execute(): void {
    const { out } = this.#client;
    if (this.isAborted) {
      this.discard();
      out.error(TRANSACTION_ABORTED);
    } else if (this.#isStale()) {
      this.discard();
      out.nilArray();
    } else this.#run();
  }

  /** Forgets what is queued and what is watched. */
  discard(): void {
    this.#forgetQueued();
    this.unwatch();
    this.isAborted = false;
    this.#client.mode &= ~MODE.multi;
  }

  // --- WATCH ---------------------------------------------------------------------------------

  /** Watches key `i`; false when the client may watch no more. */
  watch(args: Args, i: number): boolean {
    const client = this.#client;
    const { namespace, door } = client;
    const at = args.at[i]!;
    const length = args.length[i]!;
    const name = watchName(namespace, args.buffer, at, length);
    if (this.#watched.has(name)) return true;
    if (this.bytes + WATCHED_BYTES + length > door.settings.queryBytesMax) return false;
    const slot = client.peek(args, i);
    const version = slot === NO_SLOT ? 0 : client.table.version(slot);
    this.#watched.set(name, { namespace, key: args.copy(i), version });
    this.#watchedBytes += WATCHED_BYTES + length;
    if (version === 0) door.watches.add(name, this);
    return true;
  }

  unwatch(): void {
    const { watches } = this.#client.door;
    for (const [name, { version }] of this.#watched) {
      if (version === 0) watches.remove(name, this);
    }
    this.#watched.clear();
    this.#watchedBytes = 0;
    this.#touchedSeq = 0;
  }

  touched(seq: number): void {
    this.#touchedSeq = seq;
  }

  /** Whether a watched key has been changed, as far as is known before EXEC looks. */
  get isTouched(): boolean {
    return this.#touchedSeq > 0;
  }

  // --- private -------------------------------------------------------------------------------

  #forgetQueued(): void {
    this.#queued = [];
    this.#queuedBytes = 0;
    this.hasWrites = false;
    this.mayReplicate = false;
  }

  /** Whether a watched key has changed; the reply waits for whatever tells so. */
  #isStale(): boolean {
    const client = this.#client;
    const { engine, table } = client;
    if (this.#touchedSeq > 0) {
      client.barrier = Math.max(client.barrier, this.#touchedSeq);
      return true;
    }
    for (const { namespace, key, version } of this.#watched.values()) {
      const slot = engine.read(namespace, key, 0, key.length, false);
      client.raise();
      if ((slot === NO_SLOT ? 0 : table.version(slot)) !== version) return true;
    }
    return false;
  }

  #run(): void {
    const client = this.#client;
    const { out, door } = client;
    if (!this.#beginGroup()) return;
    const queued = this.#queued;
    this.discard();
    out.array(queued.length);
    // EXEC may have waited, but none of these has been run before.
    client.mode &= ~MODE.repeating;
    this.isExecuting = true;
    for (const { entry, args } of queued) {
      door.dispatcher.call(client, entry, args);
      client.tracking?.remember(client, entry, args);
    }
    this.isExecuting = false;
    door.dispatcher.finish();
    // What a command within has answered says nothing of EXEC.
    out.hasError = false;
  }

  /** False when EXEC is through for now: it has to wait, or has been answered with an error. */
  #beginGroup(): boolean {
    if (!this.hasWrites) return true;
    const client = this.#client;
    try {
      return client.begin(logBytesMax(client, this.#queued));
    } catch (error) {
      if (!(error instanceof PyKVError)) throw error;
      this.discard();
      client.out.error(execAborted(errorReply(error)));
      return false;
    }
  }
}

function copyOf(args: Args): Args {
  return argsOf(Array.from({ length: args.count }, (_, i) => args.view(i)));
}
