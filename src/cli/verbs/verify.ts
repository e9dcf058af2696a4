/** `pykv verify <dir>`: reads a whole data directory and says whether it is intact. */
import { Command } from "commander";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { withFindings } from "./with-findings.ts";

interface VerifyFlags {
  readonly json?: true;
}

export function verifyCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("verify")
    .description("check a data directory; the exit code is 0 when it is intact")
    .argument("<dir>", "the data directory of a server that is not running")
    .option("--json", "print the verdict as JSON")
    .action(async (dir: string, flags: VerifyFlags) => done(await verify(dir, flags, io)));
  return withExamples(command, [
    { line: "pykv verify ./data", does: "read everything, and name each damage with its place" },
    { line: "pykv verify /backup/pykv --json", does: "the same for a script: see the exit code" },
  ]);
}

async function verify(dir: string, { json }: VerifyFlags, io: CliIo): Promise<number> {
  const { verifyDataDir } = await import("../../store/inspect.ts");
  const { report, findings } = await withFindings(io, json, (found, onProgress) =>
    verifyDataDir(dir, found, onProgress),
  );
  const { intact, entries, records, damages, summary } = report;
  if (json === true) {
    io.out(`${JSON.stringify({ intact, entries, records, damages, findings })}\n`);
  } else io.out(`${summary}\n`);
  return intact ? EXIT.fine : EXIT.failure;
}
