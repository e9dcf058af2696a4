/** Work that Ctrl-C ends early, but in order: what it found out until then is still reported. */
import type { CliIo } from "../io.ts";
import { watchSignals } from "../until-signal.ts";

export interface Ended<T> {
  readonly result: T;
  /** 128 and the signal's number, as a shell has it; null when nothing interrupted. */
  readonly signalExitCode: number | null;
}

/** Runs `work`, aborting its signal at the first SIGINT or SIGTERM; the second ends the process. */
export async function interruptible<T>(
  io: CliIo,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Ended<T>> {
  const stop = new AbortController();
  let signalExitCode: number | null = null;
  const watch = watchSignals(io, (exitCode) => {
    signalExitCode = exitCode;
    stop.abort();
  });
  try {
    return { result: await work(stop.signal), signalExitCode };
  } finally {
    watch.end();
  }
}
