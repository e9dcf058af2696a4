/**
 * Base64 with what every platform has: btoa and atob over strings of single bytes.
 *
 * Bytes become characters in chunks, since a call takes only so many arguments; a chunk is a multiple
 * of three bytes, so that the pieces of base64 fit together without padding between them.
 */
const CHUNK_BYTES = 3 * 8192;

export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    pieces.push(btoa(String.fromCharCode(...chunk)));
  }
  return pieces.join("");
}

/** Throws what `atob` throws when it is no base64. */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
