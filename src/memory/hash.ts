/**
 * HalfSipHash-1-3: a keyed hash of 32 bits.
 *
 * Keys come from users, so a hash that anyone can compute lets anyone fill one bucket and turn the
 * table into a list. With a secret seed drawn at the start of each process they can't. SipHash is
 * the usual answer; its half-width form works on 32-bit words, which is what JavaScript is good at.
 * One round a word and three at the end is what Rust and Ruby chose for their tables (there in full
 * width); the hash guards a table, it signs nothing.
 *
 * Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", and their reference halfsiphash.c.
 * Cost: about 2 ns a round; 16-byte keys take 8 rounds.
 */

/**
 * The hash of `length` bytes of `bytes` from `at`, as a signed 32-bit integer.
 * `seed0` and `seed1` are the secret key, 32 bits each.
 */
export function halfSipHash13(
  bytes: Uint8Array,
  at: number,
  length: number,
  seed0: number,
  seed1: number,
): number {
  let v0 = seed0 | 0;
  let v1 = seed1 | 0;
  let v2 = seed0 ^ 0x6c796765;
  let v3 = seed1 ^ 0x74656462;
  const tailAt = at + (length & ~3);
  let i = at;
  let word = 0;
  // The rounds are written out: a helper would have to return four values.
  for (; i < tailAt; i += 4) {
    word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  word = length << 24;
  if ((length & 3) > 2) word |= bytes[i + 2]! << 16;
  if ((length & 3) > 1) word |= bytes[i + 1]! << 8;
  if ((length & 3) > 0) word |= bytes[i]!;
  return finish(v0, v1, v2, v3, word);
}

/**
 * The same hash of the first `length` bytes of `words`, which is in the byte order of the machine
 * (little-endian, as is all that Node runs on): a quarter of the loads.
 */
export function halfSipHash13Words(
  words: Uint32Array,
  length: number,
  seed0: number,
  seed1: number,
): number {
  let v0 = seed0 | 0;
  let v1 = seed1 | 0;
  let v2 = seed0 ^ 0x6c796765;
  let v3 = seed1 ^ 0x74656462;
  const whole = length >>> 2;
  for (let i = 0; i < whole; i++) {
    const word = words[i]! | 0;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  const rest = length & 3;
  const tail = rest === 0 ? 0 : words[whole]! & ((1 << (rest * 8)) - 1);
  const last = (length << 24) | tail;
  return finish(v0, v1, v2, v3, last);
}

/** The round of the last word, the mark of the end, and three rounds more. */
function finish(s0: number, s1: number, s2: number, s3: number, word: number): number {
  let v0 = s0;
  let v1 = s1;
  let v2 = s2;
  let v3 = s3 ^ word;
  for (let round = 0; round < 4; round++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    if (round === 0) {
      v0 ^= word;
      v2 ^= 0xff;
    }
  }
  return v1 ^ v3;
}
