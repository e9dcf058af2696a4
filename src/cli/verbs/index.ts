/** The verbs, in the order in which the help shows them. */
import type { Command } from "commander";
import type { CliIo } from "../io.ts";
import { exportCommand } from "./export.ts";
import { importCommand } from "./import.ts";
import { salvageCommand } from "./salvage.ts";
import { serveCommand } from "./serve.ts";
import { verifyCommand } from "./verify.ts";

/** A verb: its command, which hands its exit code to `done`. What is costly to load, it loads when run. */
export type Verb = (io: CliIo, done: (exitCode: number) => void) => Command;

export const VERBS: readonly Verb[] = [
  serveCommand,
  importCommand,
  exportCommand,
  verifyCommand,
  salvageCommand,
];
