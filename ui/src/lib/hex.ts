/** Bytes as a hex dump: where they are, what they are, and the letters among them. */
export interface HexLine {
  readonly offset: string;
  /** Two digits each. */
  readonly digits: readonly string[];
  /** A dot where there is no letter. */
  readonly letters: string;
}

const OFFSET_DIGITS = 8;
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hexLineCount(bytes: number, perLine: number): number {
  return Math.ceil(bytes / perLine);
}

export function hexLine(bytes: Uint8Array, line: number, perLine: number): HexLine {
  const from = line * perLine;
  const part = bytes.subarray(from, from + perLine);
  return {
    offset: from.toString(16).padStart(OFFSET_DIGITS, "0"),
    digits: Array.from(part, (byte) => DIGITS[byte]!),
    letters: Array.from(part, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
    ).join(""),
  };
}
