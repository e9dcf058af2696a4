/**
 * Examples in the help of a verb, and in docs/cli.md, which is generated from the same table.
 */
import type { Command } from "commander";

export interface Example {
  /** As it is typed: `pykv get user:1`. */
  readonly line: string;
  /** What it does, in a few words. */
  readonly does: string;
}

const EXAMPLES = new WeakMap<Command, readonly Example[]>();

/** Adds examples to the end of the command's help, in the order given. */
export function withExamples(command: Command, examples: readonly Example[]): Command {
  EXAMPLES.set(command, examples);
  const lines = examples.map(({ line, does }) => `  $ ${line}\n      ${does}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return EXAMPLES.get(command) ?? [];
}
