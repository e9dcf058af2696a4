/** The world of a command line verb, held still: output is kept, signals are sent by the test. */
import { EventEmitter } from "node:events";
import type { CliIo, StopSignal } from "../../src/cli/io.ts";

export class FakeIo implements CliIo {
  readonly env: Record<string, string | undefined> = {};
  readonly columns = 100;
  readonly memoryBytes = 2 ** 31;
  readonly exits: number[] = [];
  nowMs = 1000;
  stdout = "";
  stderr = "";
  readonly #signals = new EventEmitter();

  readonly clock = { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs };
  readonly out = (text: string) => void (this.stdout += text);
  readonly error = (text: string) => void (this.stderr += text);
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
