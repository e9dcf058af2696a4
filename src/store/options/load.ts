/**
 * From flags, environment and file to one frozen object of options, or to all that is wrong.
 *
 * Precedence is flags over environment over file over defaults, and each value keeps its source.
 * Values that lose to a higher source are validated all the same: a mistake that shows only once
 * a flag is dropped is the worst sort. Everything here is pure; reading the file and the machine
 * is up to the caller.
 */
import { PyKVError } from "../../base/errors.ts";
import {
  conflictsBetween,
  OPTIONS,
  type Declaration,
  type OptionName,
  type Options,
  type ValuesOf,
} from "./declaration.ts";
import type { Machine, RawValue } from "./kinds.ts";
import {
  readEnvironment,
  readFile,
  readFlags,
  sourceText,
  type ConfigFile,
  type Environment,
  type Given,
  type OptionSource,
} from "./sources.ts";

export interface OptionInput {
  /** What follows the verb on the command line. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly file?: ConfigFile | undefined;
  readonly machine: Machine;
}

export interface Loaded<D extends Declaration> {
  readonly options: ValuesOf<D>;
  readonly sources: { readonly [K in keyof D]: OptionSource };
}

export type LoadedOptions = Loaded<typeof OPTIONS>;

/** Options as a program passes them; what is undefined or missing has its default. */
export type GivenOptions = { readonly [K in OptionName]?: Options[K] | undefined };

/**
 * The options of a server.
 *
 * Throws INVALID_OPTION whose detail lists every problem, a line each.
 */
export function loadOptions(input: OptionInput): LoadedOptions {
  const loaded = loadDeclared(OPTIONS, input);
  refuse(conflictsBetween(loaded.options));
  return loaded;
}

/**
 * The options of a program that passes values and no text: ranges are checked and defaults filled
 * in. Throws INVALID_OPTION as `loadOptions` does.
 */
export function completeOptions(given: GivenOptions, machine: Machine): LoadedOptions {
  const builder = new Builder(OPTIONS, machine);
  for (const [option, value] of Object.entries(given)) {
    if (!Object.hasOwn(OPTIONS, option)) builder.problems.push(`unknown option ${option}`);
    else if (value !== undefined) builder.put(option, value, value, { from: "argument" });
  }
  const loaded = builder.finish();
  refuse(conflictsBetween(loaded.options));
  return loaded;
}

/** The path that `--config` or PYKV_CONFIG names, to be read before `loadOptions`; null is none. */
export function configFilePath(argv: readonly string[], env: Environment): string | null {
  const given = [...readEnvironment(OPTIONS, env).given, ...readFlags(OPTIONS, argv).given].filter(
    ({ option }) => option === ("configFile" satisfies OptionName),
  );
  const raw = given.at(-1)?.raw;
  return typeof raw === "string" ? (OPTIONS.configFile.parse(raw) ?? null) : null;
}

/** As `loadOptions`, over any declaration. */
export function loadDeclared<D extends Declaration>(declaration: D, input: OptionInput): Loaded<D> {
  const readings = [
    ...(input.file === undefined ? [] : [readFile(declaration, input.file)]),
    readEnvironment(declaration, input.env),
    readFlags(declaration, input.argv),
  ];
  const builder = new Builder(declaration, input.machine);
  for (const { given, problems } of readings) {
    builder.problems.push(...problems);
    for (const each of joinRepeats(declaration, given)) builder.parse(each);
  }
  return builder.finish();
}

/** Collects values from the weakest source to the strongest; a later value replaces an earlier. */
class Builder<D extends Declaration> {
  readonly problems: string[] = [];
  readonly #declaration: D;
  readonly #values = new Map<string, unknown>();
  readonly #sources = new Map<string, OptionSource>();

  constructor(declaration: D, machine: Machine) {
    this.#declaration = declaration;
    for (const [option, spec] of Object.entries(declaration)) {
      this.#values.set(option, spec.defaultFor(machine));
      this.#sources.set(option, { from: "default" });
    }
  }

  parse({ option, raw, source }: Given): void {
    this.put(option, this.#declaration[option]?.parse(raw), raw, source);
  }

  put(option: string, value: unknown, shown: unknown, source: OptionSource): void {
    const spec = this.#declaration[option];
    if (spec?.accepts(value) === true) {
      this.#values.set(
        option,
        Array.isArray(value) ? Object.freeze(Array.from<unknown>(value)) : value,
      );
      this.#sources.set(option, source);
      return;
    }
    const what = spec?.secret === true ? "the value" : JSON.stringify(shown);
    this.problems.push(
      `${spec?.flag ?? option}: ${what} from ${sourceText(source)} is not valid; ` +
        `it must be ${spec?.expects ?? "known"}`,
    );
  }

  finish(): Loaded<D> {
    refuse(this.problems);
    return Object.freeze({
      options: Object.freeze(Object.fromEntries(this.#values)) as ValuesOf<D>,
      sources: Object.freeze(Object.fromEntries(this.#sources)) as Loaded<D>["sources"],
    });
  }
}

/** A flag for a list may come several times; its values then count as one list. */
function joinRepeats(declaration: Declaration, given: readonly Given[]): Given[] {
  const joined = new Map<Given | string, Given>();
  for (const each of given) {
    const many = declaration[each.option]?.arity === "many";
    const earlier = many ? joined.get(each.option) : undefined;
    const raw = earlier === undefined ? each.raw : [...texts(earlier.raw), ...texts(each.raw)];
    joined.set(many ? each.option : each, { ...each, raw });
  }
  return [...joined.values()];
}

function texts(raw: RawValue): string[] {
  return typeof raw === "object" ? [...raw] : [String(raw)];
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new PyKVError("INVALID_OPTION", problems.join("\n"));
}
