/** `pykv completion <shell>`: the script that makes Tab work. */
import { Argument, Command } from "commander";
import { SCRIPTS, SHELLS, type ShellName } from "../completion/scripts.ts";
import { EXIT } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";

export function completionCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("completion")
    .description("print a script that completes verbs, flags, keys and namespaces in a shell")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .action((shell: ShellName) => {
      io.out(SCRIPTS[shell]);
      done(EXIT.fine);
    });
  return withExamples(command, [
    { line: "source <(pykv completion bash)", does: "in ~/.bashrc; zsh works alike, in ~/.zshrc" },
    { line: "pykv completion fish | source", does: "in ~/.config/fish/config.fish" },
  ]);
}
