import { expect, test } from "vitest";
import { recordBytes } from "../format/record.ts";
import { recordBytesMax } from "./record-bytes.ts";

for (const [namespace, keyLength, valueLength] of [
  ["default", 1, 0],
  ["db15", 65_535, 100_000],
  ["n".repeat(64), 0, 0],
] as const) {
  for (const deadlineMs of [0, 1, 2 ** 48 - 1]) {
    test(`covers a record in ${namespace} with deadline ${deadlineMs}`, () => {
      const bytes = recordBytes(deadlineMs, namespace.length, keyLength, valueLength);
      expect(recordBytesMax(namespace, keyLength, valueLength)).toBeGreaterThanOrEqual(bytes);
    });
  }
}
