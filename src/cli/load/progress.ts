/**
 * How a run is going, on standard error: one line that is written over on a terminal, a line now and
 * then elsewhere.
 */
import { countText, durationText, latencyText, rateText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import type { CliIo } from "../io.ts";
import type { Recorder } from "./recorder.ts";

const TERMINAL_INTERVAL_MS = 250;
const LINES_INTERVAL_MS = 5_000;
const CLEAR_LINE = "\r\u001b[2K";

/** What is shown of a phase. */
export interface Watched {
  readonly label: string;
  readonly recorder: Recorder;
  readonly operations: number | null;
  readonly durationMs: number | null;
}

export class Progress {
  readonly #io: CliIo;
  readonly #isTerminal: boolean;
  #timer: NodeJS.Timeout | null = null;

  constructor(io: CliIo) {
    this.#io = io;
    this.#isTerminal = io.stderr.isTTY === true;
  }

  /** Shows a phase from now on, in place of the one before. */
  watch(watched: Watched): void {
    this.end();
    const startMs = this.#io.clock.monotonicMs();
    const intervalMs = this.#isTerminal ? TERMINAL_INTERVAL_MS : LINES_INTERVAL_MS;
    this.#timer = setInterval(() => {
      const nowMs = this.#io.clock.monotonicMs();
      const text = this.#text(watched, nowMs, nowMs - startMs);
      this.#io.error(this.#isTerminal ? CLEAR_LINE + text : `${text}\n`);
    }, intervalMs);
  }

  /** Shows nothing more, and clears the line. */
  end(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    if (this.#isTerminal) this.#io.error(CLEAR_LINE);
  }

  #text({ label, recorder, operations, durationMs }: Watched, nowMs: number, ms: number): string {
    const { dim, bold, bad } = styleOf({ color: this.#isTerminal && this.#io.color });
    const glance = recorder.glance(nowMs);
    const done = recorder.operations + recorder.errors;
    const share = Math.max(
      operations === null ? 0 : done / operations,
      durationMs === null ? 0 : ms / durationMs,
    );
    const leftMs = share > 0 && share < 1 ? (ms * (1 - share)) / share : null;
    return [
      label,
      `${countText(done)}${operations === null ? "" : ` of ${countText(operations)}`}`,
      bold(rateText(glance.perSecond)),
      `${dim("p50")} ${latencyText(glance.p50Ms)}`,
      `${dim("p99")} ${latencyText(glance.p99Ms)}`,
      recorder.errors === 0 ? "" : bad(`${countText(recorder.errors)} errors`),
      leftMs === null ? dim(durationText(ms)) : dim(`${durationText(leftMs)} left`),
    ]
      .filter((part) => part !== "")
      .join("  ");
  }
}
