/** HELP and QUIT, which are about the shell itself. */
import { UsageError } from "../../exit.ts";
import type { CliIo } from "../../io.ts";
import { styleOf } from "../../terminal/style.ts";
import type { ShellCommand } from "../command.ts";

const USAGE_COLUMNS = 24;
const QUOTING = [
  "Words are separated by spaces. A word with spaces, or one that starts with a quote or a",
  "bracket, is put in quotes:",
  '  "double"  knows \\n \\r \\t \\0 \\\\ \\" \\xHH (one byte) and \\uHHHH',
  "  'single'  is taken as it is, up to the next '",
  "  { } [ ]   JSON, up to the bracket that closes it; the line goes on until then",
  "Durations are seconds, or have a unit: 500ms, 30s, 5m, 2h, 1d. Case does not matter for",
  "commands and options; options may be written as flags (TTL 60 or --ttl 60).",
];

const KEYS = [
  "Tab completes commands, keys and namespaces; arrow up recalls what was typed.",
  "Ctrl-C gives up a line, or a command that runs; Ctrl-D leaves.",
  "A line that starts with # is a remark; one that starts with a space is not kept in the history.",
];

export const quit: ShellCommand = {
  name: "QUIT",
  aliases: ["EXIT"],
  usage: "",
  does: "leaves the shell, as Ctrl-D does",
  arity: { min: 0, max: 0 },
  run(_given, { leave }) {
    leave();
    return Promise.resolve({ text: "" });
  },
};

/** HELP over the other commands. */
export function helpOver(commands: () => readonly ShellCommand[]): ShellCommand {
  return {
    name: "HELP",
    aliases: ["?"],
    usage: "[command]",
    does: "shows this, or more on one command",
    arity: { min: 0, max: 1 },
    places: ["command"],
    run(given, { io }) {
      const name = given.text(0)?.toUpperCase();
      if (name === undefined)
        return Promise.resolve({ text: overview(commands(), io), isUntimed: true });
      const command = commands().find(
        (each) => each.name === name || each.aliases?.includes(name) === true,
      );
      if (command === undefined) throw new UsageError(`no command ${name}; HELP shows all`);
      return Promise.resolve({ text: details(command, io), isUntimed: true });
    },
  };
}

function overview(commands: readonly ShellCommand[], io: CliIo): string {
  const { name, dim } = styleOf(io);
  const lines = commands.map(({ name: command, usage, does }) => {
    const short = usage.replace(/ \[[A-Z].*/, "").replace(/^\[[A-Z].*/, "");
    const shown = `${command} ${short}`.trimEnd();
    return `  ${name(command)}${dim(shown.slice(command.length).padEnd(USAGE_COLUMNS - command.length))} ${does}`;
  });
  const more = dim("HELP SET, for example, shows its options and examples.");
  return [...lines, "", ...QUOTING, "", ...KEYS, more].join("\n");
}

function details(
  { name, aliases = [], usage, does, notes = [], examples = [] }: ShellCommand,
  io: CliIo,
) {
  const style = styleOf(io);
  const lines = [`${style.name(name)} ${usage}`.trimEnd(), `  ${does}`];
  if (aliases.length > 0) lines.push(style.dim(`  also: ${aliases.join(", ")}`));
  lines.push(...notes.map((note) => `  ${note}`));
  if (examples.length > 0)
    lines.push("", ...examples.map((example) => `  ${style.value(example)}`));
  return lines.join("\n");
}
