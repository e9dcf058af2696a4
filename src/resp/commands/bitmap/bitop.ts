/**
 * BITOP: strings combined bit by bit, the shorter ones as if zeros followed them; the result is a key's
 * new value.
 *
 * The first string is copied, the others are folded into it: a piece is copied to where words begin,
 * and then a step takes 32 bits. An empty result deletes the key.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotRef } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { SYNTAX_ERROR } from "../../errors.ts";

const OPERATIONS = ["AND", "OR", "XOR", "NOT"] as const;
type Operation = (typeof OPERATIONS)[number];

const ONE_SOURCE = "ERR BITOP NOT must be called with a single source key.";
const PIECE_BYTES_MAX = 64 * 1024;

export const bitop: Command = {
  name: "bitop",
  arity: -4,
  flags: ["write", "denyoom"],
  group: "bitmap",
  keys: [
    { first: 2, last: 2, step: 1, access: "OW", effects: ["update"] },
    { first: 3, last: -1, step: 1, access: "RO", effects: ["access"] },
  ],
  since: "2.6.0",
  summary: "Combines strings bit by bit, and stores the result.",
  complexity: "O(N)",
  arguments: [
    {
      name: "operation",
      type: "oneof",
      arguments: [
        { name: "and", type: "pure-token", token: "AND" },
        { name: "or", type: "pure-token", token: "OR" },
        { name: "xor", type: "pure-token", token: "XOR" },
        { name: "not", type: "pure-token", token: "NOT" },
      ],
    },
    { name: "destkey", type: "key" },
    { name: "key", type: "key", multiple: true },
  ],
  rewrites: true,
  run: (client, args) => {
    const operation = OPERATIONS.find((name) => args.is(1, name));
    if (operation === undefined) return client.out.error(SYNTAX_ERROR);
    if (operation === "NOT" && args.count !== 4) return client.out.error(ONE_SOURCE);
    const result = combine(client, args, operation);
    if (result.length === 0) {
      client.draftKey(args, 2);
      if (!client.delete("del")) return;
    } else {
      client.draftBytes(args, 2, result);
      if (!client.set("set")) return;
    }
    client.out.integer(result.length);
  },
};

function combine(client: Client, args: Args, operation: Operation): Buffer {
  const { table } = client;
  // Reading moves nothing, so all slots are good until the write.
  const slots: SlotRef[] = [];
  let length = 0;
  for (let i = 3; i < args.count; i++) {
    const slot = client.find(args, i);
    slots.push(slot);
    if (slot !== NO_SLOT) length = Math.max(length, table.valueLength(slot));
  }
  const result = new Result(length);
  slots.forEach((slot, i) => {
    const isThere = slot !== NO_SLOT;
    const at = isThere ? table.valueAt(slot) : 0;
    const end = isThere ? at + table.valueLength(slot) : 0;
    if (i === 0) result.start(table.shard.u8.subarray(at, end));
    else result.fold(operation, table.shard.u8.subarray(at, end));
  });
  if (operation === "NOT") result.invert();
  return result.bytes;
}

class Result {
  readonly bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #piece: Uint8Array;
  readonly #pieceWords: Uint32Array;

  constructor(length: number) {
    const memory = new ArrayBuffer(wholeWords(length));
    this.bytes = Buffer.from(memory, 0, length);
    this.#words = new Uint32Array(memory);
    const piece = new ArrayBuffer(wholeWords(Math.min(length, PIECE_BYTES_MAX)));
    this.#piece = new Uint8Array(piece);
    this.#pieceWords = new Uint32Array(piece);
  }

  start(source: Uint8Array): void {
    this.bytes.set(source);
  }

  fold(operation: Operation, source: Uint8Array): void {
    const { length } = source;
    const step = this.#piece.length;
    for (let at = 0; at < length; at += step) {
      const bytes = Math.min(step, length - at);
      this.#piece.set(source.subarray(at, at + bytes));
      // What an earlier piece has left behind a last one is not to be folded in.
      this.#piece.fill(0, bytes);
      this.#foldPiece(operation, at / 4, wholeWords(bytes) / 4);
    }
    if (operation === "AND") this.bytes.fill(0, length);
  }

  invert(): void {
    const words = this.#words;
    for (let i = 0; i < words.length; i++) words[i] = ~words[i]!;
  }

  #foldPiece(operation: Operation, from: number, count: number): void {
    const words = this.#words;
    const piece = this.#pieceWords;
    if (operation === "AND") for (let i = 0; i < count; i++) words[from + i]! &= piece[i]!;
    else if (operation === "OR") for (let i = 0; i < count; i++) words[from + i]! |= piece[i]!;
    else for (let i = 0; i < count; i++) words[from + i]! ^= piece[i]!;
  }
}

function wholeWords(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
