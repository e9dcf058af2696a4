#!/usr/bin/env node
/** The `pykv` command: runs the build, and says what to do when there is none. */
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("pykv: there is no build yet: run npm run build first\n");
  process.exitCode = 1;
}
