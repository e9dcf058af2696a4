/**
 * The command line: the table of verbs, and how a verb's end becomes an exit code.
 *
 * 0 is fine, 1 is a failure or an honest "no", 2 is bad usage.
 * What a user did wrong, and what the disk or the network did, is told in one clear message; a stack
 * trace is for bugs alone. With --json among the arguments the message is an object on standard
 * error.
 */
import { Command, CommanderError } from "commander";
import { PyKVError } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { PyKVError as ClientError } from "../client/errors.ts";
import { clientExitCode } from "./connection.ts";
import { EXIT, Failure, UsageError } from "./exit.ts";
import type { CliIo } from "./io.ts";
import { VERBS } from "./verbs/index.ts";

/** How a verb ended that could not do its work. */
interface Ending {
  readonly exitCode: number;
  /** For programs: a code of the catalogue, or of the client. */
  readonly code: string;
  readonly messages: readonly string[];
}

/** Runs the verb that `argv` names, and returns the exit code. Never rejects. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = EXIT.fine;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, argv.includes("--json"), io);
  }
}

/** The whole tree of commands; the reference in docs/cli.md is made from it. */
export function createProgram(io: CliIo, done: (exitCode: number) => void): Command {
  const program = new Command("pykv")
    .description("A durable key-value server.")
    .version(VERSION)
    .enablePositionalOptions()
    .helpCommand(true);
  for (const verb of VERBS) {
    const command = verb(io, done);
    program.addCommand(command, { hidden: command.name().startsWith("__") });
  }
  prepare(program, "pykv", io);
  return program;
}

function prepare(command: Command, path: string, io: CliIo): void {
  command
    .exitOverride()
    .showHelpAfterError(`(see ${path} --help)`)
    .configureOutput({
      writeOut: io.out,
      writeErr: io.error,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      outputError: (text, write) => write(text.replace(/^error: /, "pykv: ")),
    });
  for (const child of command.commands) prepare(child, `${path} ${child.name()}`, io);
}

function report(error: unknown, asJson: boolean, io: CliIo): number {
  // Commander has told its own already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.badUsage;
  const { exitCode, code, messages } = endingOf(error);
  if (asJson) io.error(`${JSON.stringify({ error: { code, message: messages.join("\n") } })}\n`);
  else for (const message of messages) io.error(`pykv: ${message}\n`);
  return exitCode;
}

function endingOf(error: unknown): Ending {
  if (error instanceof PyKVError) {
    const { code, detail, message } = error;
    if (code !== "INVALID_OPTION") return { exitCode: EXIT.failure, code, messages: [message] };
    return { exitCode: EXIT.badUsage, code, messages: detail.split("\n") };
  }
  if (error instanceof UsageError) {
    return { exitCode: EXIT.badUsage, code: "BAD_USAGE", messages: [error.message] };
  }
  if (error instanceof ClientError) return clientEnding(error);
  if (error instanceof Failure) {
    const { code, message } = error;
    return { exitCode: EXIT.failure, code, messages: message.split("\n") };
  }
  return { exitCode: EXIT.failure, code: "FAILED", messages: [describe(error)] };
}

function clientEnding(error: ClientError): Ending {
  const { code, message } = error;
  const exitCode = clientExitCode(error);
  if (code !== "UNREACHABLE") return { exitCode, code, messages: [message] };
  const advice = "start a server with: pykv serve; or name another with --url";
  return { exitCode, code, messages: [message, advice] };
}

function describe(error: unknown): string {
  // Errors of the operating system have a code and name what failed: a trace adds nothing.
  if (error instanceof Error && "syscall" in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
