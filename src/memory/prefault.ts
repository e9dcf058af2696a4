/**
 * Touches the pages of a shard ahead of whoever fills it, on a thread of its own.
 *
 * The operating system gives a page to a process when it is first touched, and fills it with zeros
 * then; while a large store is loaded that is a quarter of the loader's time, and the second processor
 * is idle. So a worker runs ahead of the loader and pays for the pages there. It looks at the shard's
 * own mark of the highest page in use and stays at most WINDOW_PAGES in front of it: no more memory
 * than that is taken in vain, however wrong the guess of what will be needed.
 *
 * To touch is to `or` a word with 0, which is atomic: it changes nothing, whatever the loader writes
 * to the same word meanwhile. Nothing depends on the worker; without one the loader pays as before.
 *
 * The worker is a text of plain JavaScript, since node can't start one from a TypeScript file.
 */
import { Worker } from "node:worker_threads";
import { COUNTER, PAGE_BYTES, PAGE_WORDS } from "./shard.ts";
import type { Shard } from "./shard.ts";

/** 32 MiB: some tenth of a second of loading. */
export const WINDOW_PAGES = 8192;
/** Less is loaded before a worker has started. */
const BYTES_MIN = 32 * 1024 * 1024;
/** Between two looks at how far the loader has come. */
const POLL_MS = 1;
/** Words of what both threads look at. */
const IS_OVER = 0;
const PAGES_TOUCHED = 1;
const CONTROL_WORDS = 2;

const SOURCE = `
const { workerData } = require("node:worker_threads");
const { memory, control, firstPage, endPage, topAt, pageWords, windowPages, pollMs } = workerData;
const words = new Int32Array(memory);
const state = new Int32Array(control);
let page = firstPage;
while (Atomics.load(state, ${IS_OVER}) === 0 && page < endPage) {
  const end = Math.min(endPage, (Atomics.load(words, topAt) >>> 0) + windowPages);
  for (; page < end && Atomics.load(state, ${IS_OVER}) === 0; page++) {
    Atomics.or(words, page * pageWords, 0);
  }
  Atomics.store(state, ${PAGES_TOUCHED}, page - firstPage);
  Atomics.wait(state, ${IS_OVER}, 0, pollMs);
}
`;

export class Prefault {
  readonly #control = new Int32Array(new SharedArrayBuffer(CONTROL_WORDS * 4));
  /** Resolves when the worker is gone. */
  readonly ended: Promise<void>;

  /**
   * Starts a worker, unless so little will be needed that it is not worth it.
   *
   * @param bytes of pages that will be needed, about; beyond it no page is touched
   */
  static start(shard: Shard, bytes: number): Prefault | null {
    return bytes < BYTES_MIN ? null : new Prefault(shard, bytes);
  }

  private constructor(shard: Shard, bytes: number) {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const workerData = {
      memory: shard.memory,
      control: this.#control.buffer,
      firstPage: shard.firstPage,
      endPage: Math.min(shard.endPage, shard.firstPage + pages),
      topAt: COUNTER.pagesTop,
      pageWords: PAGE_WORDS,
      windowPages: WINDOW_PAGES,
      pollMs: POLL_MS,
    };
    this.ended = run(workerData);
  }

  /** Pages touched so far. */
  get pagesTouched(): number {
    return Atomics.load(this.#control, PAGES_TOUCHED);
  }

  /** Ends the worker, within moments. */
  stop(): void {
    Atomics.store(this.#control, IS_OVER, 1);
    Atomics.notify(this.#control, IS_OVER);
  }
}

/** A worker that can't be started, or fails, is as good as none. */
function run(workerData: object): Promise<void> {
  try {
    const worker = new Worker(SOURCE, { eval: true, workerData, execArgv: [], env: {} });
    worker.unref();
    return new Promise((resolve) => {
      worker.once("error", () => resolve());
      worker.once("exit", () => resolve());
    });
  } catch {
    return Promise.resolve();
  }
}
