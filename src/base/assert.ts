/**
 * Assertions are for bugs alone: what disk, network or users do is reported, never asserted.
 *
 * Messages are static text, since building a template string costs thirty times the check itself.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
