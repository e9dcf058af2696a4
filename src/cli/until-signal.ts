/**
 * Runs something until SIGINT or SIGTERM, or until it is asked to stop otherwise; stops it in order,
 * and lets a second signal end at once.
 *
 * Ctrl-C under `npm start` arrives twice: the terminal signals the whole process group, and npm
 * passes its own copy on. A SIGINT that follows another within a moment is therefore the same one,
 * or every Ctrl-C would cut the orderly stop short. Nobody's SIGTERM is doubled like that.
 *
 * A signal during the start waits for the start to finish. Recovery may take long and is safe to
 * kill at any moment, so the message says how.
 */
import { EXIT } from "./exit.ts";
import { STOP_SIGNALS, type CliIo, type StopSignal } from "./io.ts";

const SAME_KEYSTROKE_MS = 300;
const SIGNAL_EXIT_BASE = 128;

interface Stoppable {
  /** Resolves when something other than a signal asks it to stop, if anything can. */
  readonly stopRequested?: Promise<void>;
  stop(): Promise<void>;
}

type SignalIo = Pick<CliIo, "clock" | "error" | "onSignal" | "offSignal" | "exit">;

/** Resolves with 0 once all is stopped; rejects when starting or stopping fails. */
export async function runUntilSignal(
  start: () => Promise<Stoppable>,
  io: SignalIo,
): Promise<number> {
  let starting = true;
  const watch = watchSignals(io, () => {
    if (starting) io.error("pykv: stopping once the start is through; again to exit at once\n");
  });
  try {
    const running = await start();
    starting = false;
    await Promise.race([watch.first, ...(running.stopRequested ? [running.stopRequested] : [])]);
    await running.stop();
    return EXIT.fine;
  } finally {
    watch.end();
  }
}

/**
 * Tells of the first signal, once, and ends the process at the second: `onFirst` is called with
 * what a shell would make of it as an exit code. `end` stops listening.
 */
export function watchSignals(
  io: SignalIo,
  onFirst: (exitCode: number) => void,
): { readonly first: Promise<void>; end(): void } {
  const { promise: first, resolve } = deferred();
  let count = 0;
  let interruptedAtMs = -Infinity;
  const listeners = Object.entries(STOP_SIGNALS).map(([name, number]) => {
    const listener = () => {
      const nowMs = io.clock.monotonicMs();
      if (name === "SIGINT") {
        const isSame = nowMs - interruptedAtMs < SAME_KEYSTROKE_MS;
        interruptedAtMs = nowMs;
        if (isSame) return;
      }
      if (++count > 1) return io.exit(SIGNAL_EXIT_BASE + number);
      onFirst(SIGNAL_EXIT_BASE + number);
      resolve();
    };
    return [name as StopSignal, listener] as const;
  });
  for (const [name, listener] of listeners) io.onSignal(name, listener);
  return {
    first,
    end: () => listeners.forEach(([name, listener]) => io.offSignal(name, listener)),
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
