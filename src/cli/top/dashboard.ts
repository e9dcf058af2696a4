/**
 * The verb `top` itself: looks at the server once an interval, and shows what it saw: on a terminal
 * again and again in the same place, else once, or as a stream of JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { PyKV } from "../../client/index.ts";
import { PyKVError } from "../../client/errors.ts";
import { connect } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { STOP_SIGNALS, type CliIo, type StopSignal } from "../io.ts";
import { write } from "../terminal/output.ts";
import { Screen, type Size } from "../terminal/screen.ts";
import { styleOf } from "../terminal/style.ts";
import type { TopFlags } from "../verbs/top.ts";
import { SORTS, frameLines, type Sort, type View } from "./frame.ts";
import { sampleJson, sampleOf, type Look, type Sample } from "./sample.ts";

const HISTORY_MAX = 120;
const CTRL_C = "\u0003";
/** Of a frame that goes to a file or a pipe. */
const PLAIN_SIZE: Size = { columns: 100, rows: 60 };

/** Resolves with the exit code; rejects when the server can't be reached at the start. */
export async function runTop(flags: TopFlags, io: CliIo): Promise<number> {
  const kv = await connect(flags, io);
  const first = await lookAt(kv, io);
  const isLive = flags.once !== true && flags.json !== true && io.stdout.isTTY === true;
  const top = new Top(kv, first, flags, io);
  if (isLive) return top.live();
  return flags.json === true ? top.stream() : top.once();
}

async function lookAt(kv: PyKV, io: CliIo): Promise<Look> {
  const [stats, performance, health] = await Promise.all([
    kv.stats(),
    kv.performance(),
    kv.health(),
  ]);
  return { atMs: io.clock.nowMs(), stats, performance: performance, health };
}

class Top {
  readonly #kv: PyKV;
  readonly #flags: TopFlags;
  readonly #io: CliIo;
  readonly #stopped = new AbortController();
  #look: Look;
  #sample: Sample;
  #history: number[] = [];
  #trouble: string | null = null;
  #sort: Sort = SORTS[0];
  #isPaused = false;
  #isHelpShown = false;

  constructor(kv: PyKV, first: Look, flags: TopFlags, io: CliIo) {
    this.#kv = kv;
    this.#look = first;
    this.#sample = sampleOf(first, first);
    this.#flags = flags;
    this.#io = io;
  }

  /** One frame as text, once there is something to compare with. */
  async once(): Promise<number> {
    await this.#wait();
    await this.#refresh();
    const { columns = PLAIN_SIZE.columns } = this.#io.stdout;
    const lines = frameLines(this.#view(false), { ...PLAIN_SIZE, columns }, styleOf(this.#io));
    this.#io.out(`${lines.join("\n")}\n`);
    return EXIT.fine;
  }

  /** A sample as JSON each interval, until a signal; just one with --once. */
  async stream(): Promise<number> {
    const release = this.#stopOnSignals();
    const { stdout } = this.#io;
    const stop = (): void => this.#stopped.abort();
    stdout.once("close", stop);
    try {
      for (;;) {
        await this.#wait();
        if (this.#stopped.signal.aborted) return EXIT.fine;
        await this.#refresh();
        await write(this.#io, `${sampleJson(this.#sample)}\n`);
        if (this.#flags.once === true) return EXIT.fine;
      }
    } finally {
      stdout.off("close", stop);
      release();
    }
  }

  /** The dashboard, until q or a signal. */
  async live(): Promise<number> {
    const release = this.#stopOnSignals();
    const screen = new Screen(
      this.#io,
      (keys) => this.#press(keys, screen),
      () => this.#draw(screen),
    );
    screen.open();
    try {
      for (;;) {
        this.#draw(screen);
        await this.#wait();
        if (this.#stopped.signal.aborted) return EXIT.fine;
        if (!this.#isPaused) await this.#refreshOrTell();
      }
    } finally {
      screen.close();
      release();
    }
  }

  #press(keys: string, screen: Screen): void {
    for (const key of keys) {
      if (key === "q" || key === CTRL_C) this.#stopped.abort();
      else if (key === "p" || key === " ") this.#isPaused = !this.#isPaused;
      else if (key === "s") this.#sort = SORTS[(SORTS.indexOf(this.#sort) + 1) % SORTS.length]!;
      else if (key === "?" || key === "h") this.#isHelpShown = !this.#isHelpShown;
    }
    if (!this.#stopped.signal.aborted) this.#draw(screen);
  }

  #draw(screen: Screen): void {
    screen.draw(frameLines(this.#view(true), screen.size, styleOf(this.#io)));
  }

  #view(isInteractive: boolean): View {
    return {
      url: this.#kv.url,
      sample: this.#sample,
      history: this.#history,
      sort: this.#sort,
      isPaused: this.#isPaused,
      isHelpShown: this.#isHelpShown,
      trouble: this.#trouble,
      isInteractive,
    };
  }

  /** A server that went away may come back: the dashboard says so, and asks again. */
  async #refreshOrTell(): Promise<void> {
    try {
      await this.#refresh();
      this.#trouble = null;
    } catch (error) {
      if (!(error instanceof PyKVError)) throw error;
      this.#trouble = error.message;
    }
  }

  async #refresh(): Promise<void> {
    const now = await lookAt(this.#kv, this.#io);
    this.#sample = sampleOf(this.#look, now);
    this.#look = now;
    const { restPerSecond, redisPerSecond } = this.#sample;
    this.#history = [...this.#history, restPerSecond + (redisPerSecond ?? 0)].slice(-HISTORY_MAX);
  }

  async #wait(): Promise<void> {
    await sleep(this.#flags.interval, undefined, this.#stopped).catch(() => undefined);
  }

  #stopOnSignals(): () => void {
    const stop = (): void => this.#stopped.abort();
    const signals = Object.keys(STOP_SIGNALS) as StopSignal[];
    for (const signal of signals) this.#io.onSignal(signal, stop);
    return () => signals.forEach((signal) => this.#io.offSignal(signal, stop));
  }
}
