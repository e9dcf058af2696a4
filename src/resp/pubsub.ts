/**
 * Publish and subscribe: who listens to which channel.
 *
 * There are three kinds of subscription: to channels, to patterns of channel names, and to shard
 * channels, which are a world of their own. Names are strings with a character for each byte. A
 * message is encoded once for each version of the protocol and handed to every subscriber's
 * connection, which drops a subscriber that does not keep up.
 *
 * Clients name as many channels as they like, so what one of them may subscribe to is limited, by
 * number and by the bytes of the names.
 */
import { MiB } from "../base/units.ts";
import { MODE } from "./client.ts";
import type { Client } from "./client.ts";
import type { Args } from "./args.ts";
import type { Door } from "./door.ts";
import { globMatches } from "./glob.ts";
import type { Output } from "./output.ts";

/** Channels, patterns and shard channels together, of one client. */
export const SUBSCRIPTIONS_MAX = 100_000;
export const SUBSCRIBED_BYTES_MAX = 64 * MiB;

export const TOO_MANY_SUBSCRIPTIONS =
  `ERR a client may subscribe to ${SUBSCRIPTIONS_MAX} channels and patterns, ` +
  `whose names have ${SUBSCRIBED_BYTES_MAX} bytes in all`;

type Field = "channels" | "patterns" | "shardChannels";

/** One of the three ways to subscribe, and what the protocol calls it. */
export interface SubscriptionKind {
  /** Of Client. */
  readonly field: Field;
  readonly subscribe: string;
  readonly unsubscribe: string;
}

export const SUBSCRIPTION = {
  channel: { field: "channels", subscribe: "subscribe", unsubscribe: "unsubscribe" },
  pattern: { field: "patterns", subscribe: "psubscribe", unsubscribe: "punsubscribe" },
  shard: { field: "shardChannels", subscribe: "ssubscribe", unsubscribe: "sunsubscribe" },
} as const satisfies Record<string, SubscriptionKind>;

const KINDS: readonly SubscriptionKind[] = Object.values(SUBSCRIPTION);

/** A channel or pattern that somebody subscribes to. */
class Topic {
  readonly name: Buffer;
  readonly clients = new Set<Client>();

  constructor(name: string) {
    this.name = Buffer.from(name, "latin1");
  }
}

export class PubSub {
  readonly #door: Door;
  readonly #topics: Readonly<Record<Field, Map<string, Topic>>> = {
    channels: new Map(),
    patterns: new Map(),
    shardChannels: new Map(),
  };

  constructor(door: Door) {
    this.#door = door;
  }

  /** Whether a message that is no shard channel's can reach nobody. */
  get isIdle(): boolean {
    return this.#topics.channels.size === 0 && this.#topics.patterns.size === 0;
  }

  /** Channels that somebody is subscribed to. */
  get channelCount(): number {
    return this.#topics.channels.size;
  }

  get shardChannelCount(): number {
    return this.#topics.shardChannels.size;
  }

  /** Distinct patterns that somebody subscribes to. */
  get patternCount(): number {
    return this.#topics.patterns.size;
  }

  // --- subscribing ---------------------------------------------------------------------------

  /** SUBSCRIBE and its kin: a reply for each name, or one error. */
  subscribe(client: Client, kind: SubscriptionKind, args: Args): void {
    if (!hasRoom(client, kind, args)) {
      client.out.error(TOO_MANY_SUBSCRIPTIONS);
      return;
    }
    for (let i = 1; i < args.count; i++) {
      const name = args.latin1(i);
      this.#enter(client, kind, name);
      confirm(client, kind.subscribe, name, countOf(client, kind));
    }
  }

  /** UNSUBSCRIBE and its kin: a reply for each name, or for each there is when none is given. */
  unsubscribe(client: Client, kind: SubscriptionKind, args: Args): void {
    const names =
      args.count > 1
        ? Array.from({ length: args.count - 1 }, (_, i) => args.latin1(i + 1))
        : [...(client[kind.field] ?? [])];
    for (const name of names) {
      this.#leave(client, kind, name);
      confirm(client, kind.unsubscribe, name, countOf(client, kind));
    }
    if (names.length === 0) confirm(client, kind.unsubscribe, null, countOf(client, kind));
  }

  /** Ends all subscriptions of a client, with no word to it: for RESET. */
  leaveAll(client: Client): void {
    for (const kind of KINDS) {
      for (const name of client[kind.field] ?? []) this.#leave(client, kind, name);
    }
  }

  /** The client is gone: it listens to nothing any more. */
  left(client: Client): void {
    if (client.isSubscribed) this.leaveAll(client);
  }

  #enter(client: Client, kind: SubscriptionKind, name: string): void {
    const names = (client[kind.field] ??= new Set());
    if (names.has(name)) return;
    names.add(name);
    client.subscribedBytes += name.length;
    client.mode |= MODE.subscribed;
    const topics = this.#topics[kind.field];
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = new Topic(name);
      topics.set(name, topic);
    }
    topic.clients.add(client);
  }

  #leave(client: Client, kind: SubscriptionKind, name: string): void {
    const names = client[kind.field];
    if (names?.delete(name) !== true) return;
    client.subscribedBytes -= name.length;
    if (names.size === 0) client[kind.field] = null;
    if (!client.isSubscribed) client.mode &= ~MODE.subscribed;
    const topics = this.#topics[kind.field];
    const topic = topics.get(name)!;
    topic.clients.delete(client);
    if (topic.clients.size === 0) topics.delete(name);
  }

  // --- publishing ----------------------------------------------------------------------------

  /**
   * Sends a message to those who subscribe to the channel, then to those with a pattern that matches
   * it; returns how many times it was sent.
   *
   * @param barrier the seq that must be acknowledged before anybody may hear of it; 0 for none
   */
  publish(
    channel: string,
    message: Uint8Array,
    at: number,
    length: number,
    barrier: number,
  ): number {
    const { channels, patterns } = this.#topics;
    let sent = 0;
    const topic = channels.get(channel);
    if (topic !== undefined) {
      sent += this.#send(topic, barrier, (out) => {
        writeMessage(out, "message", channel, message, at, length);
      });
    }
    if (patterns.size === 0) return sent;
    const text = Buffer.from(channel, "latin1");
    for (const [pattern, { name, clients }] of patterns) {
      if (!globMatches(name, text, 0, text.length)) continue;
      sent += this.#send({ clients }, barrier, (out) => {
        out.push(4);
        out.bulkLatin1("pmessage");
        out.bulkLatin1(pattern);
        out.bulkLatin1(channel);
        out.bulk(message, at, length);
      });
    }
    return sent;
  }

  /** The same for a shard channel. */
  publishToShard(
    channel: string,
    message: Uint8Array,
    at: number,
    length: number,
    barrier: number,
  ): number {
    const topic = this.#topics.shardChannels.get(channel);
    if (topic === undefined) return 0;
    return this.#send(topic, barrier, (out) => {
      writeMessage(out, "smessage", channel, message, at, length);
    });
  }

  /** Sends what `write` writes to every client; returns how many they were. */
  #send(
    { clients }: { readonly clients: ReadonlySet<Client> },
    barrier: number,
    write: (out: Output) => void,
  ): number {
    const out = this.#door.pushes;
    let sent = 0;
    for (const resp of [2, 3]) {
      let isEncoded = false;
      for (const client of clients) {
        if (client.resp !== resp) continue;
        if (!isEncoded) encode(out, resp, write);
        isEncoded = true;
        client.link.push(out.buffer, out.length, barrier);
        sent++;
      }
    }
    return sent;
  }

  // --- telling -------------------------------------------------------------------------------

  /** Names of channels that somebody subscribes to and the pattern matches; null is all of them. */
  names(kind: SubscriptionKind, pattern: Uint8Array | null): Buffer[] {
    const names: Buffer[] = [];
    for (const { name } of this.#topics[kind.field].values()) {
      if (pattern === null || globMatches(pattern, name, 0, name.length)) names.push(name);
    }
    return names;
  }

  /** How many subscribe to the channel itself. */
  subscribers(kind: SubscriptionKind, name: string): number {
    return this.#topics[kind.field].get(name)?.clients.size ?? 0;
  }
}

/** Whether the client may subscribe to all that the arguments name. */
function hasRoom(client: Client, kind: SubscriptionKind, args: Args): boolean {
  let count = 0;
  for (const each of KINDS) count += client[each.field]?.size ?? 0;
  let bytes = client.subscribedBytes;
  for (let i = 1; i < args.count; i++) bytes += args.length[i]!;
  if (count + args.count - 1 <= SUBSCRIPTIONS_MAX && bytes <= SUBSCRIBED_BYTES_MAX) return true;
  // Names that it has already cost nothing more.
  const added = new Set<string>();
  bytes = client.subscribedBytes;
  for (let i = 1; i < args.count; i++) {
    const name = args.latin1(i);
    if (client[kind.field]?.has(name) === true || added.has(name)) continue;
    added.add(name);
    bytes += name.length;
  }
  return count + added.size <= SUBSCRIPTIONS_MAX && bytes <= SUBSCRIBED_BYTES_MAX;
}

/** Shard channels are counted by themselves. */
function countOf(client: Client, kind: SubscriptionKind): number {
  if (kind.field === "shardChannels") return client.shardChannels?.size ?? 0;
  return (client.channels?.size ?? 0) + (client.patterns?.size ?? 0);
}

/** The reply to a subscription; it is a push, and so comes even when CLIENT REPLY is off. */
function confirm(client: Client, word: string, name: string | null, count: number): void {
  const write = (out: Output): void => {
    out.push(3);
    out.bulkLatin1(word);
    if (name === null) out.nil();
    else out.bulkLatin1(name);
    out.integer(count);
  };
  if ((client.mode & MODE.silent) !== 0 && client.replyMode !== "on") client.push(write);
  else write(client.out);
}

function writeMessage(
  out: Output,
  word: string,
  channel: string,
  message: Uint8Array,
  at: number,
  length: number,
): void {
  out.push(3);
  out.bulkLatin1(word);
  out.bulkLatin1(channel);
  out.bulk(message, at, length);
}

function encode(out: Output, resp: number, write: (out: Output) => void): void {
  out.reset();
  out.resp = resp;
  write(out);
}
