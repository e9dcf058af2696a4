/**
 * A real terminal for tests: a program in tmux, keys typed into it, and its screen read.
 *
 * Nothing waits for a fixed time: a test waits for what it expects to see, and fails with the screen
 * as it was when that does not come.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const LOOK_MS = 40;
const PATIENCE_MS = 30_000;

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly columns?: number;
  readonly rows?: number;
}

export class Terminal {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** What the screen shows, without spaces at line ends and empty lines at the end. */
  async screen(): Promise<string> {
    const shown = await this.#tmux("capture-pane", "-p");
    return shown.replace(/ +$/gm, "").trimEnd();
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Presses keys by their names in tmux: Enter, Tab, Up, Escape, C-c. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Makes the window another size, as its user may at any time. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Waits until the screen matches, and returns it. */
  async until(expected: RegExp): Promise<string> {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const screen = await this.screen();
      if (expected.test(screen)) return screen;
      if (performance.now() > endMs) throw new Error(`no ${String(expected)} on\n${screen}`);
      await sleep(LOOK_MS);
    }
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    return (await run("tmux", ["-S", this.#socket, ...args])).stdout;
  }
}

/**
 * Opens a terminal with a program in it, which ends with the test. Once the program has ended, the
 * screen stays and shows `[ended <exit code>]`.
 */
export async function openTerminal(
  command: readonly string[],
  { env = {}, cwd = tmpdir(), columns = 100, rows = 40 }: TerminalOptions = {},
): Promise<Terminal> {
  const folder = mkdtempSync(join(tmpdir(), "pykv-terminal-"));
  const socket = join(folder, "tmux");
  onTestFinished(async () => {
    await run("tmux", ["-S", socket, "kill-server"]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const all = { HOME: folder, ...env };
  const variables = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  const wrapped = [
    // By env and not by tmux, which would put its own PATH in place of the one that is given.
    ...["env", ...variables],
    "sh",
    "-c",
    '"$@"; printf "\\n[ended %s]" $?; exec sleep 1000',
    "sh",
    ...command,
  ];
  const size = ["-x", String(columns), "-y", String(rows)];
  await run(
    "tmux",
    [...["-S", socket, "-f", "/dev/null", "-u", "new-session", "-d"], ...size, ...wrapped],
    { cwd, env: { PATH: process.env.PATH, LANG: "C.UTF-8" } },
  );
  return new Terminal(socket);
}
