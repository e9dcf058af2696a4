/**
 * The shell on a terminal.
 *
 * Lines are carried out one at a time, in the order typed, also when several are pasted at once. Until
 * the brackets and quotes of a line are closed, the prompt asks for more. Ctrl-C gives up what is
 * typed, or ends the command that runs, and never the shell; Ctrl-D ends it.
 *
 * The SDK keeps no connection that could break, so there is nothing to reconnect: a server that is
 * away is watched, the prompt says so, and a message tells when it is back.
 */
import { clearScreenDown, createInterface, cursorTo, moveCursor } from "node:readline";
import type { Interface } from "node:readline";
import { EXIT } from "../exit.ts";
import type { CliIo } from "../io.ts";
import { countText, latencyText } from "../terminal/figures.ts";
import { styleOf, type Style } from "../terminal/style.ts";
import { complete } from "./completer.ts";
import type { History } from "./history.ts";
import type { Result, Session } from "./session.ts";
import { untilReady } from "./watch.ts";
import { onOneLine } from "./words.ts";

export class Repl {
  readonly #session: Session;
  readonly #io: CliIo;
  readonly #style: Style;
  readonly #history: History;
  readonly #lines: Interface;
  readonly #ended = new AbortController();
  /** Lines that wait for the one that runs. */
  readonly #waiting: string[] = [];
  /** Lines of a command whose brackets are still open. */
  #pending: string[] = [];
  /** Of the command that runs. */
  #running: AbortController | null = null;
  /** Whoever asked something: the next line is the answer. */
  #answer: ((line: string) => void) | null = null;
  /** What the arrow keys go through: readline's own list, known once it has said so. */
  #recalled: string[] | null = null;
  #isAway = false;

  constructor(session: Session, history: History) {
    const { io } = session;
    this.#session = session;
    this.#io = io;
    this.#style = styleOf(io);
    this.#history = history;
    this.#lines = createInterface({
      ...{ input: io.stdin, output: io.stdout, terminal: true, tabSize: 4 },
      // Never reached: the list is put right after each line.
      historySize: Number.MAX_SAFE_INTEGER,
      history: [...history.lines],
      completer: (line: string, done: CompleterDone) => void this.#complete(line, done),
    });
  }

  /** Resolves with the exit code once the user leaves. */
  async run(): Promise<number> {
    const closed = new Promise<void>((resolve) => this.#lines.once("close", resolve));
    this.#lines.on("history", (recalled) => {
      this.#recalled = recalled;
      this.#restoreHistory();
    });
    this.#lines.on("SIGINT", () => this.#giveUp());
    this.#lines.on("line", (line) => void this.#take(line));
    await this.#greet();
    this.#prompt();
    await closed;
    this.#ended.abort();
    this.#running?.abort();
    this.#answer?.("");
    if (!this.#session.isLeaving) this.#io.out("\n");
    return EXIT.fine;
  }

  /** Leaves, as Ctrl-D does. */
  close(): void {
    this.#lines.close();
  }

  /**
   * A message in the middle of typing: above the line, which stays, also when it has grown over
   * several rows of the screen.
   */
  interject(message: string): void {
    if (this.#running !== null || this.#ended.signal.aborted) return this.#io.out(`${message}\n`);
    const { stdout } = this.#io;
    const { rows } = this.#lines.getCursorPos();
    moveCursor(stdout, 0, -rows);
    cursorTo(stdout, 0);
    clearScreenDown(stdout);
    // Readline is going to move up by as many rows as its line had.
    this.#io.out(`${message}\n${"\n".repeat(rows)}`);
    if (this.#answer === null) this.#prompt();
    else this.#lines.prompt(true);
  }

  async #greet(): Promise<void> {
    const { dim, bold } = this.#style;
    const help = dim("HELP shows the commands, Tab completes, Ctrl-D leaves.");
    try {
      const { version, store_size: size } = await this.#session.kv.health();
      const keys = `${countText(size)} ${size === 1 ? "key" : "keys"}`;
      this.#io.out(`${bold(`PyKV ${version}`)} at ${this.#session.kv.url}, ${keys}. ${help}\n`);
    } catch (error) {
      this.#io.out(`${help}\n`);
      this.#tellProblem(error instanceof Error ? error.message : String(error));
      this.#setAway();
    }
  }

  async #take(line: string): Promise<void> {
    if (this.#answer !== null) {
      const answer = this.#answer;
      this.#answer = null;
      answer(line);
      return;
    }
    this.#waiting.push(line);
    if (this.#running !== null) return;
    this.#running = new AbortController();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#add(next);
      // A prompt behind the end would make readline listen again.
      if (this.#session.isLeaving) return this.#lines.close();
      if (this.#ended.signal.aborted) return;
    }
    this.#running = null;
    this.#prompt();
  }

  /** One more line of a command; carries it out when it is whole. */
  async #add(line: string): Promise<void> {
    if (this.#pending.length === 0 && /^\s*(#|$)/.test(line)) return;
    this.#pending.push(line);
    const text = this.#pending.join("\n");
    if (!this.#session.isWhole(text)) return;
    this.#pending = [];
    this.#remember(text);
    this.#running = new AbortController();
    const ask = (question: string) => this.#ask(question);
    const result = await this.#session.execute(text, this.#running.signal, ask);
    if (!this.#ended.signal.aborted) this.#show(result);
  }

  #remember(text: string): void {
    try {
      const line = text.includes("\n") ? onOneLine(text) : text;
      if (line !== null) this.#history.add(line);
    } catch {
      // A line with a mistake in its quotes: recalled as far as it is one line.
      if (!text.includes("\n")) this.#history.add(text);
    }
    this.#restoreHistory();
  }

  /** What readline keeps by itself would be answers, and the pieces of a command over several lines. */
  #restoreHistory(): void {
    this.#recalled?.splice(0, this.#recalled.length, ...this.#history.lines);
  }

  #show({ text, note, problem, exitCode, durationMs }: Result): void {
    const took = durationMs === null ? "" : ` (${latencyText(durationMs)})`;
    const foot = `${note}${took}`.trimStart();
    const isOneLine = note === "" && !text.includes("\n");
    const parts = [text, foot === "" ? "" : this.#style.dim(foot)].filter((part) => part !== "");
    if (problem !== null) this.#tellProblem(problem);
    else if (text !== "" || note !== "") this.#io.out(`${parts.join(isOneLine ? " " : "\n")}\n`);
    if (exitCode === EXIT.unreachable) this.#setAway();
    else if (problem === null) this.#isAway = false;
  }

  #tellProblem(problem: string): void {
    this.#io.out(`${this.#style.bad("error:")} ${problem}\n`);
  }

  #prompt(): void {
    if (this.#ended.signal.aborted) return;
    const { dim, name, bad } = this.#style;
    const { host, namespace } = this.#session;
    const away = this.#isAway ? ` ${bad("(away)")}` : "";
    const width = host.length + namespace.length + 1;
    const more = `${" ".repeat(Math.max(0, width - 3))}...> `;
    const whole = `${dim(host)} ${name(namespace)}${away}> `;
    this.#lines.setPrompt(this.#pending.length > 0 ? dim(more) : whole);
    this.#lines.prompt(true);
  }

  #ask(question: string): Promise<string> {
    this.#lines.setPrompt(question);
    this.#lines.prompt();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Ctrl-C: ends what runs, or clears what is typed. */
  #giveUp(): void {
    this.#io.out("^C\n");
    this.#waiting.length = 0;
    this.#pending = [];
    // Readline can only be told by keys: to the end of the line, and delete to its start.
    this.#lines.write(null, { ctrl: true, name: "e" });
    this.#lines.write(null, { ctrl: true, name: "u" });
    if (this.#answer !== null) {
      const answer = this.#answer;
      this.#answer = null;
      answer("");
    } else if (this.#running !== null) this.#running.abort(new Error("given up with Ctrl-C"));
    else this.#prompt();
  }

  #setAway(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    void untilReady(this.#session.kv, this.#ended.signal).then((isBack) => {
      if (!isBack || !this.#isAway) return;
      this.#isAway = false;
      this.interject(this.#style.good(`connected to ${this.#session.host} again`));
    });
  }

  async #complete(line: string, done: CompleterDone): Promise<void> {
    const before = [...this.#pending, line].join("\n");
    done(null, await complete(before, this.#session.kv, this.#session.commands));
  }
}

type CompleterDone = (error: Error | null, result: [string[], string]) => void;
