/**
 * Keyspace notifications: what happens to keys, published for whoever subscribes to it.
 *
 * `notify-keyspace-events` holds a letter for each class of events, and K or E (or both) for the two
 * forms: `__keyspace@0__:key` says which event, `__keyevent@0__:event` says which key. A namespace that
 * is no numbered database has its name where the number would be.
 *
 * Each message waits until the record behind it is acknowledged, like a reply that shows the change:
 * nobody hears of what a crash may take back.
 */
import type { NamespaceId } from "../memory/namespaces.ts";
import { CHANGE } from "../store/observer.ts";
import type { EventListener } from "./changes.ts";
import { databaseOf } from "./databases.ts";
import type { Door } from "./door.ts";

const KEYSPACE = 1;
const KEYEVENT = 2;
const GENERIC = 4;
const STRING = 8;
const EXPIRED = 16;
const EVICTED = 32;
const KEY_MISS = 64;
const NEW = 128;
const LIST = 256;
const SET = 512;
const HASH = 1024;
const SORTED_SET = 2048;
const STREAM = 4096;
const MODULE = 8192;
const ALL = GENERIC | STRING | LIST | SET | HASH | SORTED_SET | EXPIRED | EVICTED | STREAM | MODULE;

/** In the order in which CONFIG GET shows them; some are of types of values that there are not here. */
const LETTERS: ReadonlyMap<string, number> = new Map([
  ["g", GENERIC],
  ["$", STRING],
  ["l", LIST],
  ["s", SET],
  ["h", HASH],
  ["z", SORTED_SET],
  ["x", EXPIRED],
  ["e", EVICTED],
  ["t", STREAM],
  ["d", MODULE],
  ["n", NEW],
  ["K", KEYSPACE],
  ["E", KEYEVENT],
  ["m", KEY_MISS],
]);

/** Events that are about a string; all others of commands are about keys as such. */
const OF_STRINGS: ReadonlySet<string> = new Set([
  "set",
  "setrange",
  "setbit",
  "append",
  "incrby",
  "incrbyfloat",
]);
const CLASSES: ReadonlyMap<string, number> = new Map([
  ["expired", EXPIRED],
  ["evicted", EVICTED],
  ["keymiss", KEY_MISS],
  ["new", NEW],
]);

/** What a change is called that no command has given a name. */
const NAMES: Readonly<Record<number, string>> = {
  [CHANGE.set]: "set",
  [CHANGE.created]: "set",
  [CHANGE.deleted]: "del",
  [CHANGE.expired]: "expired",
  [CHANGE.evicted]: "evicted",
  [CHANGE.deadline]: "expire",
  [CHANGE.persisted]: "persist",
};

/** The classes as bits; null when a letter means nothing. */
export function parseKeyspaceEvents(letters: string): number | null {
  let events = 0;
  for (const letter of letters) {
    const bits = letter === "A" ? ALL : LETTERS.get(letter);
    if (bits === undefined) return null;
    events |= bits;
  }
  return events;
}

/** The shortest letters for these bits, in Redis's order. */
export function formatKeyspaceEvents(events: number): string {
  const isAll = (events & ALL) === ALL;
  let letters = isAll ? "A" : "";
  for (const [letter, bit] of LETTERS) {
    if ((events & bit) !== 0 && !(isAll && (ALL & bit) !== 0)) letters += letter;
  }
  return letters;
}

export class Notifier implements EventListener {
  readonly wantsMisses: boolean;
  readonly #door: Door;
  readonly #events: number;
  readonly #eventBytes = new Map<string, Buffer>();
  /** The last namespace and how channels name it. */
  #namespace = "";
  #label = "";

  /** @param events of `parseKeyspaceEvents` */
  constructor(door: Door, events: number) {
    this.#door = door;
    this.#events = events;
    this.wantsMisses = (events & KEY_MISS) !== 0;
  }

  changed(
    change: number,
    event: string,
    namespace: NamespaceId,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void {
    // Redis says nothing of a database that is emptied.
    if (change === CHANGE.cleared || this.#door.pubsub.isIdle) return;
    const name = this.#door.engine.table.namespaces.name(namespace);
    if (change === CHANGE.created) this.notify("new", name, bytes, at, length, seq);
    this.notify(event === "" ? NAMES[change]! : event, name, bytes, at, length, seq);
  }

  notify(
    event: string,
    namespace: string,
    bytes: Uint8Array,
    at: number,
    length: number,
    seq: number,
  ): void {
    const { pubsub } = this.#door;
    if ((this.#events & classOf(event)) === 0 || pubsub.isIdle) return;
    const label = this.#labelOf(namespace);
    if ((this.#events & KEYSPACE) !== 0) {
      const key = Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("latin1");
      const message = this.#bytesOf(event);
      pubsub.publish(`__keyspace@${label}__:${key}`, message, 0, message.length, seq);
    }
    if ((this.#events & KEYEVENT) !== 0) {
      pubsub.publish(`__keyevent@${label}__:${event}`, bytes, at, length, seq);
    }
  }

  #labelOf(namespace: string): string {
    if (namespace !== this.#namespace) {
      const database = databaseOf(namespace);
      this.#namespace = namespace;
      this.#label = database < 0 ? namespace : String(database);
    }
    return this.#label;
  }

  /** Events are few: the names that commands give. */
  #bytesOf(event: string): Buffer {
    let bytes = this.#eventBytes.get(event);
    if (bytes === undefined) {
      bytes = Buffer.from(event);
      this.#eventBytes.set(event, bytes);
    }
    return bytes;
  }
}

function classOf(event: string): number {
  return OF_STRINGS.has(event) ? STRING : (CLASSES.get(event) ?? GENERIC);
}
