/** `pykv verify <dir>`: reads a whole data directory and says whether it is intact. */
import { Command } from "commander";
import { EXIT } from "../exit.ts";
import type { CliIo } from "../io.ts";

export function verifyCommand(io: CliIo, done: (exitCode: number) => void): Command {
  return new Command("verify")
    .description("check a data directory; the exit code is 0 when it is intact")
    .argument("<dir>", "the data directory of a server that is not running")
    .action(async (dir: string) => done(await verify(dir, io)));
}

async function verify(dir: string, io: CliIo): Promise<number> {
  const { verifyDataDir } = await import("../../store/inspect.ts");
  const report = await verifyDataDir(dir, (finding) => io.out(`${finding}\n`));
  io.out(`${report.summary}\n`);
  return report.intact ? EXIT.fine : EXIT.failure;
}
