import { expect, test } from "vitest";
import { Incoming } from "./incoming.ts";
import { Shard } from "./shard.ts";

const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 63, 64, 80, 4095, 4096, 4097, 9000];
const MARGIN = 8;

/** Bytes of every value, in a buffer that does not begin where its memory does. */
function source(length: number, seed: number): Buffer {
  const whole = Buffer.from(Uint8Array.from({ length: length + 5 }, (_, i) => i * 31 + seed));
  return whole.subarray(5);
}

/** The whole shard would be long to compare: the bytes around the copy tell. */
function around(shard: Shard, to: number, length: number): Buffer {
  return Buffer.from(shard.u8.slice(to - MARGIN, to + length + MARGIN));
}

for (const length of LENGTHS) {
  test(`${length} bytes arrive whole from any offset at any other, and touch nothing beside them`, () => {
    const shard = new Shard({ pageBytes: 1024 * 1024, namespacesMax: 1 });
    const incoming = new Incoming(shard);
    const base = shard.firstPage * 4096 + 64;
    for (let fromAt = 0; fromAt < 4; fromAt++) {
      for (let offset = 0; offset < 4; offset++) {
        const to = base + offset;
        shard.u8.fill(0xee, to - MARGIN, to + length + MARGIN);
        const from = source(length + fromAt, fromAt * 4 + offset);
        incoming.copy(to, from, fromAt, length);
        const margin = Buffer.alloc(MARGIN, 0xee);
        const wanted = Buffer.concat([margin, from.subarray(fromAt), margin]);
        expect(around(shard, to, length).equals(wanted)).toBe(true);
      }
    }
  });
}

test("what is copied comes from the buffer that is given, whichever was given before", () => {
  const shard = new Shard({ pageBytes: 1024 * 1024, namespacesMax: 1 });
  const incoming = new Incoming(shard);
  const to = shard.firstPage * 4096;
  const buffers = [source(40, 1), source(40, 2), source(40, 3)];
  for (const i of [0, 1, 0, 0, 2, 1]) {
    incoming.copy(to, buffers[i]!, 0, 40);
    expect(Buffer.from(shard.u8.slice(to, to + 40)).equals(buffers[i]!)).toBe(true);
    if (i === 2) incoming.release();
  }
});
