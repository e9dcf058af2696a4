/**
 * The shell's history: what was typed, kept in memory for the arrow keys and in a file for the next
 * time. Values may be secrets, so the file is for its owner alone, and a line that starts with a space
 * is not kept. Lines are appended one by one, so that two shells at once lose nothing; a file that has
 * grown is cut when it is read. A history that can't be kept is no reason not to work: it is dropped.
 */
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { CliIo } from "../io.ts";

const LINES_MAX = 1000;
/** The file is cut to LINES_MAX lines when it has this many. */
const FILE_LINES_MAX = 2 * LINES_MAX;
/** Of one line; what is longer would fill the file with a value. */
const LINE_LENGTH_MAX = 4096;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

export class History {
  /** The newest first, as readline wants it. */
  readonly lines: string[];
  readonly #path: string | null;

  private constructor(lines: string[], path: string | null) {
    this.lines = lines;
    this.#path = path;
  }

  /** Reads the file, if there is one; null keeps the history in memory alone. */
  static open(path: string | null): History {
    if (path === null) return new History([], null);
    try {
      return new History(read(path), path);
    } catch {
      return new History([], null);
    }
  }

  add(line: string): void {
    const isUnwanted = line.trim() === "" || line.startsWith(" ") || line.length > LINE_LENGTH_MAX;
    if (isUnwanted || line === this.lines[0]) return;
    this.lines.unshift(line);
    this.lines.length = Math.min(this.lines.length, LINES_MAX);
    if (this.#path === null) return;
    try {
      appendFileSync(this.#path, `${line}\n`, { mode: OWNER_ONLY });
    } catch {
      // The disk is full, or the file has gone: the memory still has it.
    }
  }
}

/**
 * Where the history lies: PYKV_HISTORY, when set, even to nothing, which keeps none; else the state
 * directory of the XDG rules where there is one; else ~/.pykv_history.
 */
export function historyPath(env: CliIo["env"]): string | null {
  if (env.PYKV_HISTORY !== undefined) return env.PYKV_HISTORY === "" ? null : env.PYKV_HISTORY;
  const home = env.HOME ?? homedir();
  const stated = env.XDG_STATE_HOME;
  if (stated !== undefined && stated !== "") return join(stated, "pykv", "history");
  const state = join(home, ".local", "state");
  return existsSync(state) ? join(state, "pykv", "history") : join(home, ".pykv_history");
}

function read(path: string): string[] {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) return [];
  if ((statSync(path).mode & OTHERS) !== 0) chmodSync(path, OWNER_ONLY);
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const newest = lines.slice(-LINES_MAX);
  if (lines.length > FILE_LINES_MAX) {
    writeFileSync(path, `${newest.join("\n")}\n`, { mode: OWNER_ONLY });
  }
  return newest.reverse();
}
