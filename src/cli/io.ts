/**
 * What a verb touches of the world around it, as a parameter: a test runs a verb with its own.
 */
import { totalmem } from "node:os";
import type { Readable, Writable } from "node:stream";
import { systemClock, type Clock } from "../base/clock.ts";

/** The signals that ask a server to stop; the number is what a shell adds to 128. */
export const STOP_SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

export type StopSignal = keyof typeof STOP_SIGNALS;

/** Standard input: a stream that may be a terminal. */
export type CliInput = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

/** Standard output or standard error: a stream that may be a terminal. */
export type CliOutput = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Width of the terminal in characters, for help texts. */
  readonly columns: number;
  /** Physical memory in bytes. */
  readonly memoryBytes: number;
  /** For verbs that read values or keys typed by hand; the others leave it alone. */
  readonly stdin: CliInput;
  /** The stream behind `out`, for verbs that draw on a terminal or pass bytes through. */
  readonly stdout: CliOutput;
  /** The stream behind `error`. */
  readonly stderr: CliOutput;
  /** Whether `out` takes colours: see `wantsColor`. */
  readonly color: boolean;
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
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    color: wantsColor(process.env, process.stdout.isTTY),
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    onSignal: (signal, listener) => void process.on(signal, listener),
    offSignal: (signal, listener) => void process.off(signal, listener),
    exit: (code) => process.exit(code),
  };
}

/**
 * Whether to colour: on a terminal that can, unless NO_COLOR is set to anything (no-color.org);
 * FORCE_COLOR, other than 0, colours what is no terminal too.
 */
export function wantsColor(env: CliIo["env"], isTerminal: boolean): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== "0";
  return isTerminal && env.TERM !== "dumb";
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== "";
}
