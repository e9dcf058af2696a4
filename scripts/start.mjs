/**
 * What `npm start` runs: builds when a source is newer than the build, then `pykv serve` with the
 * arguments given, in this same process, so that signals reach the server with nothing in between.
 */
import { build } from "./build.mjs";

if (build(["dist", "ui"], { onlyIfStale: true })) {
  process.argv.splice(2, 0, "serve");
  await import("../bin/pykv.js");
} else {
  process.stderr.write("pykv: the build failed, see above\n");
  process.exitCode = 1;
}
