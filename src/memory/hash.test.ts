/** HalfSipHash-1-3 against a plain implementation, and that one against the published vectors. */
import { expect, test } from "vitest";
import { randomFrom } from "../../test/support/table-driver.ts";
import { halfSipHash13, halfSipHash13Words } from "./hash.ts";

/** HalfSipHash-c-d with 32 bits of output, step by step as the paper has it. */
function halfSipHash(c: number, d: number, k0: number, k1: number, input: Uint8Array): number {
  let v = [k0, k1, 0x6c796765 ^ k0, 0x74656462 ^ k1] as [number, number, number, number];
  const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));
  const round = (): void => {
    let [v0, v1, v2, v3] = v;
    v0 += v1;
    v1 = rotate(v1, 5) ^ v0;
    v0 = rotate(v0, 16);
    v2 += v3;
    v3 = rotate(v3, 8) ^ v2;
    v0 += v3;
    v3 = rotate(v3, 7) ^ v0;
    v2 += v1;
    v1 = rotate(v1, 13) ^ v2;
    v2 = rotate(v2, 16);
    v = [v0 | 0, v1 | 0, v2 | 0, v3 | 0];
  };
  const padded = Buffer.alloc((Math.floor(input.length / 4) + 1) * 4);
  padded.set(input);
  padded[padded.length - 1] = input.length & 0xff;
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded.readInt32LE(at);
    v[3] ^= word;
    for (let i = 0; i < c; i++) round();
    v[0] ^= word;
  }
  v[2] ^= 0xff;
  for (let i = 0; i < d; i++) round();
  return v[1] ^ v[3];
}

const K0 = 0x03020100;
const K1 = 0x07060504;
const COUNT_UP = Uint8Array.from({ length: 64 }, (_, i) => i);

/** Of the reference implementation, for 2-4: input length, and output as a little-endian number. */
const VECTORS: readonly (readonly [number, number])[] = [
  [0, 0x5b9f35a9],
  [1, 0xb85a4727],
  [2, 0x03a662fa],
  [3, 0x04e7fe8a],
  [4, 0x89466e2a],
  [7, 0xc563cf8b],
  [8, 0x8f84b8d0],
  [15, 0x972bfe74],
  [16, 0x84acb5d9],
  [63, 0x744aea59],
];

for (const [length, output] of VECTORS) {
  test(`the plain implementation gives the published output for ${length} bytes`, () => {
    expect(halfSipHash(2, 4, K0, K1, COUNT_UP.subarray(0, length)) >>> 0).toBe(output);
  });
}

for (const [seed0, seed1] of [
  [K0, K1],
  [0, 0],
  [0xffffffff, 0x80000000],
] as const) {
  test(`halfSipHash13 is HalfSipHash-1-3 at every length, seed ${seed0} ${seed1}`, () => {
    const random = randomFrom(5);
    const bytes = Uint8Array.from({ length: 1100 }, () => random());
    for (let length = 0; length <= 1030; length++) {
      const at = length % 9;
      const plain = halfSipHash(1, 3, seed0, seed1, bytes.subarray(at, at + length));
      expect(halfSipHash13(bytes, at, length, seed0, seed1)).toBe(plain);
      const words = new Uint32Array(258).fill(0xdeadbeef);
      new Uint8Array(words.buffer).set(bytes.subarray(at, at + length));
      expect(halfSipHash13Words(words, length, seed0, seed1)).toBe(plain);
    }
  });
}

test("every bit of the seed and of the input changes the hash", () => {
  const hash = halfSipHash13(COUNT_UP, 0, 16, K0, K1);
  for (let bit = 0; bit < 32; bit++) {
    expect(halfSipHash13(COUNT_UP, 0, 16, K0 ^ (1 << bit), K1)).not.toBe(hash);
    expect(halfSipHash13(COUNT_UP, 0, 16, K0, K1 ^ (1 << bit))).not.toBe(hash);
  }
  for (let bit = 0; bit < 128; bit++) {
    const changed = COUNT_UP.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(halfSipHash13(changed, 0, 16, K0, K1)).not.toBe(hash);
  }
});
