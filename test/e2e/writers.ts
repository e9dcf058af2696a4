/**
 * Clients that write over HTTP to a server that may die at any moment, and remember what they were
 * told: for each key the value that was acknowledged, and the one that was on its way.
 *
 * Each writer has keys of its own and sends one request at a time, so that after a kill a key has
 * one of two values at most.
 */
import { randomBelow } from "../support/random.ts";
import type { Random } from "../support/random.ts";

const KEYS = 12;
const VALUE_CHARACTERS_MAX = 3000;

/** What a key is known to be: one of these; null is that it is not there. */
type Possible = readonly (string | null)[];

type Change = ReadonlyMap<string, string | null>;

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** What the keys are when it is done; not known for a counter. */
  readonly change: Change;
  readonly increments: number;
}

export class Writer {
  readonly #name: string;
  readonly #random: Random;
  readonly #known = new Map<string, Possible>();
  /** How far the counter may be. */
  #counter = { least: 0, most: 0 };
  #writes = 0;
  acknowledged = 0;

  constructor(name: string, random: Random) {
    this.#name = name;
    this.#random = random;
    for (let i = 0; i < KEYS; i += 1) this.#known.set(`${name}-${i}`, [null]);
  }

  /** Writes until the server answers no more, or refuses; calls back after each acknowledgement. */
  async writeUntilEnd(address: string, onAcknowledged: () => void): Promise<void> {
    for (;;) {
      const request = this.#draw();
      this.#expectEither(request);
      const status = await send(address, request).catch(() => null);
      if (status === null) return;
      if (status === 503) return this.#forget(request);
      if (status !== 404 && (status < 200 || status > 299)) {
        throw new Error(`${request.method} ${request.path} was answered with ${status}`);
      }
      this.#settle(request);
      this.acknowledged += 1;
      onAcknowledged();
    }
  }

  /** What of this writer's data is not as it must be, in words. From now on all is known. */
  async findLosses(address: string): Promise<string[]> {
    const losses: string[] = [];
    for (const [key, possible] of this.#known) {
      const value = await read(address, key);
      if (!possible.includes(value)) {
        losses.push(`${key} is ${shorten(value)}, not ${possible.map(shorten).join(" or ")}`);
      }
      this.#known.set(key, [value]);
    }
    const count = Number((await read(address, this.#counterKey)) ?? 0);
    const { least, most } = this.#counter;
    if (count < least || count > most) {
      losses.push(`${this.#counterKey} is ${count}, not ${least} to ${most}`);
    }
    this.#counter = { least: count, most: count };
    const [one, other] = this.#pair.map((key) => this.#known.get(key)![0]);
    if (one !== other) losses.push(`a batch of ${this.#name} was done in part`);
    return losses;
  }

  get #counterKey(): string {
    return `${this.#name}-counter`;
  }

  /** Two keys that only batches write, always both. */
  get #pair(): [string, string] {
    return [`${this.#name}-0`, `${this.#name}-1`];
  }

  #draw(): Request {
    const key = `${this.#name}-${2 + randomBelow(this.#random, KEYS - 2)}`;
    const value = `${++this.#writes} `.padEnd(randomBelow(this.#random, VALUE_CHARACTERS_MAX), "x");
    const nothing = { change: new Map(), increments: 0 };
    switch (randomBelow(this.#random, 6)) {
      case 0:
        return { ...nothing, method: "DELETE", path: `/kv/${key}`, change: new Map([[key, null]]) };
      case 1: {
        const path = `/kv/${this.#counterKey}/incr`;
        return { ...nothing, method: "POST", path, body: {}, increments: 1 };
      }
      case 2:
        return this.#drawBatch(value);
      default: {
        const change = new Map([[key, value]]);
        return { ...nothing, method: "POST", path: "/kv/", body: { key, value }, change };
      }
    }
  }

  #drawBatch(value: string): Request {
    const operations = [
      ...this.#pair.map((key) => ({ op: "set", key, value })),
      { op: "incr", key: this.#counterKey },
    ];
    const change = new Map(this.#pair.map((key) => [key, value]));
    return { method: "POST", path: "/batch", body: { operations }, change, increments: 1 };
  }

  #expectEither({ change, increments }: Request): void {
    this.#counter.most += increments;
    for (const [key, value] of change) this.#known.set(key, [...this.#known.get(key)!, value]);
  }

  #settle({ change, increments }: Request): void {
    this.#counter.least += increments;
    for (const [key, value] of change) this.#known.set(key, [value]);
  }

  #forget({ change, increments }: Request): void {
    this.#counter.most -= increments;
    for (const key of change.keys()) this.#known.set(key, this.#known.get(key)!.slice(0, -1));
  }
}

async function send(address: string, { method, path, body }: Request): Promise<number> {
  const init =
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(`http://${address}${path}`, init);
  await response.arrayBuffer();
  return response.status;
}

async function read(address: string, key: string): Promise<string | null> {
  const response = await fetch(`http://${address}/kv/${key}`);
  const body = (await response.json()) as { value: string | number };
  if (response.status === 404) return null;
  if (response.status !== 200) throw new Error(`reading ${key} was answered ${response.status}`);
  return String(body.value);
}

function shorten(value: string | null): string {
  return value === null ? "missing" : `"${value.slice(0, 12)}" (${value.length})`;
}
