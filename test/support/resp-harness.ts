/**
 * The Redis door without sockets: clients that feed bytes in and read the replies, over a store in
 * memory or on a simulated disk, on a clock that stands still.
 */
import { silentLogger } from "../../src/base/logger.ts";
import { MiB } from "../../src/base/units.ts";
import type { Connection } from "../../src/resp/connection.ts";
import { Door } from "../../src/resp/door.ts";
import { noHost } from "../../src/resp/host.ts";
import type { Host } from "../../src/resp/host.ts";
import { DEFAULT_SETTINGS } from "../../src/resp/settings.ts";
import type { Settings } from "../../src/resp/settings.ts";
import type { Wire, WireEvents } from "../../src/resp/wire.ts";
import type { StoreOptions } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { Push, parseReplies } from "./resp-reply.ts";
import type { Reply } from "./resp-reply.ts";
import type { SimulatedClock } from "./simulated-clock.ts";
import { diskStore, memoryStore } from "./store-harness.ts";

const VALUE_BYTES_MAX = 16 * MiB;

/** A wire that keeps what is written to it. */
export class TestWire implements Wire {
  backlogBytes = 0;
  isClosed = false;
  isPaused = false;
  readonly remoteAddress = "127.0.0.1:50000";
  readonly localAddress = "127.0.0.1:6380";
  /** What was written, a character a byte. */
  written = "";
  /** Whether what is written goes to the backlog instead, as when the peer does not read. */
  isStuck = false;
  readonly #events: WireEvents;

  constructor(events: WireEvents) {
    this.#events = events;
  }

  write(buffer: Buffer, from: number, to: number): boolean {
    if (this.isClosed) return true;
    this.written += buffer.toString("latin1", from, to);
    if (this.isStuck) this.backlogBytes += to - from;
    return true;
  }

  /** The peer reads again. */
  drain(): void {
    this.isStuck = false;
    this.backlogBytes = 0;
    this.#events.drained();
  }

  /** The peer sends no more, but reads on. */
  endInput(): void {
    this.#events.ended();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  end(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#events.closed();
  }
}

export class TestClient {
  readonly connection: Connection;
  readonly wire: TestWire;
  readonly #door: Door;
  /** What has come unasked, RESP3 pushes; see also `replies`. */
  readonly pushed: Push[] = [];
  #replies: Reply[] = [];

  constructor(door: Door) {
    this.#door = door;
    const wires: TestWire[] = [];
    const connection = door.enter((events) => {
      const wire = new TestWire(events);
      wires.push(wire);
      return wire;
    });
    if (connection === null) throw new Error("the door is full");
    this.connection = connection;
    this.wire = wires[0]!;
  }

  /** Sends a command and returns its reply, which must come at once. */
  send(...parts: (string | number | Uint8Array)[]): Reply {
    this.feed(encodeRequest(parts));
    const replies = this.replies();
    if (replies.length !== 1) throw new Error(`${replies.length} replies to ${String(parts[0])}`);
    return replies[0]!;
  }

  /** Sends bytes as they are, so many at a time. */
  feed(bytes: Buffer | string, step = Infinity): void {
    const all = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
    for (let at = 0; at < all.length; at += step) {
      // A buffer that is wiped afterwards, as that of a wire is.
      const chunk = Buffer.from(all.subarray(at, Math.min(all.length, at + step)));
      this.connection.data(chunk, chunk.length);
      chunk.fill(0xff);
      if (step === Infinity) return;
    }
  }

  /** Replies since the last call, pushes left out (they go to `pushed`). */
  replies(): Reply[] {
    this.#door.turn.flush();
    const { replies, rest } = parseReplies(this.wire.written);
    this.wire.written = rest;
    for (const reply of replies) {
      if (reply instanceof Push) this.pushed.push(reply);
      else this.#replies.push(reply);
    }
    const all = this.#replies;
    this.#replies = [];
    return all;
  }

  /** Waits, with real time but no sleep, until so many replies have come. */
  async waitForReplies(count = 1): Promise<Reply[]> {
    const all: Reply[] = [];
    for (let turns = 0; turns < 10_000; turns++) {
      all.push(...this.replies());
      if (all.length >= count) return all;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`${all.length} of ${count} replies came`);
  }

  close(): void {
    this.wire.destroy();
  }
}

export interface RespHarness {
  readonly door: Door;
  readonly store: Store;
  readonly clock: SimulatedClock;
  readonly client: () => TestClient;
}

/** A door over a store in memory: every reply comes at once. */
export async function respHarness(
  settings: Partial<Settings> = {},
  options: Partial<StoreOptions> = {},
  host: Partial<Host> = {},
): Promise<RespHarness> {
  const { store, clock } = await memoryStore({ valueBytesMax: VALUE_BYTES_MAX, ...options });
  return harnessOver(store, clock, settings, host);
}

/** A door over a store on a simulated disk: replies wait for it. */
export async function respHarnessOnDisk(
  settings: Partial<Settings> = {},
  options: Partial<StoreOptions> = {},
  host: Partial<Host> = {},
): Promise<RespHarness & { readonly disk: Awaited<ReturnType<typeof diskStore>>["disk"] }> {
  const { store, clock, disk } = await diskStore({ valueBytesMax: VALUE_BYTES_MAX, ...options });
  return { ...harnessOver(store, clock, settings, host), disk };
}

function harnessOver(
  store: Store,
  clock: SimulatedClock,
  settings: Partial<Settings>,
  host: Partial<Host>,
): RespHarness {
  const door = new Door({
    store,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    clock,
    logger: silentLogger,
    valueBytesMax: VALUE_BYTES_MAX,
    version: "0.0.0",
    host: { ...noHost(), ...host },
  });
  return { door, store, clock, client: () => new TestClient(door) };
}

/** A request as clients send it. */
export function encodeRequest(parts: readonly (string | number | Uint8Array)[]): Buffer {
  const chunks: Buffer[] = [Buffer.from(`*${parts.length}\r\n`)];
  for (const part of parts) {
    const bytes = part instanceof Uint8Array ? part : Buffer.from(String(part));
    chunks.push(Buffer.from(`$${bytes.length}\r\n`), Buffer.from(bytes), Buffer.from("\r\n"));
  }
  return Buffer.concat(chunks);
}
