/**
 * `pykv serve --reload`: for work on PyKV itself. Runs the server as a child, watches the sources, and
 * when they change builds and restarts it. A build that fails shows its errors and leaves the server
 * that runs alone; one that ends by itself is started again with the next change.
 *
 * Signals reach the child twice, from the terminal and from here; it knows two SIGINTs in quick
 * succession for one (until-signal.ts).
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import { EXIT, UsageError } from "./exit.ts";
import { STOP_SIGNALS, type CliIo, type StopSignal } from "./io.ts";

/** Editors and checkouts write many files at once. */
const SETTLE_MS = 150;

export interface ReloadOptions {
  /** Of the checkout. */
  readonly root: string;
  /** For `pykv serve`. */
  readonly argv: readonly string[];
  /** For the first start alone. */
  readonly firstArgv: readonly string[];
}

/** The checkout that this program was built in. Throws UsageError when there is none. */
export function checkoutRoot(): string {
  const root = resolve(import.meta.dirname, "../..");
  const isCheckout = ["src/cli/main.ts", "scripts/build.mjs", "node_modules/typescript"].every(
    (path) => existsSync(join(root, path)),
  );
  if (isCheckout) return root;
  throw new UsageError("--reload is for work on PyKV itself: it needs a checkout of its sources");
}

/** Resolves with the exit code once a signal has ended it. */
export async function serveReloading(options: ReloadOptions, io: CliIo): Promise<number> {
  return new Reloader(options, io).run();
}

class Reloader {
  readonly #options: ReloadOptions;
  readonly #io: CliIo;
  #server: ChildProcess | null = null;
  #stopping: StopSignal | null = null;
  #isDirty = false;
  #isWorking = false;
  #timer: NodeJS.Timeout | null = null;
  #done: () => void = () => undefined;

  constructor(options: ReloadOptions, io: CliIo) {
    this.#options = options;
    this.#io = io;
  }

  async run(): Promise<number> {
    const ended = new Promise<void>((resolve) => (this.#done = resolve));
    const src = join(this.#options.root, "src");
    const watcher = watch(src, { recursive: true }, (_event, name) => {
      if (name === null || isSource(name)) this.#changed();
    });
    const listeners = (Object.keys(STOP_SIGNALS) as StopSignal[]).map((signal) => {
      const listener = (): void => this.#stop(signal);
      this.#io.onSignal(signal, listener);
      return () => this.#io.offSignal(signal, listener);
    });
    try {
      this.#start(this.#options.firstArgv);
      this.#say("watching src for changes");
      await ended;
      return EXIT.fine;
    } finally {
      watcher.close();
      if (this.#timer !== null) clearTimeout(this.#timer);
      for (const release of listeners) release();
    }
  }

  #changed(): void {
    this.#isDirty = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#rebuild(), SETTLE_MS);
  }

  async #rebuild(): Promise<void> {
    if (this.#isWorking || this.#isStopping()) return;
    this.#isWorking = true;
    try {
      // What changes during a build is built next.
      while (this.#isDirty && !this.#isStopping()) {
        this.#isDirty = false;
        this.#say("the sources have changed: building");
        if (!(await this.#build())) {
          this.#say("the build failed, see above; waiting for the next change");
          continue;
        }
        if (this.#hasChanged()) continue;
        await this.#endServer("SIGTERM");
        if (!this.#isStopping()) this.#start([]);
      }
    } finally {
      this.#isWorking = false;
    }
    if (this.#isStopping()) this.#done();
  }

  /** A method, since a build or a signal may have set it while something else was awaited. */
  #isStopping(): boolean {
    return this.#stopping !== null;
  }

  #hasChanged(): boolean {
    return this.#isDirty;
  }

  #build(): Promise<boolean> {
    const script = join(this.#options.root, "scripts", "build.mjs");
    const child = spawn(process.execPath, [script, "--server"], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return new Promise((settle) => {
      child.once("error", () => settle(false));
      child.once("exit", (code) => settle(code === 0));
    });
  }

  #start(more: readonly string[]): void {
    const { root, argv } = this.#options;
    const command = [join(root, "bin", "pykv.js"), "serve", ...argv, ...more];
    const child = spawn(process.execPath, command, { stdio: "inherit" });
    this.#server = child;
    child.once("exit", (code) => {
      if (this.#server !== child) return;
      this.#server = null;
      if (this.#stopping !== null) return this.#isWorking ? undefined : this.#done();
      if (!this.#isWorking) this.#say(`the server ended with ${code}; waiting for a change`);
    });
  }

  #endServer(signal: StopSignal): Promise<void> {
    const child = this.#server;
    if (child === null) return Promise.resolve();
    return new Promise((settle) => {
      child.once("exit", () => settle());
      child.kill(signal);
    });
  }

  #stop(signal: StopSignal): void {
    this.#stopping ??= signal;
    // A second signal goes on to the server too, which then ends at once.
    if (this.#server !== null) this.#server.kill(signal);
    else if (!this.#isWorking) this.#done();
  }

  #say(text: string): void {
    this.#io.error(`pykv: ${text}\n`);
  }
}

function isSource(name: string): boolean {
  return name.endsWith(".ts") && !name.endsWith(".test.ts");
}
