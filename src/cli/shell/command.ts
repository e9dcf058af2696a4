/** What a command of the shell is, and what it works with. */
import type { PyKV } from "../../client/index.ts";
import type { ConnectionFlags } from "../connection.ts";
import type { CliIo } from "../io.ts";
import type { Given } from "./arguments.ts";

/** What stands in a place of a command, for completion. */
export type Place = "key" | "namespace" | "command" | "other";

export interface ShellContext {
  readonly kv: PyKV;
  readonly io: CliIo;
  /** How the server was found, for what connects by itself. */
  readonly flags: ConnectionFlags;
  readonly namespace: string;
  /** Ends the command when Ctrl-C is typed. */
  readonly signal: AbortSignal;
  /** Works in another namespace from now on. */
  readonly switchTo: (namespace: string) => void;
  /** Asks the user; null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Asks the shell to end after this command. */
  readonly leave: () => void;
}

/** What a command has to say: lines without a newline at the end. */
export interface Outcome {
  readonly text: string;
  /** Besides, for people: shown on a terminal alone. */
  readonly note?: string;
  /** Nobody was asked, so that how long it took means nothing. */
  readonly isUntimed?: true;
  /** An honest no, such as a key that is not there: exit code 1 in a script. */
  readonly isNo?: true;
}

export interface OptionSpec {
  /** Also taken in any case, with `--` in front, and by the names that Redis has for it. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What follows it; absent when nothing does. */
  readonly value?: string;
}

export interface ShellCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Arguments and options as HELP shows them: `<key> <value> [TTL <duration>]`. */
  readonly usage: string;
  readonly does: string;
  /** More for HELP of this command: each line by itself. */
  readonly notes?: readonly string[];
  readonly examples?: readonly string[];
  readonly arity: { readonly min: number; readonly max: number };
  /** What the arguments are, in order; the last stands for all that follow. */
  readonly places?: readonly Place[];
  readonly options?: readonly OptionSpec[];
  /** Throws UsageError for arguments that make no sense, and what the SDK throws. */
  run(given: Given, context: ShellContext): Promise<Outcome>;
}
