/**
 * What a verb touches of the world around it, as a parameter: a test runs a verb with its own.
 */
import { totalmem } from "node:os";
import { systemClock, type Clock } from "../base/clock.ts";

/** The signals that ask a server to stop; the number is what a shell adds to 128. */
export const STOP_SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export type StopSignal = keyof typeof STOP_SIGNALS;

export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Width of the terminal in characters, for help texts. */
  readonly columns: number;
  /** Physical memory in bytes. */
  readonly memoryBytes: number;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly onSignal: (signal: StopSignal, listener: () => void) => void;
  readonly offSignal: (signal: StopSignal, listener: () => void) => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 100;

export function processIo(): CliIo {
  const columns = process.stdout.isTTY ? process.stdout.columns : COLUMNS_MAX;
  return {
    env: process.env,
    clock: systemClock,
    columns: Math.max(COLUMNS_MIN, Math.min(columns, COLUMNS_MAX)),
    memoryBytes: totalmem(),
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    onSignal: (signal, listener) => void process.on(signal, listener),
    offSignal: (signal, listener) => void process.off(signal, listener),
    exit: (code) => process.exit(code),
  };
}
