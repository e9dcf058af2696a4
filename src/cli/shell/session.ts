/**
 * What a terminal and a script have in common: the server, the namespace that is worked in, and
 * carrying out one line.
 *
 * A line never throws: what a user did wrong or the server refused becomes a result with a message,
 * so that the shell goes on. Only a bug escapes.
 */
import { PyKVError } from "../../base/errors.ts";
import type { PyKV } from "../../client/index.ts";
import { PyKVError as ClientError } from "../../client/errors.ts";
import { clientExitCode, type ConnectionFlags } from "../connection.ts";
import { EXIT, Failure, UsageError } from "../exit.ts";
import type { CliIo } from "../io.ts";
import { givenTo } from "./arguments.ts";
import type { Outcome, ShellContext } from "./command.ts";
import { SHELL_COMMANDS, type CommandTable } from "./commands/index.ts";
import { parseLine, textOf, type Line } from "./words.ts";

/** How a line ended. */
export interface Result {
  /** One of EXIT: what a script ends with when nothing later is worse. */
  readonly exitCode: number;
  /** To standard output. */
  readonly text: string;
  /** Besides, on a terminal. */
  readonly note: string;
  /** What went wrong, null when nothing did. */
  readonly problem: string | null;
  /** Null where it means nothing. */
  readonly durationMs: number | null;
}

export type Ask = ShellContext["ask"];

export class Session {
  readonly io: CliIo;
  readonly commands: CommandTable;
  readonly #flags: ConnectionFlags;
  #kv: PyKV;
  #isLeaving = false;

  constructor(
    kv: PyKV,
    flags: ConnectionFlags,
    io: CliIo,
    commands: CommandTable = SHELL_COMMANDS,
  ) {
    this.commands = commands;
    this.#kv = kv;
    this.#flags = flags;
    this.io = io;
  }

  get kv(): PyKV {
    return this.#kv;
  }

  get namespace(): string {
    return this.#kv.namespaceName;
  }

  /** Host and port, as the prompt shows them. */
  get host(): string {
    return this.#kv.url.replace(/^https?:\/\//, "").replace(/\/$/, "");
  }

  /** Whether QUIT was given. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Whether the text is a whole line: nothing is open in it. Mistakes are for `execute` to tell. */
  isWhole(text: string): boolean {
    try {
      return !parseLine(text).isOpen;
    } catch {
      return true;
    }
  }

  async execute(text: string, signal: AbortSignal, ask: Ask): Promise<Result> {
    const { clock } = this.io;
    const startMs = clock.monotonicMs();
    try {
      const {
        text: shown,
        note = "",
        isNo,
        isUntimed,
      } = await this.#run(parseLine(text), signal, ask);
      const durationMs = isUntimed === true ? null : clock.monotonicMs() - startMs;
      const exitCode = isNo === true ? EXIT.failure : EXIT.fine;
      return { exitCode, text: shown, note, problem: null, durationMs };
    } catch (error) {
      const durationMs = clock.monotonicMs() - startMs;
      return { ...problemOf(error), text: "", note: "", durationMs };
    }
  }

  #run({ words, isOpen }: Line, signal: AbortSignal, ask: Ask): Promise<Outcome> {
    const [name, ...rest] = words;
    if (name === undefined) return Promise.resolve({ text: "" });
    if (isOpen) throw new UsageError("a quote or a bracket is not closed");
    const command = this.commands.named(textOf(name));
    return command.run(givenTo(command, rest), {
      ...{ kv: this.#kv, io: this.io, namespace: this.namespace, signal, ask },
      flags: this.#flags,
      switchTo: (namespace) => (this.#kv = this.#kv.namespace(namespace)),
      leave: () => (this.#isLeaving = true),
    });
  }
}

/** Throws what is a bug. */
function problemOf(error: unknown): Pick<Result, "exitCode" | "problem"> {
  if (error instanceof UsageError) return { exitCode: EXIT.badUsage, problem: error.message };
  if (error instanceof Failure) return { exitCode: EXIT.failure, problem: error.message };
  if (error instanceof PyKVError) return { exitCode: EXIT.failure, problem: error.message };
  if (!(error instanceof ClientError)) throw error;
  return { exitCode: clientExitCode(error), problem: error.message };
}
