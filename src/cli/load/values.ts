/**
 * The values that the load writes: each tells which write it came from, and can be checked whole.
 *
 *   value := "k" key "." seq "." filler       key and seq in base 36
 *
 * Length and filler follow from key and seq, so a value that was read is checked by making it again:
 * nothing of it is kept. Where a value is too short for its head, it is cut, and cannot be checked.
 */

export interface ValueBytes {
  readonly min: number;
  readonly max: number;
}

/** The longest head: ten million keys, and 2^53 writes. */
export const HEAD_BYTES_MAX = 20;

const HEAD = /^k([0-9a-z]{1,11})\.([0-9a-z]{1,11})\./;
const FILLER_BYTES = 8192;
const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

export class Values {
  readonly #bytes: ValueBytes;
  readonly #filler: string;

  /** Values of `min` to `max` bytes, all lengths alike. */
  constructor(bytes: ValueBytes) {
    this.#bytes = bytes;
    this.#filler = fillerOf(bytes.max);
  }

  /** The value of the write `seq` of the key `key`; the same whenever it is asked for. */
  of(key: number, seq: number): string {
    const { min, max } = this.#bytes;
    const mixed = mix(key, seq);
    const bytes = min === max ? min : min + (mixed % (max - min + 1));
    const head = `k${key.toString(36)}.${seq.toString(36)}.`;
    if (head.length >= bytes) return head.slice(0, bytes);
    const at = mixed % FILLER_BYTES;
    return head + this.#filler.slice(at, at + bytes - head.length);
  }

  /** The write that a value of this key says it is of; null when it is not such a value, whole. */
  seqOf(key: number, value: string): number | null {
    const [, keyText, seqText] = HEAD.exec(value) ?? [];
    if (keyText === undefined || seqText === undefined) return null;
    const seq = parseInt(seqText, 36);
    return parseInt(keyText, 36) === key && value === this.of(key, seq) ? seq : null;
  }
}

/** Letters and digits without a pattern that compresses, long enough to start anywhere. */
function fillerOf(bytesMax: number): string {
  const bytes = Buffer.alloc(FILLER_BYTES + bytesMax);
  let state = 0x9e3779b9;
  for (let i = 0; i < bytes.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = ALPHABET.charCodeAt((state >>> 8) % ALPHABET.length);
  }
  return bytes.toString("latin1");
}

/** Key and seq mixed to 31 bits, by the last steps of MurmurHash3 (Austin Appleby). */
function mix(key: number, seq: number): number {
  let h = Math.imul(key ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(seq % 2 ** 32, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 1;
}
