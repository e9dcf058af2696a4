/**
 * The shell without a terminal: the lines of standard input are carried out one after the other.
 *
 * A line that fails is told with its number, and the rest goes on, as with a human who types; the exit
 * code is that of the first failure. A server that can't be reached ends it, since nothing further
 * could work.
 */
import { createInterface } from "node:readline";
import { EXIT } from "../exit.ts";
import { write } from "../terminal/output.ts";
import type { Session } from "./session.ts";

/** Runs to the end of the input, or to QUIT. Resolves with the exit code. */
export async function runScript(session: Session): Promise<number> {
  const { io } = session;
  const never = new AbortController().signal;
  let exitCode: number = EXIT.fine;
  let pending: string[] = [];
  let number = 0;
  const carryOut = async (): Promise<boolean> => {
    const first = number - pending.length + 1;
    const result = await session.execute(pending.join("\n"), never, null);
    pending = [];
    if (result.text !== "") await write(io, `${result.text}\n`);
    if (result.problem !== null) io.error(`pykv: line ${first}: ${result.problem}\n`);
    if (exitCode === EXIT.fine) exitCode = result.exitCode;
    return result.exitCode !== EXIT.unreachable && !session.isLeaving;
  };
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Infinity })) {
    number++;
    if (pending.length === 0 && /^\s*(#|$)/.test(line)) continue;
    pending.push(line);
    if (!session.isWhole(pending.join("\n"))) continue;
    if (!(await carryOut())) return exitCode;
  }
  if (pending.length > 0) await carryOut();
  return exitCode;
}
