/**
 * Deletes that can still be undone: they are sent a few seconds later, or at once when the page is left.
 *
 * Until then the keys are only out of sight. What is sent when the page goes away must fit into 64 KB
 * for all requests together (`keepalive`), so a delete that is larger takes no part here: it is asked
 * about before and sent at once.
 */
export interface DoomedKey {
  readonly namespace: string;
  readonly key: string;
  /** Only this version is to be deleted; null any. */
  readonly version: number | null;
}

export interface PendingDelete {
  readonly id: number;
  readonly keys: readonly DoomedKey[];
}

export interface Surroundings {
  /** Sends the delete; rejects when it was not made. `isLeaving` when nobody will hear the answer. */
  send(keys: readonly DoomedKey[], isLeaving: boolean): Promise<void>;
  /** Runs once later; returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const UNDO_MS = 6_000;
/** Leaves room for conditions and namespaces, and for other requests that outlive the page. */
const LEAVING_BYTES_MAX = 48 * 1024;
/** Besides its name, in the body that deletes a key. */
const OPERATION_BYTES = 120;

interface Waiting extends PendingDelete {
  readonly cancel: () => void;
  readonly onSent: () => void;
  readonly onFailed: (error: unknown) => void;
}

export class PendingDeletes {
  readonly #surroundings: Surroundings;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Whether it is small enough, with what waits already, to be sent when the page is left. */
  fits(keys: readonly DoomedKey[]): boolean {
    const waiting = [...this.#waiting.values()].flatMap((each) => each.keys);
    return bytesOf(keys) + bytesOf(waiting) <= LEAVING_BYTES_MAX;
  }

  add(
    keys: readonly DoomedKey[],
    onSent: () => void,
    onFailed: (error: unknown) => void,
  ): PendingDelete {
    const id = ++this.#lastId;
    const cancel = this.#surroundings.after(UNDO_MS, () => void this.sendNow(id));
    this.#waiting.set(id, { id, keys, cancel, onSent, onFailed });
    return { id, keys };
  }

  /** False when it has been sent already. */
  undo(id: number): boolean {
    const waiting = this.#waiting.get(id);
    waiting?.cancel();
    return this.#waiting.delete(id);
  }

  async sendNow(id: number): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    waiting.cancel();
    this.#waiting.delete(id);
    try {
      await this.#surroundings.send(waiting.keys, false);
      waiting.onSent();
    } catch (error) {
      waiting.onFailed(error);
    }
  }

  /** The keys that are not waiting to be deleted. */
  withoutDoomed(namespace: string, keys: readonly string[]): string[] {
    const all = [...this.#waiting.values()].flatMap((each) => each.keys);
    const doomed = new Set(
      all.filter((each) => each.namespace === namespace).map(({ key }) => key),
    );
    return keys.filter((key) => !doomed.has(key));
  }

  /** The page goes away: everything is sent at once. */
  leave(): void {
    for (const { id, keys, cancel } of this.#waiting.values()) {
      cancel();
      this.#waiting.delete(id);
      void this.#surroundings.send(keys, true).catch(() => undefined);
    }
  }
}

function bytesOf(keys: readonly DoomedKey[]): number {
  // A character is at most six bytes: three in UTF-8, and six where JSON escapes it.
  return keys.reduce((sum, { key }) => sum + OPERATION_BYTES + key.length * 6, 0);
}
