/**
 * Stored bytes on a terminal, made harmless.
 *
 * Whoever may write a value could otherwise move the cursor of whoever reads it, clear the screen or
 * retitle the window: control characters are shown as escapes. A pipe gets the bytes as they are.
 */
const ROW_BYTES = 16;

/** C0 but for tab and newline, DEL, C1, and the marks that turn the direction of writing around. */
// eslint would rather see no control characters in a pattern; here they are the point.
const UNSAFE = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]",
  "g",
);

/** Text with its lines, safe to print. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, escape);
}

/** Text on one line: a newline, a tab and a backslash are `\n`, `\t` and `\\`. */
export function safeLine(text: string): string {
  return safeText(
    text.replace(/[\\\n\t]/g, (at) => (at === "\n" ? "\\n" : at === "\t" ? "\\t" : "\\\\")),
  );
}

/** As `xxd` shows bytes: the place, the bytes in hexadecimal, and what of them is ASCII. */
export function hexDump(bytes: Uint8Array, bytesMax: number): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, bytesMax); at += ROW_BYTES) {
    const row = bytes.subarray(at, Math.min(at + ROW_BYTES, bytesMax));
    const hex = Array.from(row, (byte, i) => hexOf(byte) + (i % 2 === 1 ? " " : "")).join("");
    const ascii = Array.from(row, asciiOf).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}: ${hex.padEnd(ROW_BYTES * 2.5)} ${ascii}\n`);
  }
  const left = bytes.length - bytesMax;
  return lines.join("") + (left > 0 ? `... ${left} more bytes\n` : "");
}

function asciiOf(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function escape(character: string): string {
  const code = character.charCodeAt(0);
  return code <= 0xff ? `\\x${hexOf(code)}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
