/**
 * What the door asks of the server around it: things that are not the protocol's to know or to do.
 * server.ts hands them in; a door without a server, as in tests, has one that does nothing.
 */
import type { Options } from "../store/options/declaration.ts";
import { completeOptions } from "../store/options/load.ts";

/** The file that the options came from, for CONFIG REWRITE. */
export interface ConfigFile {
  readonly path: string;
  read(): Promise<string>;
  /** All of it or nothing, also when the machine stops half way. */
  replace(text: string): Promise<void>;
}

export interface Host {
  /** As the server was started with them; what has changed since, the door knows. */
  readonly options: Options;
  readonly configFile: ConfigFile | null;
  setLogLevel(level: Options["logLevel"]): void;
  /** Stops the server in order, its connections among it. */
  shutDown(): void;
}

const MACHINE = { memoryBytes: 2 ** 31 };

export function noHost(): Host {
  return {
    options: completeOptions({}, MACHINE).options,
    configFile: null,
    setLogLevel: () => undefined,
    shutDown: () => undefined,
  };
}
