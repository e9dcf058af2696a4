/**
 * The whole terminal as a canvas, and the terminal as it was once that is over.
 *
 * What is drawn goes to the alternate screen, so nothing of the user's own output is lost. The restoring
 * must happen on every way out: it hangs on the process's exit too, which covers errors that nobody
 * caught and `process.exit`, and on SIGHUP, for a window that is closed. Lines are cut to the width
 * and rewritten in place, each with its rest cleared, so that nothing flickers.
 */
import type { CliInput, CliOutput } from "../io.ts";

const ESC = "\u001b";
const ENTER = `${ESC}[?1049h${ESC}[?25l${ESC}[2J`;
const LEAVE = `${ESC}[?25h${ESC}[?1049l`;
const HOME = `${ESC}[H`;
const CLEAR_LINE_REST = `${ESC}[K`;
const CLEAR_BELOW = `${ESC}[J`;
const COLORS_OFF = `${ESC}[0m`;
/** Of a terminal that does not tell its size. */
const COLUMNS = 80;
const ROWS = 24;
/** A code for colours and the like. */
const ANSI = new RegExp(`${ESC}\\[[0-9;?]*[A-Za-z]`, "y");

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

interface Terminal {
  readonly stdin: CliInput;
  readonly stdout: CliOutput;
}

export class Screen {
  readonly #terminal: Terminal;
  readonly #onKey: (key: string) => void;
  readonly #onResize: () => void;
  readonly #restore = (): void => this.close();
  readonly #hangUp = (): void => process.exit(129);
  readonly #keys = (bytes: Buffer | string): void => this.#onKey(bytes.toString());
  #isOpen = false;

  /** Takes the terminal over; `onKey` gets what is typed, as it comes, Ctrl-C among it. */
  constructor(terminal: Terminal, onKey: (key: string) => void, onResize: () => void) {
    this.#terminal = terminal;
    this.#onKey = onKey;
    this.#onResize = onResize;
  }

  open(): void {
    const { stdin, stdout } = this.#terminal;
    this.#isOpen = true;
    process.once("exit", this.#restore);
    process.once("SIGHUP", this.#hangUp);
    stdin.setRawMode?.(true);
    stdin.on("data", this.#keys);
    stdin.resume();
    stdout.on("resize", this.#onResize);
    stdout.write(ENTER);
  }

  /** Gives the terminal back as it was. Closing twice is harmless. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { stdin, stdout } = this.#terminal;
    process.off("exit", this.#restore);
    process.off("SIGHUP", this.#hangUp);
    stdout.off("resize", this.#onResize);
    stdin.off("data", this.#keys);
    stdin.setRawMode?.(false);
    stdin.pause();
    stdout.write(COLORS_OFF + LEAVE);
  }

  get size(): Size {
    const { columns = COLUMNS, rows = ROWS } = this.#terminal.stdout;
    return { columns, rows };
  }

  /** Shows these lines, cut to what fits. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    const { columns, rows } = this.size;
    const shown = lines.slice(0, rows).map((line) => fitted(line, columns) + CLEAR_LINE_REST);
    this.#terminal.stdout.write(HOME + shown.join("\r\n") + CLEAR_BELOW);
  }
}

/** A line cut to so many characters; colours take none, and end with the line. */
export function fitted(line: string, columns: number): string {
  let width = 0;
  let at = 0;
  while (at < line.length) {
    ANSI.lastIndex = at;
    const code = ANSI.exec(line)?.[0];
    if (code !== undefined) {
      at += code.length;
      continue;
    }
    if (width === columns) return line.slice(0, at) + COLORS_OFF;
    width++;
    at += String.fromCodePoint(line.codePointAt(at)!).length;
  }
  return line;
}
