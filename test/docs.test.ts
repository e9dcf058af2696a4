/** The documents: those made from the sources are fresh, and no link in any of them is dead. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { MISSING_NAMES } from "../scripts/docs-redis.ts";
import { GENERATED } from "../scripts/generated.ts";
import { COMMANDS } from "../src/resp/commands/index.ts";

const ROOT = resolve(import.meta.dirname, "..");

for (const { path, text } of GENERATED) {
  test(`${path} is what npm run docs would write`, () => {
    expect(readFileSync(join(ROOT, path), "utf8")).toBe(text());
  });
}

test("no command that works is listed as missing", () => {
  const working = new Set(COMMANDS.map(({ name }) => name));
  expect(MISSING_NAMES.filter((name) => working.has(name))).toEqual([]);
});

for (const path of documents()) {
  const text = readFileSync(join(ROOT, path), "utf8");

  test(`every relative link in ${path} leads somewhere`, () => {
    const dead = linksOf(text).filter((link) => !existsSync(join(ROOT, dirname(path), link)));
    expect(dead).toEqual([]);
  });

  test(`every repository path that ${path} names in backticks exists`, () => {
    const named = [...text.matchAll(/`((?:src|test|bench|scripts|docs|bin|examples)\/[\w./-]+)`/g)];
    const missing = named.map((match) => match[1]!).filter((name) => !existsSync(join(ROOT, name)));
    expect(missing).toEqual([]);
  });
}

function documents(): string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  const docs = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  return [...top, ...docs.map((name) => `docs/${name}`), "examples/README.md"];
}

/** Targets of Markdown links into the repository, without the part after `#`. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!.split("#")[0]!)
    .filter((link) => link !== "" && !/^[a-z]+:/.test(link));
}
