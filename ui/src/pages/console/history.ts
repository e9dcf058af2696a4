/** The lines that were entered, kept over visits; a bounded number of them, and none of them huge. */
const STORAGE_KEY = "pykv-console-history";
const LINES_MAX = 200;
const LINE_LENGTH_MAX = 4000;

type LineStorage = Pick<Storage, "getItem" | "setItem">;

export class LineHistory {
  readonly #storage: LineStorage | null;
  #lines: string[];
  /** Which line is shown; beyond the last is the one being typed. */
  #at: number;
  #typed = "";

  constructor(storage: LineStorage | null) {
    this.#storage = storage;
    this.#lines = read(storage);
    this.#at = this.#lines.length;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Notes a line that was entered; one that repeats the last is not noted twice. */
  add(line: string): void {
    if (line.trim() !== "" && line !== this.#lines.at(-1) && line.length <= LINE_LENGTH_MAX) {
      this.#lines = [...this.#lines, line].slice(-LINES_MAX);
      try {
        this.#storage?.setItem(STORAGE_KEY, JSON.stringify(this.#lines));
      } catch {
        // Without room in the storage it lasts as long as the page.
      }
    }
    this.#at = this.#lines.length;
  }

  /** The line before the one shown, keeping what is being typed; null at the first. */
  back(typed: string): string | null {
    if (this.#at === 0) return null;
    if (this.#at === this.#lines.length) this.#typed = typed;
    this.#at -= 1;
    return this.#lines[this.#at] ?? null;
  }

  /** The line after it, and at last what was being typed; null beyond that. */
  forward(): string | null {
    if (this.#at === this.#lines.length) return null;
    this.#at += 1;
    return this.#lines[this.#at] ?? this.#typed;
  }
}

function read(storage: LineStorage | null): string[] {
  try {
    const stored = JSON.parse(storage?.getItem(STORAGE_KEY) ?? "[]") as unknown;
    if (!Array.isArray(stored)) return [];
    return stored.filter((line) => typeof line === "string").slice(-LINES_MAX);
  } catch {
    return [];
  }
}

function localStorageIfAllowed(): LineStorage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

export const lineHistory = new LineHistory(localStorageIfAllowed());
