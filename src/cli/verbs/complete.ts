/**
 * `pykv __complete <shell> ...`: what may come next, for the scripts of `pykv completion`.
 *
 * Hidden, and never a failure: whatever goes wrong, there is nothing to offer. Bash hands over its
 * COMP_WORDBREAKS and the line up to the cursor, the others the words up to the one at the cursor.
 */
import { Command } from "commander";
import type { Candidates } from "../completion/candidates.ts";
import { EXIT } from "../exit.ts";
import type { CliIo } from "../io.ts";

export function completeCommand(io: CliIo, done: (exitCode: number) => void): Command {
  return new Command("__complete")
    .description("what may come next on a command line")
    .argument("<shell>")
    .argument("[words...]")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (shell: string, words: string[], _flags: unknown, command: Command) => {
      io.out(await complete(shell, words, command.parent ?? command, io));
      done(EXIT.fine);
    });
}

async function complete(
  shell: string,
  given: readonly string[],
  program: Command,
  io: CliIo,
): Promise<string> {
  const { candidatesFor } = await import("../completion/candidates.ts");
  if (shell !== "bash") return answer(await candidatesFor(program, given, io), true);
  const { forBash, splitBashLine } = await import("../completion/bash.ts");
  const [breaks = "", line = ""] = given;
  const { words, quote } = splitBashLine(line);
  const typed = words.at(-1) ?? "";
  const { candidates, also } = await candidatesFor(program, words.slice(1), io);
  const values = candidates.map(({ value, about }) => ({
    ...{ value: forBash(value, typed, quote, breaks), about },
  }));
  return answer({ candidates: values, also }, false);
}

function answer({ candidates, also }: Candidates, isDescribed: boolean): string {
  const lines = candidates.map(({ value, about }) => (isDescribed ? `${value}\t${about}` : value));
  return `${[also, ...lines].join("\n")}\n`;
}
