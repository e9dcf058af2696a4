/** The commands of the shell, in the order in which HELP shows them. */
import { nearest } from "../../../store/options/suggest.ts";
import { UsageError } from "../../exit.ts";
import type { ShellCommand } from "../command.ts";
import { benchmark } from "./benchmark.ts";
import { helpOver, quit } from "./help.ts";
import { get, has, list, ttl } from "./reading.ts";
import { compact, health, ns, performance, stats } from "./server.ts";
import { clear, decr, del, expire, incr, persist, set, update } from "./writing.ts";

const COMMANDS: readonly ShellCommand[] = [
  ...[get, set, update, del, has, incr, decr],
  ...[ttl, expire, persist, list, clear],
  ...[ns, stats, performance, health, compact, benchmark],
];

/** The commands that a shell has. */
export class CommandTable {
  /** In the order in which HELP shows them. */
  readonly all: readonly ShellCommand[];

  /** @param more besides those of every shell; one of the same name takes its place. */
  constructor(more: readonly ShellCommand[]) {
    const names = new Set(more.map(({ name }) => name));
    const others = [helpOver(() => this.all), quit].filter(({ name }) => !names.has(name));
    this.all = [...COMMANDS.filter(({ name }) => !names.has(name)), ...more, ...others];
  }

  /** The command of a name in any case, or null. */
  find(name: string): ShellCommand | null {
    const upper = name.toUpperCase();
    const found = this.all.find(
      (each) => each.name === upper || each.aliases?.includes(upper) === true,
    );
    return found ?? null;
  }

  /** Throws UsageError for a name that is none, with the one that may be meant. */
  named(name: string): ShellCommand {
    const found = this.find(name);
    if (found !== null) return found;
    const known = this.all.flatMap((each) => [each.name, ...(each.aliases ?? [])]);
    const near = nearest(name, known);
    const advice = near === null ? "HELP shows all" : `did you mean ${near}?`;
    throw new UsageError(`unknown command ${name}; ${advice}`);
  }
}

export const SHELL_COMMANDS = new CommandTable([]);
