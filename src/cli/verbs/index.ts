/** The verbs, in the order in which the help shows them. */
import type { Command } from "commander";
import type { CliIo } from "../io.ts";
import { benchCommand } from "./bench.ts";
import { clearCommand } from "./clear.ts";
import { clientCommand } from "./client.ts";
import { compactCommand } from "./compact.ts";
import { completeCommand } from "./complete.ts";
import { completionCommand } from "./completion.ts";
import { deleteCommand } from "./delete.ts";
import { doctorCommand } from "./doctor.ts";
import { expireCommand } from "./expire.ts";
import { exportCommand } from "./export.ts";
import { getCommand } from "./get.ts";
import { hasCommand } from "./has.ts";
import { healthCommand } from "./health.ts";
import { importCommand } from "./import.ts";
import { incrCommand } from "./incr.ts";
import { listCommand } from "./list.ts";
import { loadTestCommand } from "./load-test.ts";
import { logCommand } from "./log.ts";
import { namespacesCommand } from "./namespaces.ts";
import { performanceCommand } from "./performance.ts";
import { persistCommand } from "./persist.ts";
import { salvageCommand } from "./salvage.ts";
import { serveCommand } from "./serve.ts";
import { setCommand } from "./set.ts";
import { shellCommand } from "./shell.ts";
import { statsCommand } from "./stats.ts";
import { topCommand } from "./top.ts";
import { updateCommand } from "./update.ts";
import { verifyCommand } from "./verify.ts";

/** A verb: its command, which hands its exit code to `done`. What is costly to load, it loads when run. */
export type Verb = (io: CliIo, done: (exitCode: number) => void) => Command;

export const VERBS: readonly Verb[] = [
  serveCommand,
  ...[getCommand, setCommand, updateCommand, deleteCommand, hasCommand, incrCommand],
  ...[expireCommand, persistCommand, listCommand, clearCommand],
  ...[shellCommand, clientCommand],
  ...[statsCommand, performanceCommand, healthCommand, namespacesCommand, compactCommand],
  ...[topCommand],
  ...[importCommand, exportCommand],
  ...[benchCommand, loadTestCommand],
  ...[logCommand, verifyCommand, salvageCommand, doctorCommand],
  ...[completionCommand, completeCommand],
];
