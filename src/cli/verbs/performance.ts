/** `pykv performance`: rates and latencies, as the server measures them. */
import { Command } from "commander";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { printJson } from "../terminal/output.ts";

export function performanceCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("performance")
    .alias("perf")
    .description("show rates and latencies over the last minute and since the start")
    .action(async (flags: ConnectionFlags) => done(await performance(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv performance", does: "shows what each operation takes" },
    { line: "pykv performance --json | jq .last_minute.p99_latency_ms", does: "picks one figure" },
  ]);
}

async function performance(flags: ConnectionFlags, io: CliIo): Promise<number> {
  const report = await (await connect(flags, io)).performance();
  if (flags.json === true) printJson(io, report);
  else {
    const { performanceText } = await import("../terminal/reports.ts");
    io.out(performanceText(report, io));
  }
  return EXIT.fine;
}
