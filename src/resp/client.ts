/**
 * One client's session, and all that a command sees of the server.
 *
 * The first half is what a connection remembers between commands: its namespace, its name, its
 * protocol, what it watches and listens to. The second half is how commands reach the engine. Every
 * call there raises `barrier`, so that no reply goes out before what it shows is acknowledged; a
 * command that calls the engine only through these can't forget it.
 */
import { PyKVError } from "../base/errors.ts";
import { KIND, KEY_BYTES_MAX } from "../memory/entry.ts";
import { NAMESPACE_TOTAL, NO_NAMESPACE } from "../memory/namespaces.ts";
import { NO_SLOT } from "../memory/slots.ts";
import type { SlotRef } from "../memory/slots.ts";
import type { Table } from "../memory/table.ts";
import type { Draft, Engine } from "../store/engine.ts";
import { DEFAULT_NAMESPACE } from "../store/names.ts";
import { setAll } from "../store/set-all.ts";
import type { Args } from "./args.ts";
import type { Door } from "./door.ts";
import type { Output } from "./output.ts";
import type { TrackingState } from "./tracking.ts";
import type { Transaction } from "./transaction.ts";

/** Reasons for the dispatcher to look twice; bits of `Client.mode`. */
export const MODE = {
  /** Has not said the password yet. */
  stranger: 1,
  /** Within MULTI. */
  multi: 2,
  /** Subscribed under RESP2, where few commands make sense. */
  subscribed: 4,
  /** Client-side caching is on. */
  tracking: 8,
  /** CLIENT REPLY OFF or SKIP. */
  silent: 16,
  /** Follows what others do; its own commands are few. */
  monitor: 32,
  /** The command to be run has been told to wait before: what it found then has been counted. */
  repeating: 64,
} as const;

/** What a client needs of its connection. */
export interface ClientLink {
  readonly remoteAddress: string;
  readonly localAddress: string;
  /** Bytes that wait to be sent. */
  readonly outputBytes: number;
  /** Bytes of a request that has not come whole. */
  readonly queryBytes: number;
  readonly isClosed: boolean;
  /** Whether a command of this very client is being run. */
  readonly isServing: boolean;
  /**
   * Sends bytes that the client has not asked for, behind all replies so far; they wait until
   * `barrier` (a seq, 0 for none) is acknowledged.
   */
  push(bytes: Buffer, length: number, barrier: number): void;
  /** Answers nothing more until `work` has settled, then with what `reply` or `refuse` writes. */
  block<T>(work: Promise<T>, reply: (out: Output, value: T) => void): void;
  /** Closes once what was written so far is sent. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
  /** The decoder's limits follow whether the client is known. */
  trust(): void;
  /** As for a client that has yet to say who it is. */
  distrust(): void;
}

export class Client {
  readonly id: number;
  readonly door: Door;
  readonly link: ClientLink;
  readonly engine: Engine;
  readonly table: Table;
  readonly out: Output;

  namespace = DEFAULT_NAMESPACE;
  /** 2 or 3. */
  resp = 2;
  /** Bits of MODE. */
  mode = 0;
  name = "";
  libraryName = "";
  libraryVersion = "";
  user = "default";
  isNoTouch = false;
  isNoEvict = false;
  /** CLIENT REPLY: "skip-next" becomes "skip" once the command that set it is through. */
  replyMode: "on" | "off" | "skip-next" | "skip" = "on";
  /** Set while in MULTI or with keys watched; see transaction.ts. */
  transaction: Transaction | null = null;
  /** Set while CLIENT TRACKING is on. */
  tracking: TrackingState | null = null;
  /** What it is subscribed to, by latin1 name; null for nothing. */
  channels: Set<string> | null = null;
  patterns: Set<string> | null = null;
  shardChannels: Set<string> | null = null;
  /** Bytes of their names. */
  subscribedBytes = 0;

  readonly createdMs: number;
  /** Monotonic, of the last input. */
  lastInputMs: number;
  /** Full name of the last command, such as `client|id`. */
  lastCommand = "";
  commandsTotal = 0;
  inputBytesTotal = 0;
  outputBytesTotal = 0;

  /** The seq that must be acknowledged before the replies written so far may go out; 0 for none. */
  barrier = 0;
  /** The arguments of the write being made: what `set` and its kin work on. */
  readonly draft: Draft;

  constructor(id: number, door: Door, link: ClientLink) {
    this.id = id;
    this.door = door;
    this.link = link;
    this.engine = door.engine;
    this.table = door.engine.table;
    this.out = door.out;
    this.draft = door.draft;
    this.createdMs = door.clock.nowMs();
    this.lastInputMs = door.clock.monotonicMs();
  }

  /** Whether it listens to any channel. */
  get isSubscribed(): boolean {
    return this.channels !== null || this.patterns !== null || this.shardChannels !== null;
  }

  // --- reading -------------------------------------------------------------------------------

  /**
   * The live entry of key `i`, or NO_SLOT; counts a hit or a miss and makes it the most recently
   * used. The slot is good until the next write.
   */
  find(args: Args, i: number): SlotRef {
    const isRepeating = (this.mode & MODE.repeating) !== 0;
    if (this.isNoTouch && !isRepeating) return this.look(args, i);
    const use = !isRepeating;
    const slot = this.engine.read(this.namespace, args.buffer, args.at[i]!, args.length[i]!, use);
    this.raise();
    if (slot === NO_SLOT && this.door.changes.wantsMisses && !isRepeating) {
      this.door.changes.missed(this.namespace, args.buffer, args.at[i]!, args.length[i]!);
    }
    return slot;
  }

  /** The same for a key in a namespace of that name, with no count and no touch. */
  peek(args: Args, i: number, namespace = this.namespace): SlotRef {
    const slot = this.engine.read(namespace, args.buffer, args.at[i]!, args.length[i]!, false);
    this.raise();
    return slot;
  }

  /** The same as `peek`, counted as a hit or a miss: for commands that don't look at the value. */
  look(args: Args, i: number): SlotRef {
    const { table, namespace } = this;
    const slot = this.peek(args, i);
    if (slot !== NO_SLOT) {
      table.count(table.namespaceOf(slot), NAMESPACE_TOTAL.hits);
      return slot;
    }
    const id = table.namespaces.find(namespace);
    if (id !== NO_NAMESPACE) table.count(id, NAMESPACE_TOTAL.misses);
    if (this.door.changes.wantsMisses) {
      this.door.changes.missed(namespace, args.buffer, args.at[i]!, args.length[i]!);
    }
    return slot;
  }

  /** The reply shows what the records up to `seq` have made, so it waits for them. */
  showing(seq: number): void {
    this.engine.showing(seq);
    this.raise();
  }

  /** Writes the value of an entry as a bulk string. */
  bulkOf(slot: SlotRef): void {
    const { table } = this;
    this.out.bulk(table.shard.u8, table.valueAt(slot), table.valueLength(slot));
  }

  /** The value of an entry, copied. */
  valueOf(slot: SlotRef): Buffer {
    const { table } = this;
    const at = table.valueAt(slot);
    return Buffer.from(table.shard.bytes.subarray(at, at + table.valueLength(slot)));
  }

  // --- writing: draft, then do ---------------------------------------------------------------

  /** Makes the draft one for key `i`, with no value, deadline or condition. Throws INVALID_KEY. */
  draftKey(args: Args, i: number, namespace = this.namespace): Draft {
    const { draft } = this;
    const length = args.length[i]!;
    checkKeyLength(length);
    draft.namespace = namespace;
    draft.key = args.buffer;
    draft.keyAt = args.at[i]!;
    draft.keyLength = length;
    draft.valueLength = 0;
    draft.kind = KIND.bytes;
    draft.ascii = false;
    draft.deadlineMs = 0;
    draft.keepDeadline = false;
    draft.condition = null;
    return draft;
  }

  /** The same, with argument `j` as the value. */
  draftSet(args: Args, i: number, j: number): Draft {
    const draft = this.draftKey(args, i);
    draft.value = args.buffer;
    draft.valueAt = args.at[j]!;
    draft.valueLength = args.length[j]!;
    return draft;
  }

  /** The same, with bytes of the command's own as the value. */
  draftBytes(args: Args, i: number, value: Buffer): Draft {
    const draft = this.draftKey(args, i);
    draft.value = value;
    draft.valueAt = 0;
    draft.valueLength = value.length;
    return draft;
  }

  /**
   * Writes the draft. False when the command must wait: it returns at once then. Throws what
   * `Engine.set` throws. `event` is what keyspace notifications call the change.
   */
  set(event: string): boolean {
    this.door.changes.event = event;
    const verdict = this.engine.set(this.draft);
    this.raise();
    return verdict !== "wait";
  }

  /** Sets several keys, all or none. */
  setAll(drafts: readonly Draft[], event: string): boolean {
    this.door.changes.event = event;
    const verdict = setAll(this.engine, drafts);
    this.raise();
    return verdict !== "wait";
  }

  /** Deletes the draft's key; `engine.isDone` tells whether it was there. False to wait. */
  delete(event: string): boolean {
    this.door.changes.event = event;
    const verdict = this.engine.delete(this.draft);
    this.raise();
    return verdict !== "wait";
  }

  /** Sets or clears the draft's deadline; `engine.isDone` tells whether the key is there. */
  expire(event: string): boolean {
    this.door.changes.event = event;
    const verdict = this.engine.expire(this.draft);
    this.raise();
    return verdict !== "wait";
  }

  /** Adds to an integer; the sum is in `engine.integer`. */
  increment(by: number | bigint, event: string): boolean {
    this.door.changes.event = event;
    const verdict = this.engine.increment(this.draft, by);
    this.raise();
    return verdict !== "wait";
  }

  /** Empties a namespace. */
  clear(namespace: string): boolean {
    const { verdict } = this.engine.clear(namespace);
    this.raise();
    return verdict !== "wait";
  }

  /** Two namespaces exchange what they hold. */
  swap(one: string, other: string): boolean {
    this.door.changes.event = "";
    const verdict = this.engine.swap(one, other);
    this.raise();
    return verdict !== "wait";
  }

  /**
   * Begins writes that must not be told to wait half way, whose records have at most `bytes` in all
   * (`recordBytes`); they share a frame. False to wait. The dispatcher ends it with the command.
   */
  begin(bytes: number): boolean {
    return this.door.dispatcher.begin(bytes);
  }

  /** Tells those who listen for keyspace events of one more, beside what the engine reported. */
  notify(event: string, args: Args, i: number, namespace = this.namespace): void {
    const { changes } = this.door;
    if (!changes.isNotifying) return;
    changes.notify(event, namespace, args.buffer, args.at[i]!, args.length[i]!, this.barrier);
  }

  /** Takes over what the engine says that the reply must wait for. */
  raise(): void {
    if (this.engine.barrier > this.barrier) this.barrier = this.engine.barrier;
  }

  /** Sends the client something it has not asked for; see ClientLink.push. */
  push(write: (out: Output) => void, barrier = 0): void {
    const out = this.door.pushes;
    out.reset();
    out.resp = this.resp;
    write(out);
    this.link.push(out.buffer, out.length, barrier);
  }

  /** Milliseconds since 1970. */
  nowMs(): number {
    return this.door.clock.nowMs();
  }
}

/** Throws INVALID_KEY unless a key may have that many bytes. */
export function checkKeyLength(length: number): void {
  if (length > 0 && length <= KEY_BYTES_MAX) return;
  throw new PyKVError(
    "INVALID_KEY",
    `a key has 1 to ${KEY_BYTES_MAX} bytes; this one has ${length}`,
  );
}
