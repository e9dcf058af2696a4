/** The commands of the shell, in the order in which HELP shows them. */
import { nearest } from "../../../store/options/suggest.ts";
import { UsageError } from "../../exit.ts";
import type { ShellCommand } from "../command.ts";
import { benchmark } from "./benchmark.ts";
import { helpOver, quit } from "./help.ts";
import { get, has, list, ttl } from "./reading.ts";
import { compact, health, ns, performance, stats } from "./server.ts";
import { clear, decr, del, expire, incr, persist, set, update } from "./writing.ts";

export const SHELL_COMMANDS: readonly ShellCommand[] = [
  ...[get, set, update, del, has, incr, decr],
  ...[ttl, expire, persist, list, clear],
  ...[ns, stats, performance, health, compact, benchmark],
  ...[helpOver(() => SHELL_COMMANDS), quit],
];

/** The command of a name in any case, or null. */
export function findCommand(name: string): ShellCommand | null {
  const upper = name.toUpperCase();
  const found = SHELL_COMMANDS.find(
    (each) => each.name === upper || each.aliases?.includes(upper) === true,
  );
  return found ?? null;
}

/** Throws UsageError for a name that is none, with the one that may be meant. */
export function commandOf(name: string): ShellCommand {
  const found = findCommand(name);
  if (found !== null) return found;
  const known = SHELL_COMMANDS.flatMap((each) => [each.name, ...(each.aliases ?? [])]);
  const near = nearest(name, known);
  const advice = near === null ? "HELP shows all" : `did you mean ${near}?`;
  throw new UsageError(`unknown command ${name}; ${advice}`);
}
