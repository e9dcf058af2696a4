/**
 * The verb `import` itself: puts source, importer, uploader and checkpoint together, and says in the
 * end what became of everything and how to go on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Transport } from "../../client/transport.ts";
import { isNamespace } from "../../store/names.ts";
import { clientOptions } from "../connection.ts";
import { EXIT, Failure, UsageError } from "../exit.ts";
import { STOP_SIGNALS, type CliIo, type StopSignal } from "../io.ts";
import { parseRedisUrl } from "../redis/connection.ts";
import { countText, durationText, rateText } from "../terminal/figures.ts";
import { Progress } from "../terminal/progress.ts";
import type { ImportFlags } from "../verbs/import.ts";
import { BadRecordEnd, BadRecords } from "./bad-records.ts";
import { Checkpoint } from "./checkpoint.ts";
import { Importer, type ImportEnd } from "./importer.ts";
import { openFile, openStream } from "./input.ts";
import { BrokenInput, START, type Place } from "./pieces.ts";
import { openRedis } from "./redis-source.ts";
import { sourceOf, type Source } from "./source.ts";
import type { Tally } from "./state.ts";
import { Uploader } from "./uploader.ts";
import { setMany } from "./wire.ts";

export interface ImportCall {
  /** Null is standard input, or --from. */
  readonly file: string | null;
  readonly flags: ImportFlags;
  /** Whether --ns was given, and not just has its default. */
  readonly isNsGiven: boolean;
  readonly io: CliIo;
}

const NOTHING: Tally = { read: 0, stored: 0, kept: 0, expired: 0, bad: 0, filtered: 0 };
const SIGNAL_EXIT_BASE = 128;

/** Resolves with the exit code; rejects with what kept the import from going on, in words. */
export async function runImport(call: ImportCall): Promise<number> {
  const { flags, io } = call;
  if (!isNamespace(flags.ns)) {
    throw new UsageError("--ns must be 1 to 64 letters, digits and . _ : -");
  }
  const source = await openSource(call);
  try {
    return await new ImportRun(call, source).run();
  } finally {
    source.close();
    io.stdin.destroy();
  }
}

async function openSource({ file, flags, io }: ImportCall): Promise<Source & { close(): void }> {
  if (flags.from !== undefined) {
    return openRedis(parseRedisUrl(flags.from), flags.prefix, flags.timeout);
  }
  const format = flags.format ?? null;
  const input =
    file === null
      ? await openStream(io.stdin, "standard input", format)
      : await openFile(file, format);
  return { ...sourceOf(input), close: () => undefined };
}

class ImportRun {
  readonly #call: ImportCall;
  readonly #source: Source;
  readonly #progress: Progress;
  readonly #bad: BadRecords;
  readonly #checkpoint: Checkpoint | null;
  readonly #stop = new StopWatch();
  #importer: Importer | null = null;
  /** Shown behind the figures for now. */
  #note: string | undefined;

  constructor(call: ImportCall, source: Source) {
    const { flags, io } = call;
    this.#call = call;
    this.#source = source;
    this.#progress = new Progress(io, "records", { isQuiet: flags.quiet === true });
    this.#bad = new BadRecords({
      isSkipping: flags.skipBad === true,
      path: flags.badFile ?? null,
      isResuming: flags.resume === true,
      say: (text) => this.#progress.say(text),
    });
    this.#checkpoint = this.#createCheckpoint();
  }

  async run(): Promise<number> {
    const { flags, io } = this.#call;
    const start = await this.#start();
    const uploader = flags.dryRun === true ? null : this.#createUploader();
    const importer = (this.#importer = this.#createImporter(start, uploader));
    this.#stop.watch(io);
    let end: ImportEnd;
    try {
      end = await importer.run();
    } finally {
      this.#stop.end(io);
      this.#progress.clear();
      this.#bad.close();
    }
    return this.#finish(end, importer, start.place);
  }

  #createCheckpoint(): Checkpoint | null {
    const { file } = this.#source;
    const { flags, isNsGiven, io } = this.#call;
    if (file === null || flags.dryRun === true) return null;
    const where = flags.url.join(",");
    const filter = flags.prefix === "" ? "" : `, keys with the prefix ${flags.prefix}`;
    const namespace = isNsGiven ? `, namespace ${flags.ns}` : "";
    return new Checkpoint({
      file,
      path: flags.state ?? `${file.path}.import-state`,
      target: `to ${where}${namespace}${filter}`,
      monotonicMs: () => io.clock.monotonicMs(),
      onTrouble: (reason) =>
        this.#progress.say(`pykv: this import can't be resumed if it is cut short: ${reason}`),
    });
  }

  async #start(): Promise<{ readonly place: Place; readonly tally: Tally }> {
    const { flags } = this.#call;
    const checkpoint = this.#checkpoint;
    if (flags.resume === true && checkpoint !== null) return checkpoint.load();
    if (checkpoint !== null && (await checkpoint.exists())) {
      this.#progress.say(
        `pykv: an earlier import of this file was cut short (${checkpoint.path}); this one starts ` +
          "over, and --resume would have gone on",
      );
    }
    return { place: START, tally: NOTHING };
  }

  #createUploader(): Uploader {
    const { flags, io } = this.#call;
    const transport = new Transport({ ...clientOptions(flags, io), retry: false });
    return new Uploader({
      send: (requests) => setMany(transport, requests),
      clock: io.clock,
      ifAbsent: flags.ifAbsent === true,
      batchSize: flags.batch,
      concurrency: flags.concurrency,
      patienceMs: flags.patience,
      onWaiting: (reason, delayMs) => {
        if (this.#note === undefined) this.#progress.say(`pykv: waiting: ${reason}`);
        this.#note = "waiting for the server";
        return this.#stop.pause(delayMs);
      },
      onRefused: ({ origin, source }, reason) => this.#bad.add(origin, reason, source, "refused"),
      onAcknowledged: (mark, outcomes) => {
        this.#note = undefined;
        this.#importer!.acknowledge(mark, outcomes);
        this.#checkpoint?.note(this.#importer!.place, this.#importer!.tally);
      },
    });
  }

  #createImporter(
    { place, tally }: { readonly place: Place; readonly tally: Tally },
    uploader: Uploader | null,
  ): Importer {
    const { flags, isNsGiven, io } = this.#call;
    return new Importer({
      source: this.#source,
      from: place,
      before: tally,
      namespace: isNsGiven ? flags.ns : null,
      defaultNamespace: flags.ns,
      prefix: flags.prefix,
      bad: this.#bad,
      uploader,
      nowMs: () => io.clock.nowMs(),
      isStopping: () => this.#stop.signal !== null,
      onProgress: (read) => {
        const bad = this.#bad.count > 0 ? `${countText(this.#bad.count)} bad` : undefined;
        const share = this.#source.share();
        this.#progress.update({ count: read, share, note: this.#note ?? bad });
      },
    });
  }

  async #finish(end: ImportEnd, importer: Importer, from: Place): Promise<number> {
    const { tally, place } = importer;
    if (end.kind === "complete") {
      await this.#checkpoint?.remove();
      this.#report(tally, from);
      return EXIT.fine;
    }
    const isSaved = (await this.#checkpoint?.finish()) ?? false;
    const { io } = this.#call;
    const message = this.#cutShort(tally, place, isSaved);
    const signal = this.#stop.signal ?? "SIGINT";
    if (end.kind !== "failed" || this.#stop.signal !== null) {
      io.error(`pykv: stopped by ${signal}: ${message}\n`);
      return SIGNAL_EXIT_BASE + STOP_SIGNALS[signal];
    }
    const { error } = end;
    if (error instanceof BadRecordEnd || error instanceof BrokenInput) {
      const advice = error instanceof BadRecordEnd ? "; --skip-bad passes over bad records" : "";
      throw new Failure(`${this.#source.name}: ${error.message}\n${message}${advice}`);
    }
    io.error(`pykv: ${message}\n`);
    throw error;
  }

  /** What is in the store, and how to go on. */
  #cutShort({ stored, read }: Tally, { line }: Place, isSaved: boolean): string {
    const { file, flags } = this.#call;
    if (flags.dryRun === true) return "nothing was set: this was a dry run";
    const done = `${countText(stored)} of the ${countText(read)} records`;
    if (file === null || line === 1) return `${done} read so far are in the store`;
    const go = isSaved ? `; go on with: pykv import ${file} --resume` : "";
    return `everything before line ${line} is in the store (${countText(stored)} records)${go}`;
  }

  #report(tally: Tally, from: Place): void {
    const { flags, io } = this.#call;
    const { elapsedMs } = this.#progress;
    const isDry = flags.dryRun === true;
    if (flags.json === true) {
      const counts = isDry ? { ...tally, stored: 0, would_store: tally.stored } : tally;
      const resumed = from.offset > 0 ? { resumed_from_line: from.line } : {};
      io.out(`${JSON.stringify({ ...counts, seconds: elapsedMs / 1000, ...resumed })}\n`);
      return;
    }
    if (flags.quiet === true) return;
    const rate = rateText((tally.read * 1000) / Math.max(1, elapsedMs));
    const verb = isDry ? "would set" : "set";
    const time = `${durationText(elapsedMs)}, ${rate}`;
    io.out(`${verb} ${countText(tally.stored)} of ${countText(tally.read)} records in ${time}\n`);
    for (const line of this.#details(tally)) io.out(`  ${line}\n`);
  }

  #details({ kept, expired, bad, filtered }: Tally): string[] {
    const groups = this.#bad.groups();
    const sorts = groups.length > 0 ? ` (${groups.join(", ")})` : "";
    const lines: [number, string][] = [
      [kept, "were there already and kept"],
      [expired, "have expired"],
      [filtered, "have another prefix"],
      [bad, `were bad and passed over${sorts}`],
    ];
    return lines
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${countText(count)} ${what}`);
  }
}

/** The signal that asked for an end, if one did. A second one ends the process at once. */
class StopWatch {
  signal: StopSignal | null = null;
  readonly #stopped = new AbortController();
  readonly #listeners = new Map<StopSignal, () => void>();

  watch(io: CliIo): void {
    for (const [name, number] of Object.entries(STOP_SIGNALS)) {
      const listener = (): void => {
        if (this.signal !== null) return io.exit(SIGNAL_EXIT_BASE + number);
        this.signal = name as StopSignal;
        this.#stopped.abort();
      };
      this.#listeners.set(name as StopSignal, listener);
      io.onSignal(name as StopSignal, listener);
    }
  }

  end(io: CliIo): void {
    for (const [name, listener] of this.#listeners) io.offSignal(name, listener);
  }

  /** Waits so many milliseconds, less after a signal; whether to go on. */
  async pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, this.#stopped).catch(() => undefined);
    return this.signal === null;
  }
}
