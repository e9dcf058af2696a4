/**
 * `pykv serve --interactive`: a server, and a shell over it in the same terminal.
 *
 * The shell is the one of `pykv shell`, talking to the server over REST like any other client, with
 * commands that only the owner of the process has. What the server logs is printed above the line
 * that is being typed. The end of either is the end of both.
 */
import { startServer, type RunningServer } from "../../server.ts";
import type { LoadedOptions } from "../../store/options/load.ts";
import type { ConnectionFlags } from "../connection.ts";
import type { CliIo } from "../io.ts";
import { CommandTable } from "../shell/commands/index.ts";
import { History, historyPath } from "../shell/history.ts";
import { Repl } from "../shell/repl.ts";
import { Session } from "../shell/session.ts";
import { consoleCommands } from "./commands.ts";
import { reachableUrl } from "../browser.ts";
import { PyKV } from "../../client/index.ts";

const TIMEOUT_MS = 10_000;

export interface InteractiveServer {
  readonly server: RunningServer;
  /** Resolves when the user leaves the console, or a client stops the server. */
  readonly stopRequested: Promise<void>;
  stop(): Promise<void>;
}

/** Rejects with what `startServer` rejects with. */
export async function startInteractive(
  loaded: LoadedOptions,
  io: CliIo,
): Promise<InteractiveServer> {
  const output = new LogOutput(io);
  const server = await startServer(loaded, { onLogText: (text) => output.write(text) });
  const url = reachableUrl(server.address);
  const flags: ConnectionFlags = { url: [url], ns: "default", timeout: TIMEOUT_MS };
  const kv = new PyKV({ url, timeoutMs: TIMEOUT_MS });
  const table = new CommandTable(consoleCommands(server, loaded.options));
  const repl = new Repl(new Session(kv, flags, io, table), History.open(historyPath(io.env)));
  output.repl = repl;
  const left = repl.run().then(() => undefined);
  return {
    server,
    stopRequested: Promise.race([left, server.stopRequested]),
    stop: async () => {
      output.repl = null;
      repl.close();
      await left;
      await server.stop();
    },
  };
}

/** Lines of the log: above the prompt while there is one. */
class LogOutput {
  repl: Repl | null = null;
  readonly #io: CliIo;

  constructor(io: CliIo) {
    this.#io = io;
  }

  write(text: string): void {
    const line = text.replace(/\n$/, "");
    if (this.repl === null) this.#io.out(`${line}\n`);
    else this.repl.interject(line);
  }
}
