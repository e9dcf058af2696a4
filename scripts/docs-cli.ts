/**
 * docs/cli.md: the reference of the command line, from the tree of commands and their examples, and
 * of the shell, from its table. What holds for all of them is told here.
 */
import { PassThrough } from "node:stream";
import { Command, type Argument, type Option } from "commander";
import { systemClock } from "../src/base/clock.ts";
import { withConnection } from "../src/cli/connection.ts";
import { EXIT } from "../src/cli/exit.ts";
import { examplesOf } from "../src/cli/help.ts";
import type { CliIo } from "../src/cli/io.ts";
import { createProgram } from "../src/cli/program.ts";
import { SHELL_COMMANDS } from "../src/cli/shell/commands/index.ts";
import type { ShellCommand } from "../src/cli/shell/command.ts";

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  fine: "done",
  failure: "a failure, or an honest no: no such key, a condition that does not hold, damaged data",
  badUsage: "bad usage: an unknown flag, a value that makes no sense",
  unreachable: "the server can't be reached, does not answer in time, or is no PyKV server",
};

const HEAD = `# The command line

<!-- Made by \`npm run docs\` from the commands in src/cli and scripts/docs-cli.ts: edit those, not this. -->

\`pykv\` runs a server, works with one, measures it and looks after its data. In a checkout it is
\`node bin/pykv.js\`, or \`npm link\` once and then \`pykv\`. Every command has \`--help\` with examples.

\`\`\`sh
pykv set greeting 'hello world' --ttl 1h
pykv get greeting
pykv shell
\`\`\`
`;

const EVERYWHERE = `## Everywhere

Output is for people on a terminal and plain elsewhere: without colours, and without remarks such as
\`created, version 7\`, since the exit code says it. \`--json\` prints JSON, a line for each result; an error
is then \`{"error": {"code", "message"}}\` on standard error. \`NO_COLOR\` turns colours off, \`FORCE_COLOR=1\`
turns them on.

Durations are seconds or have a unit: \`500ms\`, \`30s\`, \`5m\`, \`2h\`, \`1d\`. What starts with a dash and is
no flag goes behind \`--\`: \`pykv set k -- --v\`.

### Values

- Files and pipes are kept byte for byte, and \`pykv get\` writes the bytes to a pipe or file as they are,
  without a newline behind them. What is UTF-8 is text, anything else binary.
- An argument that is a JSON object or array is stored as JSON, any other as text: \`007\` stays \`007\`.
  \`--type json\` makes JSON of numbers, \`true\` and \`null\` too, and refuses what is none.
- JSON keeps its text: integers beyond 2^53, \`1.0\` and the order of members survive.
- A terminal is shown binary values as a dump, and control characters as \`\\x1b\`.
`;

/** The whole of docs/cli.md. */
export function cliMarkdown(): string {
  const program = createProgram(silentIo(), () => undefined);
  const verbs = program.createHelp().visibleCommands(program).filter(isVerb);
  const parts = [
    HEAD.trimEnd(),
    verbs.map((verb) => `- ${linkOf(verb)}: ${firstClause(verb)}`).join("\n"),
    EVERYWHERE.trimEnd(),
    exitCodes(),
    connection(),
    "## Commands",
    ...verbs.map(verbMarkdown),
    shellMarkdown(),
  ];
  return `${parts.join("\n\n")}\n`;
}

function exitCodes(): string {
  const lines = Object.entries(EXIT).map(
    ([name, code]) => `- \`${code}\`: ${EXIT_MEANINGS[name as keyof typeof EXIT]}`,
  );
  return `### Exit codes\n\n${lines.join("\n")}`;
}

/** The flags that find the server, once for all commands that have them. */
function connection(): string {
  const text = `### Connection

Commands that talk to a server find it by these flags, or by the environment variables \`PYKV_URL\`,
\`PYKV_NAMESPACE\` and \`PYKV_TOKEN\`. The shell keeps its history where \`PYKV_HISTORY\` says.`;
  return `${text}\n\n${connectionOptions().map(optionLine).join("\n")}`;
}

function connectionOptions(): readonly Option[] {
  return withConnection(new Command(), silentIo()).options;
}

function verbMarkdown(verb: Command): string {
  const shared = new Set(connectionOptions().map(({ long }) => long));
  const talks = [...shared].every((long) => verb.options.some((option) => option.long === long));
  const own = verb.options.filter(({ long, hidden }) => !hidden && !(talks && shared.has(long)));
  const also = verb.aliases().map((alias) => `\`pykv ${alias}\``);
  const parts = [
    `### pykv ${verb.name()}`,
    `\`\`\`sh\npykv ${verb.name()} ${verb.usage()}\n\`\`\``,
    sentence(verb.description()) + (also.length === 0 ? "" : ` Also ${also.join(", ")}.`),
    [...verb.registeredArguments.map(argumentLine), ...own.map(optionLine)].join("\n"),
    talks ? "Also the flags of the [connection](#connection)." : "",
    verb.name() === "serve"
      ? "Besides these its flags are the options in [configuration.md](configuration.md). The console of " +
        "`--interactive` is the [shell](#the-shell), with `STATUS`, `CONNECTIONS`, `LOGLEVEL` and `STOP`."
      : "",
    examples(verb),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function examples(verb: Command): string {
  const lines = examplesOf(verb).map(({ line, does }) => `# ${does}\n${line}`);
  return lines.length === 0 ? "" : `\`\`\`sh\n${lines.join("\n\n")}\n\`\`\``;
}

function argumentLine(argument: Argument): string {
  const { required, variadic, description, argChoices } = argument;
  const name = `${argument.name()}${variadic ? "..." : ""}`;
  const choices = argChoices === undefined ? "" : `: ${argChoices.join(", ")}`;
  return `- \`${required ? `<${name}>` : `[${name}]`}\`: ${escaped(description)}${choices}`;
}

function optionLine(option: Option): string {
  const { flags, description, argChoices } = option;
  const choices = argChoices === undefined ? "" : ` (${argChoices.join(", ")})`;
  return `- \`${flags}\`: ${escaped(description)}${choices}${defaultText(option)}`;
}

function defaultText({ defaultValue, defaultValueDescription }: Option): string {
  if (defaultValue === undefined || defaultValue === false) return "";
  return `; default \`${defaultValueDescription ?? JSON.stringify(defaultValue)}\``;
}

function shellMarkdown(): string {
  const text = `## The shell

\`pykv shell\` takes these commands, in capitals or not, and Tab completes them, keys and namespaces.
Words are separated by spaces; one with spaces goes into quotes, \`"double"\` ones with escapes (\`\\n\`, \`\\xff\`,
\`\\u00e9\`) or \`'single'\` ones without. A value that starts with \`{\` or \`[\` is JSON and goes on, over lines
if need be, to the bracket that closes it. Options may be written as flags: \`TTL 60\` or \`--ttl 60\`.

Ctrl-C gives up a line or ends a command, Ctrl-D leaves. The history is in \`PYKV_HISTORY\`, in the state
directory of XDG, or in \`~/.pykv_history\`, readable by its owner alone; a line that starts with a space is
not kept. While the server is away the prompt says so, and a message tells when it is back.

Standard input that is no terminal is carried out line by line. \`#\` starts a remark. The exit code is that
of the first failure.`;
  return `${text}\n\n${SHELL_COMMANDS.all.map(shellLine).join("\n")}`;
}

function shellLine({ name, aliases = [], usage, does, notes = [] }: ShellCommand): string {
  const also = aliases.length === 0 ? "" : ` Also \`${aliases.join("`, `")}\`.`;
  const more = notes.length === 0 ? "" : ` ${notes.map(escaped).join(" ")}`;
  return `- \`${`${name} ${usage}`.trimEnd()}\`: ${sentence(does)}${also}${more}`;
}

/** `help` explains itself, and has no page of its own. */
function isVerb(command: Command): boolean {
  return command.name() !== "help";
}

function firstClause(verb: Command): string {
  return verb.description().split(/[;.:]/)[0] ?? "";
}

function linkOf(verb: Command): string {
  return `[\`pykv ${verb.name()}\`](#pykv-${verb.name()})`;
}

function sentence(text: string): string {
  return `${escaped(`${text.charAt(0).toUpperCase()}${text.slice(1)}`)}.`;
}

/** Markdown would take these for its own. */
function escaped(text: string): string {
  return text.replace(/[*<>]/g, "\\$&");
}

/** The world of a command line that is only looked at. */
function silentIo(): CliIo {
  const nothing = () => undefined;
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  return {
    ...{ env: {}, clock: systemClock, columns: 100, memoryBytes: 0, color: false },
    ...{ stdin, stdout, stderr, out: nothing, error: nothing, exit: nothing },
    ...{ onSignal: nothing, offSignal: nothing },
  };
}
