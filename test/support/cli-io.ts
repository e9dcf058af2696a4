/** The world of a command line verb, held still: output is kept, signals are sent by the test. */
import { EventEmitter } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { systemClock, type Clock } from "../../src/base/clock.ts";
import type { CliInput, CliIo, StopSignal } from "../../src/cli/io.ts";

export class FakeIo implements CliIo {
  readonly env: Record<string, string | undefined> = {};
  readonly columns = 100;
  readonly memoryBytes = 2 ** 31;
  readonly exits: number[] = [];
  readonly color: boolean = false;
  /** What the user types or pipes in: write to it, and end it. */
  readonly typed = new PassThrough();
  readonly stdin: CliInput = this.typed;
  nowMs = 1000;
  /** All that was written to standard output, as text. */
  printed = "";
  /** All that was written to standard error, as text. */
  complained = "";
  readonly #signals = new EventEmitter();

  readonly clock: Clock = { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs };
  readonly out = (text: string) => void (this.printed += text);
  readonly error = (text: string) => void (this.complained += text);
  readonly stdout = writer(this.out);
  readonly stderr = writer(this.error);
  readonly exit = (code: number) => void this.exits.push(code);

  readonly onSignal = (signal: StopSignal, listener: () => void) =>
    void this.#signals.on(signal, listener);
  readonly offSignal = (signal: StopSignal, listener: () => void) =>
    void this.#signals.off(signal, listener);

  /** Delivers a signal; false when nobody listens. */
  send(signal: StopSignal): boolean {
    return this.#signals.emit(signal);
  }
}

/** The same in real time, for verbs that talk to a real server. */
export class LiveIo extends FakeIo {
  override readonly clock = systemClock;
}

function writer(write: (text: string) => void): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk.toString());
      done();
    },
  });
}
