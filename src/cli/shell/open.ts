/** The shell, on a terminal or over standard input that is none. */
import type { PyKV } from "../../client/index.ts";
import type { ConnectionFlags } from "../connection.ts";
import type { CliIo } from "../io.ts";
import { History, historyPath } from "./history.ts";
import { Repl } from "./repl.ts";
import { runScript } from "./script.ts";
import { Session } from "./session.ts";

/** Resolves with the exit code when the user leaves, or the input ends. */
export function openShell(kv: PyKV, flags: ConnectionFlags, io: CliIo): Promise<number> {
  const session = new Session(kv, flags, io);
  const isTerminal = io.stdin.isTTY === true && io.stdout.isTTY === true;
  if (!isTerminal) return runScript(session);
  return new Repl(session, History.open(historyPath(io.env))).run();
}
