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
import { Failure, UsageError } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { loadServerOptions } from "../server-options.ts";
import { runUntilSignal } from "../until-signal.ts";

const USAGE = `Usage: pykv serve [options]

Serves a key-value store over HTTP and the Redis protocol until SIGINT or SIGTERM. Options can also be given as PYKV_*
environment variables and in a file (--config); flags win over the environment, the environment
over the file. Sizes take units (64mb, 1gb; all binary), durations too (250ms, 30s, 5m).`;

/** Flags of the verb, which are no options of a server. */
interface ServeFlags {
  readonly interactive?: true;
  readonly open?: true;
  readonly reload?: true;
}

const VERB_FLAGS = [
  ["--interactive", "a management console in this terminal, with the log above it"],
  ["--open", "open the web console in the browser"],
  ["--reload", "build and restart when a source changes; for work on PyKV itself"],
] as const;

const EXAMPLES = [
  { line: "pykv serve", does: "serve from ./data on port 8000, and 6380 for Redis clients" },
  { line: "pykv serve --data-dir /var/lib/pykv --max-memory 2gb", does: "data and memory chosen" },
  {
    line: "pykv serve --interactive --open",
    does: "look around: a console here, one in the browser",
  },
];

export function serveCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("serve")
    .description("run the server")
    .usage("[options]")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (flags: ServeFlags, self: Command) => done(await serve(self.args, flags, io)));
  for (const [flag, description] of VERB_FLAGS) command.option(flag, description);
  command.configureHelp({
    formatHelp: () => `${USAGE}\n\n${flagsHelp()}${optionsHelp(io.columns)}\n`,
  });
  return withExamples(command, EXAMPLES);
}

function flagsHelp(): string {
  const lines = VERB_FLAGS.map(([flag, description]) => `  ${flag.padEnd(16)}${description}\n`);
  return `Of this command alone:\n${lines.join("")}\n`;
}

async function serve(argv: readonly string[], flags: ServeFlags, io: CliIo): Promise<number> {
  const loaded = loadServerOptions(argv, io);
  if (flags.interactive === true) return serveInteractive(loaded, flags, io);
  if (flags.reload === true) {
    const { checkoutRoot, serveReloading } = await import("../reload.ts");
    const firstArgv = flags.open === true ? ["--open"] : [];
    return serveReloading({ root: checkoutRoot(), argv, firstArgv }, io);
  }
  const { startServer } = await import("../../server.ts");
  return runUntilSignal(async () => {
    const server = await explained(startServer(loaded), loaded);
    if (flags.open === true) await openConsole(server.address, io);
    return server;
  }, io);
}

async function serveInteractive(
  loaded: LoadedOptions,
  { open, reload }: ServeFlags,
  io: CliIo,
): Promise<number> {
  if (reload === true) throw new UsageError("--interactive and --reload exclude each other");
  if (io.stdin.isTTY !== true || io.stdout.isTTY !== true) {
    throw new UsageError("--interactive needs a terminal; for scripts there is pykv shell");
  }
  const { startInteractive } = await import("../console/serve-interactive.ts");
  return runUntilSignal(async () => {
    const running = await explained(startInteractive(loaded, io), loaded);
    if (open === true) await openConsole(running.server.address, io);
    return running;
  }, io);
}

async function openConsole(address: string, io: CliIo): Promise<void> {
  const { openInBrowser, reachableUrl } = await import("../browser.ts");
  await openInBrowser(reachableUrl(address), io);
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
