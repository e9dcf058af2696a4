/**
 * `pykv serve`: runs the server until a signal asks it to stop.
 *
 * Its flags are those of the option declaration, read by the same code as the environment and the
 * file; commander only finds the verb and hands the rest over.
 */
import { Command } from "commander";
import type { Options } from "../../store/options/declaration.ts";
import { optionsHelp } from "../../store/options/document.ts";
import type { LoadedOptions } from "../../store/options/load.ts";
import { Failure } from "../exit.ts";
import type { CliIo } from "../io.ts";
import { loadServerOptions } from "../server-options.ts";
import { runUntilSignal } from "../until-signal.ts";

const USAGE = `Usage: pykv serve [options]

Serves a key-value store over HTTP and the Redis protocol until SIGINT or SIGTERM. Options can also be given as PYKV_*
environment variables and in a file (--config); flags win over the environment, the environment
over the file. Sizes take units (64mb, 1gb; all binary), durations too (250ms, 30s, 5m).`;

export function serveCommand(io: CliIo, done: (exitCode: number) => void): Command {
  return new Command("serve")
    .description("run the server")
    .usage("[options]")
    .allowUnknownOption()
    .allowExcessArguments()
    .configureHelp({ formatHelp: () => `${USAGE}\n\n${optionsHelp(io.columns)}\n` })
    .action(async (_options: unknown, command: Command) => done(await serve(command.args, io)));
}

async function serve(argv: readonly string[], io: CliIo): Promise<number> {
  const loaded = loadServerOptions(argv, io);
  const { startServer } = await import("../../server.ts");
  return runUntilSignal(() => explained(startServer(loaded), loaded), io);
}

/** The two ways in which listening fails, in words that say what to do. */
async function explained<T>(starting: Promise<T>, { options }: LoadedOptions): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    const failure = listenFailure(error, options);
    throw failure === null ? error : new Failure(failure);
  }
}

function listenFailure(error: unknown, options: Options): string | null {
  if (!(error instanceof Error && "code" in error)) return null;
  const isRedis = "door" in error && error.door === "redis";
  const flag = isRedis ? "resp-" : "";
  const { host, port } = isRedis
    ? { host: options.respHost, port: options.respPort }
    : { host: options.host, port: options.port };
  switch (error.code) {
    case "EADDRINUSE": {
      const off = isRedis ? ", or --resp-port 0 for none" : "";
      return `${host} port ${port} is in use; choose another with --${flag}port${off}`;
    }
    case "EACCES":
      return `${host} port ${port} is not allowed; choose another with --${flag}port`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine; choose with --${flag}host`;
    default:
      return null;
  }
}
