/**
 * How far a long job has come, on standard error: a line that is redrawn on a terminal, a line now and
 * then elsewhere (logs of a job that runs at night), and nothing with --quiet.
 */
import { wantsColor, type CliIo } from "../io.ts";
import { countText, durationText, rateText, shareText } from "./figures.ts";
import { styleOf, type Style } from "./style.ts";

export interface Figures {
  /** How many things are done: records, keys; null where only the share is known. */
  readonly count: number | null;
  /** How much of the whole, 0 to 1; null when nobody knows. */
  readonly share: number | null;
  /** Shown at the end of the line, such as "3 bad". */
  readonly note?: string | undefined;
}

const REDRAW_MS = 100;
const LINE_MS = 10_000;
/** The rate is taken over about this long, so that it neither jumps nor lags. */
const RATE_WINDOW_MS = 5000;
const BAR_WIDTH = 24;
const CLEAR_LINE = "\r\u001b[2K";

export class Progress {
  readonly #io: Pick<CliIo, "clock" | "stderr" | "error">;
  readonly #what: string;
  readonly #isQuiet: boolean;
  readonly #isTerminal: boolean;
  readonly #style: Style;
  readonly #startMs: number;
  #samples: {
    readonly atMs: number;
    readonly count: number | null;
    readonly share: number | null;
  }[] = [];
  #shownMs: number;
  #isDrawn = false;

  /** @param what what is counted, in the plural: "records" */
  constructor(
    io: Pick<CliIo, "clock" | "stderr" | "error" | "env">,
    what: string,
    { isQuiet }: { readonly isQuiet: boolean },
  ) {
    this.#io = io;
    this.#what = what;
    this.#isQuiet = isQuiet;
    this.#isTerminal = io.stderr.isTTY === true;
    this.#style = styleOf({ color: wantsColor(io.env, this.#isTerminal) });
    this.#startMs = io.clock.monotonicMs();
    this.#shownMs = this.#startMs;
  }

  /** Shows the figures if it is time to; cheap enough to be called for every batch. */
  update(figures: Figures): void {
    if (this.#isQuiet) return;
    const nowMs = this.#io.clock.monotonicMs();
    if (nowMs - this.#shownMs < (this.#isTerminal ? REDRAW_MS : LINE_MS)) return;
    this.#shownMs = nowMs;
    const line = this.#line(figures, nowMs);
    this.#isDrawn = this.#isTerminal;
    this.#io.error(this.#isTerminal ? `${CLEAR_LINE}${line}` : `${line}\n`);
  }

  /** Prints a line that stays, above the figures. Also with --quiet: it is for warnings. */
  say(text: string): void {
    this.clear();
    this.#io.error(`${text}\n`);
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    if (this.#isDrawn) this.#io.error(CLEAR_LINE);
    this.#isDrawn = false;
  }

  /** Since the start. */
  get elapsedMs(): number {
    return this.#io.clock.monotonicMs() - this.#startMs;
  }

  #line({ count, share, note }: Figures, nowMs: number): string {
    this.#samples.push({ atMs: nowMs, count, share });
    while (nowMs - this.#samples[0]!.atMs > RATE_WINDOW_MS && this.#samples.length > 2) {
      this.#samples.shift();
    }
    const before = this.#samples.length > 1 ? this.#samples[0]! : null;
    const sinceMs = nowMs - (before?.atMs ?? this.#startMs);
    const { dim } = this.#style;
    const parts = [
      ...(share === null ? [] : [`${bar(share, this.#style)} ${shareText(Math.min(1, share))}`]),
      ...(count === null ? [] : this.#countTexts(count, before?.count ?? 0, sinceMs)),
      ...leftText(before?.share ?? null, share, sinceMs),
      ...(note === undefined ? [] : [note]),
    ];
    return parts.join(dim("  "));
  }

  #countTexts(count: number, before: number, sinceMs: number): string[] {
    const perSecond = sinceMs > 0 ? ((count - before) * 1000) / sinceMs : 0;
    return [`${this.#style.figure(countText(count))} ${this.#what}`, rateText(perSecond)];
  }
}

function bar(share: number, { good, dim }: Style): string {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return `[${good("=".repeat(full))}${dim("-".repeat(BAR_WIDTH - full))}]`;
}

function leftText(before: number | null, share: number | null, sinceMs: number): string[] {
  if (before === null || share === null || share <= before) return [];
  const leftMs = ((1 - Math.min(1, share)) / (share - before)) * sinceMs;
  return [`${durationText(leftMs)} left`];
}
