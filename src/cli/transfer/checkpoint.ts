/**
 * Keeps the state of an import on disk: now and then while it runs, and when it ends before its time.
 *
 * Writing it must not hold up the import, and is not worth an fsync: after a crash of the machine an
 * older state is as right as a newer one, only further back.
 */
import type { Input } from "./input.ts";
import { START, type Place } from "./pieces.ts";
import { fingerprint, loadState, removeState, saveState, type Tally } from "./state.ts";
import { Failure, UsageError } from "../exit.ts";

const SAVE_MS = 250;

export interface CheckpointOptions {
  readonly file: Input;
  readonly path: string;
  /** What the state belongs to besides the input, in words. */
  readonly target: string;
  readonly monotonicMs: () => number;
  /** The state can't be written; told once, and the import goes on. */
  readonly onTrouble: (reason: string) => void;
}

export class Checkpoint {
  readonly #options: CheckpointOptions;
  #latest: { readonly place: Place; readonly tally: Tally } | null = null;
  #savedMs = -Infinity;
  #saving: Promise<void> | null = null;
  #isBroken = false;

  constructor(options: CheckpointOptions) {
    this.#options = options;
  }

  get path(): string {
    return this.#options.path;
  }

  /** Whether there is a state from an earlier import. */
  async exists(): Promise<boolean> {
    return (await loadState(this.path).catch(() => null)) !== null;
  }

  /** Where that import ended. Throws Failure when it was of another input or into another place. */
  async load(): Promise<{ readonly place: Place; readonly tally: Tally }> {
    const { file, path, target } = this.#options;
    const state = await loadState(path);
    if (state === null) {
      throw new UsageError(`there is nothing to resume: no state of an import at ${path}`);
    }
    if (state.target !== target) {
      throw new Failure(`the import in ${path} was ${state.target}, and this one is ${target}`);
    }
    if (state.fingerprint !== (await fingerprintAt(file, state.place))) {
      throw new Failure(
        `${file.name} is not the file that ${path} is about, or has changed in the part that was ` +
          "imported; import it from the start, without --resume",
      );
    }
    return state;
  }

  /** Notes a place up to which all is in the store, and saves it if it is time to. */
  note(place: Place, tally: Tally): void {
    this.#latest = { place, tally };
    const isDue = this.#options.monotonicMs() - this.#savedMs >= SAVE_MS;
    if (!isDue || this.#saving !== null || this.#isBroken) return;
    this.#saving = this.#save().finally(() => (this.#saving = null));
  }

  /** Saves what was noted last; whether there is a state now. */
  async finish(): Promise<boolean> {
    await this.#saving;
    await this.#save();
    return !this.#isBroken && this.#latest !== null && this.#latest.place.offset > 0;
  }

  /** The import is through: nothing is left to resume. */
  async remove(): Promise<void> {
    await this.#saving;
    await removeState(this.path);
  }

  async #save(): Promise<void> {
    const { file, path, target, monotonicMs, onTrouble } = this.#options;
    if (this.#latest === null || this.#latest.place.offset === START.offset) return;
    const { place, tally } = this.#latest;
    this.#savedMs = monotonicMs();
    try {
      const print = await fingerprintAt(file, place);
      await saveState(path, { place, fingerprint: print, target, tally });
    } catch (error) {
      if (this.#isBroken) return;
      this.#isBroken = true;
      onTrouble(error instanceof Error ? error.message : String(error));
    }
  }
}

/** See state.ts for what it covers. */
function fingerprintAt({ path, bytes, isGzip }: Input, { offset }: Place): Promise<string> {
  return fingerprint(path!, isGzip ? bytes! : offset);
}
