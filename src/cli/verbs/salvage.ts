/** `pykv salvage <dir> <target>`: copies every intact record of a damaged directory to a new one. */
import { Command } from "commander";
import { EXIT } from "../exit.ts";
import type { CliIo } from "../io.ts";

export function salvageCommand(io: CliIo, done: (exitCode: number) => void): Command {
  return new Command("salvage")
    .description("copy every intact record of a damaged data directory into a new one")
    .argument("<dir>", "the damaged directory; it is only read")
    .argument("<target>", "the directory to make; it must be empty or missing")
    .action(async (dir: string, target: string) => done(await salvage(dir, target, io)));
}

async function salvage(dir: string, target: string, io: CliIo): Promise<number> {
  const { salvageDataDir } = await import("../../store/inspect.ts");
  const report = await salvageDataDir(dir, target, (finding) => io.out(`${finding}\n`));
  io.out(`${report.summary}\n`);
  return EXIT.fine;
}
