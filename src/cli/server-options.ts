/** The options of a server, for the verbs that run one or look at what one would find. */
import { readFileSync } from "node:fs";
import { PyKVError } from "../base/errors.ts";
import { configFilePath, loadOptions, type LoadedOptions } from "../store/options/load.ts";
import type { ConfigFile } from "../store/options/sources.ts";
import type { CliIo } from "./io.ts";

/** The options from all three places; throws INVALID_OPTION with everything that is wrong. */
export function loadServerOptions(argv: readonly string[], io: CliIo): LoadedOptions {
  const path = configFilePath(argv, io.env);
  const file = path === null ? undefined : readConfigFile(path);
  return loadOptions({ argv, env: io.env, file, machine: { memoryBytes: io.memoryBytes } });
}

function readConfigFile(path: string): ConfigFile {
  try {
    return { path, text: readFileSync(path, "utf8") };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PyKVError("INVALID_OPTION", `config: cannot read ${path}: ${reason}`);
  }
}
