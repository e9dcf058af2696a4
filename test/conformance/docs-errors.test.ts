import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ERRORS } from "../../src/base/errors.ts";

const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");

test("docs/errors.md tells of every code of the catalogue, and of no other", () => {
  const told = [...page.matchAll(/^## ([A-Z_]+)$/gm)].map(([, code]) => code);
  expect(told).toEqual(Object.keys(ERRORS));
});
