/**
 * The options in words: the help text of a verb that takes them, and docs/configuration.md.
 *
 * Both are written from the declaration alone, so neither can go stale: the help is made when it is
 * asked for, and a test compares the document with what this file makes. A default that depends on
 * the machine is given as its rule, never as the number that this machine makes of it.
 */
import { environmentName, OPTIONS, type Declaration } from "./declaration.ts";
import type { Machine } from "./kinds.ts";

type Spec = Declaration[string];

const HELP_INDENT = "      ";
/** Only for defaults that do not depend on it; those that do are given by their rule. */
const ANY_MACHINE: Machine = { memoryBytes: 0 };

const INTRODUCTION = `# Configuration

<!-- Made by \`npm run docs\` from src/store/options/declaration.ts: edit that file, not this one. -->

Each option can be given in three places. A flag wins over an environment variable, which wins over
the configuration file, which wins over the default.

\`\`\`sh
npm start -- --port 9000 --fsync everysec
PYKV_PORT=9000 PYKV_FSYNC=everysec npm start
npm start -- --config pykv.yaml
\`\`\`

A configuration file is YAML, or JSON when its name ends in \`.json\`, and uses the names of the flags:

\`\`\`yaml
port: 9000
fsync: everysec
max-memory: 2gb
allowed-hosts:
  - kv.example.org
\`\`\`

- **Sizes** take units: \`64mb\`, \`1.5GiB\`, \`512k\`, or plain bytes. All units are binary: \`1mb\`, \`1MiB\`
  and \`1m\` are all 1,048,576 bytes. Case does not matter.
- **Durations** take units: \`250ms\`, \`30s\`, \`5m\`, \`2h\`, \`1d\`. What a plain number means is said with
  each option.
- **Lists** are separated by commas, or the flag is repeated, or they are lists in a file. A list
  replaces the one of a weaker place; it does not add to it.
- An environment variable that is empty counts as not set. The variables that Kubernetes makes for
  a service called \`pykv\` (\`PYKV_SERVICE_HOST\`, \`PYKV_PORT=tcp://...\` and so on) are passed over.
- Anything unknown or out of range is an error: the server names every problem, with the place it
  came from and what would be accepted, and does not start.`;

/**
 * The help of the options by group, wrapped to `columns` characters.
 */
export function optionsHelp(columns: number): string {
  return groups()
    .map(([group, specs]) => [`${group}:`, ...specs.map((spec) => help(spec, columns))].join("\n"))
    .join("\n\n");
}

/** The text of docs/configuration.md. */
export function configurationMarkdown(): string {
  const sections = groups().map(([group, specs]) =>
    [`## ${group}`, ...specs.map(markdownOf)].join("\n\n"),
  );
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

/** The default as a user would write it, or the rule by which it is found. */
export function defaultText(spec: Spec): string {
  if (spec.defaultRule !== null) return spec.defaultRule;
  const text = spec.format(spec.defaultFor(ANY_MACHINE));
  return text === "" ? "none" : text;
}

function groups(): [string, Spec[]][] {
  const byGroup = new Map<string, Spec[]>();
  for (const spec of Object.values<Spec>(OPTIONS)) {
    const specs = byGroup.get(spec.group);
    if (specs === undefined) byGroup.set(spec.group, [spec]);
    else specs.push(spec);
  }
  return [...byGroup];
}

function help(spec: Spec, columns: number): string {
  const facts = `Default: ${defaultText(spec)}. Environment: ${environmentName(spec)}.`;
  const text = `${unquoted(spec.doc)} Takes ${spec.expects}.`;
  const lines = [...wrap(text, columns), ...wrap(facts, columns)];
  return [`  ${usage(spec)}`, ...lines.map((line) => `${HELP_INDENT}${line}`)].join("\n");
}

function markdownOf(spec: Spec): string {
  return [
    `### \`${usage(spec)}\``,
    spec.doc,
    [
      `- Takes: ${spec.expects.replaceAll("*", "`*`")}`,
      `- Default: ${spec.defaultRule ?? `\`${defaultText(spec)}\``}`,
      `- Environment: \`${environmentName(spec)}\``,
      ...(spec.flag === "config" ? [] : [`- In a file: \`${spec.flag}\``]),
    ].join("\n"),
  ].join("\n\n");
}

function usage(spec: Spec): string {
  return spec.arity === "bare" ? `--${spec.flag}` : `--${spec.flag} <${spec.placeholder}>`;
}

/** Backticks are for the document; in a terminal they are noise. */
function unquoted(text: string): string {
  return text.replaceAll("`", "");
}

function wrap(text: string, columns: number): string[] {
  const width = columns - HELP_INDENT.length;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
