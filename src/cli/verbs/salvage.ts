/** `pykv salvage <dir> <target>`: copies every intact record of a damaged directory to a new one. */
import { Command } from "commander";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { withFindings } from "./with-findings.ts";

interface SalvageFlags {
  readonly json?: true;
}

export function salvageCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("salvage")
    .description("copy every intact record of a damaged data directory into a new one")
    .argument("<dir>", "the damaged directory; it is only read")
    .argument("<target>", "the directory to make; it must be empty or missing")
    .option("--json", "print what was copied as JSON")
    .action(async (dir: string, target: string, flags: SalvageFlags) =>
      done(await salvage(dir, target, flags, io)),
    );
  return withExamples(command, [
    { line: "pykv salvage ./data ./saved", does: "copy what can be read, and name what cannot" },
    { line: "pykv serve --data-dir ./saved", does: "go on with the copy" },
  ]);
}

async function salvage(
  dir: string,
  target: string,
  { json }: SalvageFlags,
  io: CliIo,
): Promise<number> {
  const { salvageDataDir } = await import("../../store/inspect.ts");
  const { report, findings } = await withFindings(io, json, (found, onProgress) =>
    salvageDataDir(dir, target, found, onProgress),
  );
  const { entries, damages, summary } = report;
  if (json === true) io.out(`${JSON.stringify({ entries, damages, findings, target })}\n`);
  else io.out(`${summary}\n`);
  return EXIT.fine;
}
