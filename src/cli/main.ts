/** Where `pykv` begins, from bin/pykv.js. */
import { processIo } from "./io.ts";
import { runCli } from "./program.ts";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever reads has seen enough, as with `pykv list | head -1`: the end, and no failure.
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), processIo());
