/**
 * `npm run docs`: writes the documents that are made from the sources.
 *
 * test/docs.test.ts fails when one of them is not what this would write.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { GENERATED } from "./generated.ts";

for (const { path, text } of GENERATED) {
  writeFileSync(resolve(path), text());
  process.stdout.write(`wrote ${path}\n`);
}
