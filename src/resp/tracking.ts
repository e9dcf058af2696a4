/**
 * Client-side caching: tells clients when what they have read is no longer so.
 *
 * By default the server remembers which keys a client has read (tracked-keys.ts) and tells it once of
 * the next change; in broadcasting mode it remembers nothing and tells of every change to keys with
 * certain prefixes, those of a turn of the event loop in one message. A RESP3 client hears of it by a
 * push; a RESP2 client has another connection of its own hear it as a message on a channel.
 *
 * Like Redis's, an invalidation names the key alone, and broadcasting takes no account of databases: a
 * client that changes its namespace empties its cache. An invalidation may come early, never late: it
 * waits for no log, and goes out before the writer is told that the write is done.
 *
 * Changes are listened to only while a client tracks.
 */
import type { NamespaceId } from "../memory/namespaces.ts";
import { MiB } from "../base/units.ts";
import { KEY_BYTES_MAX } from "../memory/entry.ts";
import { CHANGE } from "../store/observer.ts";
import type { Args } from "./args.ts";
import type { Listener } from "./changes.ts";
import { MODE } from "./client.ts";
import type { Client } from "./client.ts";
import type { Door } from "./door.ts";
import { eachKey } from "./keys.ts";
import type { Output } from "./output.ts";
import type { Entry } from "./registry.ts";
import { TRACKED_KEY_BYTES, TrackedKeys } from "./tracked-keys.ts";

/** The channel of invalidations for RESP2. */
const CHANNEL = "__redis__:invalidate";
/** Keys that one message to a broadcasting client's prefix names at most. */
const BROADCAST_KEYS_MAX = 1000;
/** Keys that are forgotten at most for one that is remembered; for a long one, so many more. */
const FORGOTTEN_MAX = 16;
/** Memory that the keys may take: for each that may be remembered, and at least. */
const BYTES_PER_KEY = 256;
const BYTES_MAX_MIN = MiB;
const NOBODY = 0;

export interface TrackingOptions {
  readonly isBroadcast: boolean;
  readonly isOptIn: boolean;
  readonly isOptOut: boolean;
  readonly isNoLoop: boolean;
  /** The client that hears instead; 0 for none. */
  readonly redirect: number;
}

/** What CLIENT TRACKING ON has set up for one client. */
export class TrackingState {
  options: TrackingOptions;
  /** CLIENT CACHING was said for the command, or transaction, that follows. */
  isCaching = false;
  /** The client that it redirects to is gone. */
  isBroken = false;
  /** When broadcasting. */
  readonly prefixes = new Set<string>();

  constructor(options: TrackingOptions) {
    this.options = options;
  }

  /** A command of the client has run. */
  after(client: Client, entry: Entry, args: Args): void {
    this.remember(client, entry, args);
    const isOfClient = entry.fullName.startsWith("client|");
    if (!isOfClient && (client.mode & MODE.multi) === 0) this.isCaching = false;
  }

  /** Remembers the keys that a command has read, one of a transaction among them. */
  remember(client: Client, entry: Entry, args: Args): void {
    const { isBroadcast, isOptIn, isOptOut } = this.options;
    if (!entry.isReadOnly || isBroadcast) return;
    if ((isOptIn && !this.isCaching) || (isOptOut && this.isCaching)) return;
    const { tracking } = client.door;
    eachKey(entry.command, args, (i) => {
      // No key is longer, so there is nothing that could change.
      if (args.length[i]! <= KEY_BYTES_MAX) tracking.remember(client, args.latin1(i));
    });
  }
}

/** A prefix that clients have broadcast to them. */
interface Prefix {
  readonly bytes: Buffer;
  readonly clients: Set<Client>;
  /** Keys changed and not told of yet, each with the client that changed it last. */
  changed: Map<string, number>;
}

export class Tracking implements Listener {
  readonly #door: Door;
  readonly #clients = new Set<Client>();
  readonly #keys = new TrackedKeys();
  readonly #prefixes = new Map<string, Prefix>();

  constructor(door: Door) {
    this.#door = door;
    door.turn.makePushes = () => this.#broadcast();
  }

  /** Clients that track, keys remembered, and prefixes broadcast. */
  get sizes(): { readonly clients: number; readonly keys: number; readonly prefixes: number } {
    const { size: prefixes } = this.#prefixes;
    return { clients: this.#clients.size, keys: this.#keys.size, prefixes };
  }

  /** Begins, or goes on with other options; prefixes are added to those there are. */
  enable(client: Client, options: TrackingOptions, prefixes: readonly string[]): void {
    const state = (client.tracking ??= new TrackingState(options));
    state.options = options;
    state.isBroken = false;
    client.mode |= MODE.tracking;
    this.#clients.add(client);
    this.#door.changes.add(this);
    for (const prefix of prefixes) this.#addPrefix(client, state, prefix);
  }

  disable(client: Client): void {
    const state = client.tracking;
    if (state === null) return;
    for (const name of state.prefixes) {
      const prefix = this.#prefixes.get(name)!;
      prefix.clients.delete(client);
      if (prefix.clients.size === 0) this.#prefixes.delete(name);
    }
    client.tracking = null;
    client.mode &= ~MODE.tracking;
    this.#clients.delete(client);
    this.#keys.forgetClient(client.id);
    if (this.#clients.size > 0) return;
    this.#keys.clear();
    this.#door.changes.remove(this);
  }

  /** The client is gone. */
  left(client: Client): void {
    this.disable(client);
  }

  /** The client may have this key in its cache from now on. */
  remember(client: Client, key: string): void {
    const { clients, settings } = this.#door;
    this.#keys.add(client.namespace, key, client.id, (id) => !clients.has(id));
    const { trackingKeysMax } = settings;
    if (trackingKeysMax === 0) return;
    const bytesMax = Math.max(BYTES_MAX_MIN, trackingKeysMax * BYTES_PER_KEY);
    // A limit that was lowered is come back to step by step.
    const forgottenMax = FORGOTTEN_MAX + key.length / TRACKED_KEY_BYTES;
    for (let i = 0; i < forgottenMax; i++) {
      if (this.#keys.size <= trackingKeysMax && this.#keys.bytes <= bytesMax) break;
      const oldest = this.#keys.takeOldest();
      this.#invalidate(oldest.key, oldest.ids, NOBODY);
    }
  }

  changed(
    change: number,
    _event: string,
    namespace: NamespaceId,
    bytes: Uint8Array,
    at: number,
    length: number,
  ): void {
    if (this.#keys.size === 0 && this.#prefixes.size === 0 && change !== CHANGE.cleared) return;
    const name = this.#door.engine.table.namespaces.name(namespace);
    if (change === CHANGE.cleared) {
      this.#flushed(name);
      return;
    }
    // An expired or evicted key is nobody's own doing, whoever is served meanwhile.
    const isOwn = change !== CHANGE.expired && change !== CHANGE.evicted;
    const origin = isOwn ? (this.#door.serving?.id ?? NOBODY) : NOBODY;
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + at, length);
    if (this.#keys.size > 0) {
      const text = key.toString("latin1");
      const ids = this.#keys.take(name, text);
      if (ids !== undefined) this.#invalidate(text, ids, origin);
    }
    if (this.#prefixes.size > 0) this.#collect(key, origin);
  }

  #invalidate(key: string, ids: number | ReadonlySet<number>, origin: number): void {
    if (typeof ids === "number") this.#invalidateFor(ids, key, origin);
    else for (const id of ids) this.#invalidateFor(id, key, origin);
  }

  #invalidateFor(id: number, key: string, origin: number): void {
    const client = this.#door.clients.get(id);
    const options = client?.tracking?.options;
    if (client === undefined || options === undefined || options.isBroadcast) return;
    if (options.isNoLoop && id === origin) return;
    this.#send(client, [key]);
  }

  /** A namespace is empty: those who may have cached anything of it forget all they have. */
  #flushed(namespace: string): void {
    const readers = this.#keys.takeNamespace(namespace);
    for (const client of this.#clients) {
      const mayHave =
        client.tracking!.options.isBroadcast ||
        client.namespace === namespace ||
        readers.has(client.id);
      if (mayHave) this.#send(client, null);
    }
  }

  // --- broadcasting --------------------------------------------------------------------------

  #addPrefix(client: Client, state: TrackingState, name: string): void {
    let prefix = this.#prefixes.get(name);
    if (prefix === undefined) {
      const bytes = Buffer.from(name, "latin1");
      prefix = { bytes, clients: new Set(), changed: new Map() };
      this.#prefixes.set(name, prefix);
    }
    prefix.clients.add(client);
    state.prefixes.add(name);
  }

  #collect(key: Buffer, origin: number): void {
    let text: string | null = null;
    for (const prefix of this.#prefixes.values()) {
      const { length } = prefix.bytes;
      if (key.length < length || prefix.bytes.compare(key, 0, length) !== 0) continue;
      text ??= key.toString("latin1");
      prefix.changed.set(text, origin);
      if (prefix.changed.size >= BROADCAST_KEYS_MAX) this.#tell(prefix);
    }
    if (text !== null) this.#door.turn.expectPushes();
  }

  #broadcast(): void {
    for (const prefix of this.#prefixes.values()) if (prefix.changed.size > 0) this.#tell(prefix);
  }

  #tell(prefix: Prefix): void {
    const { changed } = prefix;
    prefix.changed = new Map();
    const all = [...changed.keys()];
    for (const client of prefix.clients) {
      const { isNoLoop } = client.tracking!.options;
      const keys = isNoLoop ? all.filter((key) => changed.get(key) !== client.id) : all;
      if (keys.length > 0) this.#send(client, keys);
    }
  }

  // --- sending -------------------------------------------------------------------------------

  /** @param keys null for all there may be */
  #send(client: Client, keys: readonly string[] | null): void {
    const { redirect } = client.tracking!.options;
    const target = redirect === 0 ? client : this.#door.clients.get(redirect);
    if (target === undefined) this.#broken(client, redirect);
    else if (target.resp === 3) {
      target.push((out) => {
        out.push(2);
        out.bulkLatin1("invalidate");
        writeKeys(out, keys);
      });
    } else if (redirect !== 0 && target.isSubscribed) {
      target.push((out) => {
        out.push(3);
        out.bulkLatin1("message");
        out.bulkLatin1(CHANNEL);
        writeKeys(out, keys);
      });
    }
  }

  #broken(client: Client, redirect: number): void {
    client.tracking!.isBroken = true;
    if (client.resp !== 3) return;
    client.push((out) => {
      out.push(2);
      out.bulkLatin1("tracking-redir-broken");
      out.integer(redirect);
    });
  }
}

function writeKeys(out: Output, keys: readonly string[] | null): void {
  if (keys === null) {
    out.nil();
    return;
  }
  out.array(keys.length);
  for (const key of keys) out.bulkLatin1(key);
}
