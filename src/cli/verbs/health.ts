/** `pykv health`: whether the server is well; the exit code says it too. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { printJson } from "../terminal/output.ts";

export function healthCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("health")
    .description("tell whether the server is well; ends with 0 when it is healthy, with 1 when not")
    .action(async (flags: ConnectionFlags) => done(await health(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv health", does: "shows the state of store and log" },
    { line: "until pykv health; do sleep 1; done", does: "waits for a server that starts" },
  ]);
}

async function health(flags: ConnectionFlags, io: CliIo): Promise<number> {
  const report = await (await connect(flags, io)).health();
  if (flags.json === true) printJson(io, report);
  else {
    const { healthText } = await import("../terminal/reports.ts");
    io.out(healthText(report, io));
  }
  return report.status === "healthy" ? EXIT.fine : EXIT.failure;
}
