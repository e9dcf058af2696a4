/**
 * The command line: the table of verbs, and how a verb's end becomes an exit code.
 *
 * 0 is fine, 1 is a failure, 2 is bad usage. What a user did wrong, and what the disk or the network
 * did, is told in one clear message; a stack trace is for bugs alone.
 */
import { Command, CommanderError } from "commander";
import { PyKVError } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { EXIT, Failure } from "./exit.ts";
import type { CliIo } from "./io.ts";
import { salvageCommand } from "./salvage.ts";
import { serveCommand } from "./serve.ts";
import { verifyCommand } from "./verify.ts";

/** A verb: its command, which hands its exit code to `done`. */
type Verb = (io: CliIo, done: (exitCode: number) => void) => Command;

const VERBS: readonly Verb[] = [serveCommand, verifyCommand, salvageCommand];

/** Runs the verb that `argv` names, and returns the exit code. Never rejects. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = EXIT.fine;
  const program = programOf(io, (code) => (exitCode = code));
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, io);
  }
}

function programOf(io: CliIo, done: (exitCode: number) => void): Command {
  const program = new Command("pykv")
    .description("A durable key-value server.")
    .version(VERSION)
    .enablePositionalOptions()
    .helpCommand(true);
  for (const verb of VERBS) program.addCommand(verb(io, done));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(`(see ${helpOf(program, command)})`)
      .configureOutput({
        writeOut: io.out,
        writeErr: io.error,
        outputError: (text, write) => write(text.replace(/^error: /, "pykv: ")),
      });
  }
  return program;
}

function helpOf(program: Command, command: Command): string {
  return command === program ? "pykv --help" : `pykv ${command.name()} --help`;
}

function report(error: unknown, io: CliIo): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.fine : EXIT.badUsage;
  }
  if (error instanceof PyKVError && error.code === "INVALID_OPTION") {
    for (const problem of error.detail.split("\n")) io.error(`pykv: ${problem}\n`);
    return EXIT.badUsage;
  }
  io.error(`pykv: ${describe(error)}\n`);
  return EXIT.failure;
}

function describe(error: unknown): string {
  if (error instanceof PyKVError || error instanceof Failure) return error.message;
  // Errors of the operating system have a code and name what failed: a trace adds nothing.
  if (error instanceof Error && "syscall" in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
