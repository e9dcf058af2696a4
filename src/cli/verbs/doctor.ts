/** `pykv doctor`: checks what a server would meet on this machine, and says what to do. */
import { Command } from "commander";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";

export function doctorCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("doctor")
    .description(
      "check Node, disk, limits, memory, ports and data directory; the exit code is 1 when a " +
        "server could not run. Takes the options of pykv serve, and checks for a server with these",
    )
    .usage("[options of pykv serve]")
    .option("--json", "print the findings as JSON")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: { readonly json?: true }, self: Command) => {
      const { examine } = await import("../doctor/examine.ts");
      done(await examine(self.args, flags, io));
    });
  return withExamples(command, [
    { line: "pykv doctor", does: "check for a server with the default options" },
    {
      line: "pykv doctor --data-dir /var/lib/pykv --max-memory 2gb --port 9000",
      does: "check for one with these options",
    },
    { line: "pykv doctor --json", does: "for monitoring and scripts" },
  ]);
}
