/**
 * Where option values come from: flags, PYKV_* environment variables, a configuration file.
 *
 * Each reader turns its source into a list of given values, still unparsed, and adds a problem for
 * each name it does not know. No reader stops at the first mistake: a user who made three wants to
 * hear of three.
 *
 * Kubernetes puts PYKV_SERVICE_HOST, PYKV_PORT=tcp://... and the like into every container beside
 * a service that is called pykv; those are not ours and are passed over.
 */
import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { environmentName, type Declaration } from "./declaration.ts";
import type { RawValue } from "./kinds.ts";
import { nearest } from "./suggest.ts";

/** Loaded for those who have a file: it takes longer to load than all of the options. */
function parseYaml(text: string): unknown {
  const yaml = createRequire(import.meta.url)("yaml") as typeof Yaml;
  return yaml.parse(text);
}

/** Where an option's value came from, shown with the value wherever it is shown. */
export type OptionSource =
  | { readonly from: "default" }
  | { readonly from: "argument" }
  | { readonly from: "flag"; readonly name: string }
  | { readonly from: "environment"; readonly name: string }
  | { readonly from: "file"; readonly name: string; readonly path: string };

/** A value as it was found. */
export interface Given {
  readonly option: string;
  readonly raw: RawValue;
  readonly source: OptionSource;
}

/** What a reader found, and what was wrong. */
export interface Reading {
  readonly given: Given[];
  readonly problems: string[];
}

/** A configuration file that was read already, so that loading stays pure. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the verbs that talk to a server read; a server passes over them. */
const CLIENT_NAMES: ReadonlySet<string> = new Set(["PYKV_URL", "PYKV_NAMESPACE", "PYKV_TOKEN"]);
const KUBERNETES_NAMES = /^PYKV_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP)(_.*)?)$/;
const KUBERNETES_PORT = /^(tcp|udp):\/\//;

/** In words, for messages: "the flag --port". */
export function sourceText(source: OptionSource): string {
  switch (source.from) {
    case "default":
      return "the default";
    case "argument":
      return "the program";
    case "flag":
      return `the flag ${source.name}`;
    case "environment":
      return `the environment variable ${source.name}`;
    case "file":
      return `${source.path} (key ${source.name})`;
  }
}

/** Reads `--name value`, `--name=value`, `--name` and `--no-name` for booleans. */
export function readFlags(declaration: Declaration, argv: readonly string[]): Reading {
  const reading: Reading = { given: [], problems: [] };
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (!word.startsWith("--") || word === "--") {
      reading.problems.push(`unexpected argument ${JSON.stringify(word)}`);
      continue;
    }
    const next = argv[at + 1];
    const usable = next !== undefined && !next.startsWith("--") ? next : undefined;
    if (readFlag(declaration, word.slice(2), usable, reading) === "used next") at++;
  }
  return reading;
}

/** Reads every PYKV_* variable; one that is empty counts as not set. */
export function readEnvironment(declaration: Declaration, env: Environment): Reading {
  const reading: Reading = { given: [], problems: [] };
  const options = byName(declaration, environmentName);
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith("PYKV_") || text === undefined || text.trim() === "") continue;
    if (CLIENT_NAMES.has(name) || isFromKubernetes(name, text)) continue;
    const option = options.get(name);
    if (option === undefined) {
      const hint = didYouMean(nearest(name, [...options.keys()]));
      reading.problems.push(`unknown environment variable ${name}${hint}`);
    } else reading.given.push({ option, raw: text, source: { from: "environment", name } });
  }
  return reading;
}

/** Reads a file of `flag: value` pairs: JSON when its name ends so, YAML otherwise. */
export function readFile(declaration: Declaration, file: ConfigFile): Reading {
  const reading: Reading = { given: [], problems: [] };
  const options = byName(declaration, (spec) => spec.flag);
  const entries = entriesOf(file, reading.problems);
  for (const [name, value] of entries) {
    const option = options.get(name);
    if (option === undefined) {
      const hint = didYouMean(nearest(kebab(name), [...options.keys()]));
      reading.problems.push(`unknown key ${JSON.stringify(name)} in ${file.path}${hint}`);
    } else if (name === "config") {
      reading.problems.push(`${file.path}: a configuration file cannot name another with "config"`);
    } else if (!isRaw(value)) {
      reading.problems.push(
        `${file.path}: ${name} holds ${typeText(value)}, which no option takes`,
      );
    } else {
      reading.given.push({ option, raw: value, source: { from: "file", name, path: file.path } });
    }
  }
  return reading;
}

function readFlag(
  declaration: Declaration,
  word: string,
  next: string | undefined,
  { given, problems }: Reading,
): "used next" | "used alone" {
  const options = byName(declaration, (spec) => spec.flag);
  const [name = "", ...rest] = word.split("=");
  const inline = rest.length > 0 ? rest.join("=") : undefined;
  const negated = name.startsWith("no-") ? options.get(name.slice(3)) : undefined;
  const option = options.get(name) ?? (isBare(declaration, negated) ? negated : undefined);
  if (option === undefined) {
    problems.push(
      `unknown flag --${name}${didYouMean(nearest(kebab(name), [...options.keys()]), "--")}`,
    );
    // What follows is most likely its value, and not worth a second complaint.
    return inline === undefined && next !== undefined ? "used next" : "used alone";
  }
  const source = { from: "flag", name: `--${name}` } as const;
  if (isBare(declaration, option)) {
    given.push({ option, raw: inline ?? option !== negated, source });
    return "used alone";
  }
  const raw = inline ?? next;
  if (raw === undefined) problems.push(`--${name} needs a value`);
  else given.push({ option, raw, source });
  return inline === undefined && next !== undefined ? "used next" : "used alone";
}

function isBare(declaration: Declaration, option: string | undefined): boolean {
  return option !== undefined && declaration[option]?.arity === "bare";
}

function isFromKubernetes(name: string, text: string): boolean {
  return KUBERNETES_NAMES.test(name) || (name === "PYKV_PORT" && KUBERNETES_PORT.test(text));
}

function byName(
  declaration: Declaration,
  nameOf: (spec: Declaration[string]) => string,
): Map<string, string> {
  return new Map(Object.entries(declaration).map(([option, spec]) => [nameOf(spec), option]));
}

function entriesOf(file: ConfigFile, problems: string[]): [string, unknown][] {
  let content: unknown;
  try {
    content = file.path.endsWith(".json") ? JSON.parse(file.text) : parseYaml(file.text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    problems.push(`${file.path} cannot be read as ${formatOf(file)}: ${reason}`);
    return [];
  }
  // An empty YAML file is null: no options, no mistake.
  if (content === null && !file.path.endsWith(".json")) return [];
  if (typeof content === "object" && content !== null && !Array.isArray(content)) {
    return Object.entries(content);
  }
  problems.push(`${file.path} must hold names and values, and holds ${typeText(content)}`);
  return [];
}

function formatOf(file: ConfigFile): string {
  return file.path.endsWith(".json") ? "JSON" : "YAML";
}

function isRaw(value: unknown): value is RawValue {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  return ["string", "number", "boolean"].includes(typeof value);
}

function typeText(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list of other things than text";
  return typeof value === "object" ? "names and values" : `a ${typeof value}`;
}

/** `maxMemory` and `max_memory` are near `max-memory`. */
function kebab(name: string): string {
  return name.replaceAll("_", "-").replace(/[a-z](?=[A-Z])/g, "$&-");
}

function didYouMean(name: string | null, prefix = ""): string {
  return name === null ? "" : `; did you mean ${prefix}${name}?`;
}
