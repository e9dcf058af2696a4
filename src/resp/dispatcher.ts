/**
 * From a request to its command: finds it, checks what must hold, runs it, counts and times it.
 *
 * Most requests need nothing but the lookup and the arity; whatever makes a connection special (no
 * password yet, MULTI, tracking, ...) or the server (monitors, a pause) sets a bit, and only then the
 * guards are gone through.
 *
 * Reading the clock twice costs more than half of what a GET does. So the quick commands are timed in
 * runs: the time of a run of the same command is shared out among them evenly. When a slow one is
 * looked for below a millisecond (`slowlog-log-slower-than`), each is timed alone.
 */
import type { Args } from "./args.ts";
import { MODE } from "./client.ts";
import type { Client } from "./client.ts";
import { DOOR_MODE } from "./door-mode.ts";
import type { Door } from "./door.ts";
import {
  NOT_AUTHENTICATED,
  NOT_FOR_MONITORS,
  errorReply,
  execAborted,
  unknownCommand,
  unknownSubcommand,
  wrongArity,
} from "./errors.ts";
import { PyKVError } from "../base/errors.ts";
import type { Entry, Registry } from "./registry.ts";

export const VERDICT = {
  /** Its reply has been written. */
  done: 0,
  /** Nothing has happened: it must wait for the log. */
  wait: 1,
  /** Nothing has happened: it must wait until CLIENT PAUSE is over. */
  paused: 2,
} as const;

/** What a client may send while subscribed under RESP2. */
const WHILE_SUBSCRIBED: ReadonlySet<string> = new Set([
  "subscribe",
  "unsubscribe",
  "psubscribe",
  "punsubscribe",
  "ssubscribe",
  "sunsubscribe",
  "ping",
  "quit",
  "reset",
]);
/** What MULTI does not queue. */
const NOT_QUEUED: ReadonlySet<string> = new Set([
  "exec",
  "discard",
  "multi",
  "watch",
  "quit",
  "reset",
]);
const SHOWN_ARGUMENTS_MAX = 20;
const SUBSCRIBING = /^[ps]?(un)?subscribe$/;

export class Dispatcher {
  readonly registry: Registry;
  readonly #door: Door;
  /** The run of quick commands being timed. */
  #run: Entry | null = null;
  #runCalls = 0;
  #runStartMs = 0;
  #groupDepth = 0;

  constructor(door: Door, registry: Registry) {
    this.#door = door;
    this.registry = registry;
  }

  /**
   * Runs the request, or says to wait; then nothing has changed and no reply is written.
   *
   * @param inTurn whether it has waited for the log and may go now
   */
  execute(client: Client, args: Args, inTurn: boolean): number {
    const door = this.#door;
    let entry = this.registry.find(args);
    if (entry === null) {
      this.#refuse(client, this.#unknown(client, args));
      return VERDICT.done;
    }
    if (entry.subcommands !== null) {
      const found = this.#subcommand(entry, args);
      if (typeof found === "string") {
        entry.rejected++;
        this.#refuse(client, found);
        return VERDICT.done;
      }
      entry = found;
    }
    const { count } = args;
    if (count < entry.arityMin || count > entry.arityMax) {
      entry.rejected++;
      this.#refuse(client, wrongArity(entry.fullName), entry);
      return VERDICT.done;
    }
    if ((client.mode | door.mode) !== 0) {
      const verdict = this.#guard(client, entry, args, inTurn);
      if (verdict !== RUN) return verdict;
    }
    if (entry.isWrite && !inTurn && door.store.waiting > 0) return VERDICT.wait;
    const { out } = door;
    const mark = out.length;
    if (!this.call(client, entry, args)) return VERDICT.wait;
    if (client.mode !== 0) this.#after(client, entry, args, mark);
    return VERDICT.done;
  }

  /** Runs a command, counted and timed; false when it must wait, with its reply taken back. */
  call(client: Client, entry: Entry, args: Args): boolean {
    const { out, engine, settings } = this.#door;
    const mark = out.length;
    const isQuick = entry.isFast && settings.slowlogUs >= 1000;
    let startMs = 0;
    if (isQuick) {
      if (this.#run !== entry) this.#startRun(entry);
    } else {
      if (this.#run !== null) this.finish();
      startMs = this.#door.clock.monotonicMs();
    }
    this.#begin();
    const depth = this.#groupDepth;
    try {
      entry.command.run(client, args);
    } catch (error) {
      client.raise();
      this.#failed(error);
      out.length = mark;
      out.error(errorReply(error));
    }
    while (this.#groupDepth > depth) this.#end();
    if (engine.mustWait) {
      out.length = mark;
      client.mode |= MODE.repeating;
      return false;
    }
    client.commandsTotal++;
    client.lastCommand = entry.fullName;
    if ((this.#door.mode & DOOR_MODE.monitored) !== 0) {
      this.#door.monitors.feed(client, entry, args);
    }
    if (out.hasError) entry.failed++;
    if (isQuick) this.#runCalls++;
    else this.#time(client, entry, args, this.#door.clock.monotonicMs() - startMs);
    return true;
  }

  /** Forgets what the command before has left. */
  #begin(): void {
    this.#door.engine.mustWait = false;
    this.#door.out.hasError = false;
  }

  /** Ends the run being timed: to be called when there is no more input. */
  finish(): void {
    const entry = this.#run;
    if (entry === null) return;
    this.#run = null;
    // All of them were told to wait.
    if (this.#runCalls === 0) return;
    const nowMs = this.#door.clock.monotonicMs();
    this.#door.account(entry, this.#runCalls, nowMs - this.#runStartMs);
  }

  /** See Client.begin. */
  begin(bytes: number): boolean {
    if (!this.#door.engine.begin(bytes)) return false;
    this.#groupDepth++;
    return true;
  }

  /** Answers a command that has waited for the log, and that the log refuses for good. */
  giveUp(client: Client, error: Error): void {
    const { out } = this.#door;
    const mark = out.length;
    const reply = errorReply(error);
    // Within MULTI only EXEC waits for the log.
    const isExec = (client.mode & MODE.multi) !== 0;
    if (isExec) client.transaction!.discard();
    out.error(isExec ? execAborted(reply) : reply);
    client.mode &= ~MODE.repeating;
    this.#silence(client, null, mark);
  }

  #end(): void {
    this.#groupDepth--;
    this.#door.engine.end();
  }

  #startRun(entry: Entry): void {
    this.finish();
    this.#run = entry;
    this.#runCalls = 0;
    this.#runStartMs = this.#door.clock.monotonicMs();
  }

  #time(client: Client, entry: Entry, args: Args, durationMs: number): void {
    this.#door.account(entry, 1, durationMs);
    const { slowlogUs } = this.#door.settings;
    if (slowlogUs < 0 || durationMs * 1000 < slowlogUs || entry.flags.has("skip_slowlog")) return;
    this.#door.slowlog.add(client, args, durationMs);
  }

  #failed(error: unknown): void {
    if (error instanceof PyKVError) return;
    this.#door.logger.error({ err: error }, "a command failed for no foreseen reason");
  }

  /** The subcommand that argument 1 names; the container itself when it works without one. */
  #subcommand(container: Entry, args: Args): Entry | string {
    if (args.count < 2) return container.arityMin < 2 ? container : wrongArity(container.fullName);
    const found = container.subcommands!.get(args.start(1).toLowerCase());
    if (found !== undefined) return found;
    return unknownSubcommand(container.fullName, args.start(1));
  }

  #unknown(client: Client, args: Args): string {
    const name = args.start(0);
    if (/^(post|host:)$/i.test(name)) {
      const { logger } = this.#door;
      const from = client.link.remoteAddress;
      logger.warn(
        { client: from },
        "closed a connection that speaks HTTP: a cross-protocol attack?",
      );
      client.link.destroy();
    }
    const count = Math.min(args.count, SHOWN_ARGUMENTS_MAX);
    const first = Array.from({ length: count - 1 }, (_, i) => args.start(i + 1));
    return unknownCommand(name, first);
  }

  /** An error that a transaction being queued does not survive. */
  #refuse(client: Client, error: string, entry: Entry | null = null): void {
    const { out, counters } = this.#door;
    const mark = out.length;
    counters.rejected++;
    const isStranger = (client.mode & MODE.stranger) !== 0;
    const shown = isStranger ? NOT_AUTHENTICATED : error;
    if (entry?.command.name === "exec") {
      client.transaction?.discard();
      out.error(execAborted(shown));
    } else {
      if ((client.mode & MODE.multi) !== 0) client.transaction!.abort();
      out.error(shown);
    }
    this.#silence(client, entry, mark);
  }

  /** RUN, or a verdict. */
  #guard(client: Client, entry: Entry, args: Args, inTurn: boolean): number {
    const door = this.#door;
    const { mode } = client;
    const { flags, command } = entry;
    if ((mode & MODE.stranger) !== 0 && !flags.has("no_auth")) {
      entry.rejected++;
      this.#refuse(client, NOT_AUTHENTICATED, entry);
      return VERDICT.done;
    }
    if (
      (mode & MODE.subscribed) !== 0 &&
      client.resp === 2 &&
      !WHILE_SUBSCRIBED.has(command.name)
    ) {
      entry.rejected++;
      this.#refuse(client, notWhileSubscribed(entry.fullName), entry);
      return VERDICT.done;
    }
    if ((mode & MODE.monitor) !== 0 && (entry.isWrite || entry.isReadOnly)) {
      entry.rejected++;
      this.#refuse(client, NOT_FOR_MONITORS, entry);
      return VERDICT.done;
    }
    if (door.isPausedFor(client, entry)) return VERDICT.paused;
    if ((mode & MODE.multi) !== 0 && !NOT_QUEUED.has(command.name)) {
      if (flags.has("no_multi")) {
        this.#refuse(client, "ERR Command not allowed inside a transaction");
        return VERDICT.done;
      }
      const mark = door.out.length;
      client.transaction!.queue(entry, args);
      this.#silence(client, entry, mark);
      return VERDICT.done;
    }
    const isWriting = command.name === "exec" && client.transaction?.hasWrites === true;
    return isWriting && !inTurn && door.store.waiting > 0 ? VERDICT.wait : RUN;
  }

  /** What follows a command of a client with a mode. */
  #after(client: Client, entry: Entry, args: Args, mark: number): void {
    client.mode &= ~MODE.repeating;
    if (client.tracking !== null) client.tracking.after(client, entry, args);
    this.#silence(client, entry, mark);
  }

  /**
   * Takes back what was written since `mark` if CLIENT REPLY says so. What SUBSCRIBE and its kin answer
   * counts as pushed, and pushes come all the same.
   */
  #silence(client: Client, entry: Entry | null, mark: number): void {
    if ((client.mode & MODE.silent) === 0) return;
    const isPush = entry !== null && SUBSCRIBING.test(entry.fullName);
    if (!isPush) this.#door.out.length = mark;
    if (client.replyMode === "skip-next") client.replyMode = "skip";
    else if (client.replyMode === "skip") {
      client.replyMode = "on";
      client.mode &= ~MODE.silent;
    }
  }
}

/** The guards have nothing against it. */
const RUN = -1;

function notWhileSubscribed(name: string): string {
  return (
    `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET ` +
    `are allowed in this context`
  );
}
