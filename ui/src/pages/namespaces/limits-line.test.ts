import { expect, test } from "vitest";
import type { Option } from "../../lib/server.ts";
import { limitsText } from "./limits-line.tsx";

const options = (capacity: string, eviction: string) =>
  Object.entries({ capacity, eviction, "max-memory": "64mb" }).map(
    ([name, value]) => ({ name, value, accepts: "" }) as Option,
  );

test("limits are told in words", () => {
  expect(limitsText(options("0", "lru"))).toBe(
    "A namespace may hold any number of keys, all of them together 64mb of memory; " +
      "beyond a limit the least recently used keys give way.",
  );
  expect(limitsText(options("5000", "none"))).toBe(
    "A namespace may hold 5,000 keys, all of them together 64mb of memory; " +
      "beyond a limit writes are refused.",
  );
});
