/**
 * One connection: input, commands, output, in that order and all in one go.
 *
 * What a read brings is decoded and run command by command; the replies collect in the door's output
 * and go to the socket in one write at the end of the turn (turn.ts). When a reply shows something
 * that is not acknowledged yet, it is held, with all that comes after it, and later input is served
 * meanwhile.
 *
 * Four things make a connection stop serving, and reading, for a while: a write that finds the log
 * busy (it waits its turn), a command that takes time (SAVE), CLIENT PAUSE, and replies that the
 * client does not take.
 */
import { toError } from "../base/errors.ts";
import { KiB, MiB } from "../base/units.ts";
import type { Waiting } from "./acks.ts";
import { Client, MODE } from "./client.ts";
import type { ClientLink } from "./client.ts";
import { DECODED, Decoder, STRANGER_LIMITS } from "./decoder.ts";
import { VERDICT } from "./dispatcher.ts";
import type { Door } from "./door.ts";
import { errorReply } from "./errors.ts";
import { HeldReplies } from "./held.ts";
import type { Output } from "./output.ts";
import type { Sender } from "./turn.ts";
import type { Wire, WireEvents } from "./wire.ts";

/** Replies to a long pipeline are sent on at this size, not kept until its end. */
const FLUSH_BYTES = 256 * 1024;
/** A client that takes none of its replies for so long, while it has too many, is given up. */
const STALLED_MS = 60_000;
/** A larger output buffer is not left to clients that had only little of it. */
const SHARED_BYTES_MAX = 512 * KiB;
/** Replies of all connections that may collect before the end of the turn. */
const TURN_BYTES_MAX = 4 * MiB;

export class Connection implements ClientLink, WireEvents, Waiting, Sender {
  readonly client: Client;
  readonly #door: Door;
  readonly #wire: Wire;
  readonly #decoder: Decoder;
  readonly #held = new HeldReplies();
  /** Where the replies that are not on their way yet begin in the door's output, and how many. */
  #from = 0;
  #replies = 0;
  /** Stretches of replies that the turn will send. */
  #unsent = 0;
  #isWaiting = false;
  #isServing = false;
  /** Why it does not serve now. */
  #stopped: "log" | "work" | "pause" | "output" | null = null;
  #stoppedMs = 0;
  /** Bytes that waited for the client when somebody last looked whether it takes any. */
  #stoppedBytes = 0;
  #isEnding = false;
  /** The client sends no more, and has not been served all that it has sent. */
  #hasInputEnded = false;
  /** Pushes to itself by the command being run. */
  #later: HeldReplies | null = null;

  /** @param open makes the wire, given who is to be told of what comes */
  constructor(id: number, door: Door, open: (events: WireEvents) => Wire) {
    this.#door = door;

    this.#decoder = new Decoder(STRANGER_LIMITS);
    this.#wire = open(this);
    this.client = new Client(id, door, this);
    if (door.settings.password === null) this.trust();
    else this.client.mode |= MODE.stranger;
  }

  get remoteAddress(): string {
    return this.#wire.remoteAddress;
  }

  get localAddress(): string {
    return this.#wire.localAddress;
  }

  get outputBytes(): number {
    return this.#wire.backlogBytes + this.#held.bytes;
  }

  get queryBytes(): number {
    return this.#decoder.heldBytes;
  }

  get isClosed(): boolean {
    return this.#wire.isClosed;
  }

  get isServing(): boolean {
    return this.#isServing;
  }

  get barrier(): number {
    return this.#held.barrier;
  }

  trust(): void {
    this.#decoder.limits = this.#door.limits;
  }

  distrust(): void {
    this.#decoder.limits = STRANGER_LIMITS;
  }

  // --- input ---------------------------------------------------------------------------------

  data(buffer: Buffer, length: number): void {
    const { client } = this;
    client.lastInputMs = this.#door.turnMs();
    client.inputBytesTotal += length;
    if (this.#isEnding) return;
    const fits = this.#decoder.feed(buffer, length);
    // What does not fit is answered after what waits: the decoder goes on saying so.
    if (this.#stopped === null) {
      if (fits) this.#serve();
      else this.#protocolError();
    }
    this.#decoder.keep();
  }

  drained(): void {
    if (this.#stopped === "output") this.#goOn();
  }

  /** What the client has sent is still served, and answered. */
  ended(): void {
    if (this.#stopped === null) this.end();
    else this.#hasInputEnded = true;
  }

  closed(): void {
    this.#held.drop();
    this.#door.left(this.client);
  }

  /** Serves what has come so far; leaves the output sent or held. */
  #serve(): void {
    const { client } = this;
    const { dispatcher, out } = this.#door;
    const decoder = this.#decoder;
    this.#begin();
    this.#isServing = true;
    for (;;) {
      const decoded = decoder.next();
      if (decoded !== DECODED.request) {
        if (decoded === DECODED.error) this.#protocolError();
        break;
      }
      const mark = out.length;
      const verdict = dispatcher.execute(client, decoder.args, false);
      if (verdict !== VERDICT.done) {
        decoder.unread();
        this.#stopFor(verdict);
        break;
      }
      // With CLIENT REPLY OFF, or one that takes time, there is none yet.
      if (out.length > mark) this.#replies++;
      if (this.#later !== null) this.#pushLater();
      if (this.#isEnding || this.#stopped !== null || this.#wire.isClosed) break;
      if (out.length - this.#from > FLUSH_BYTES) {
        this.#flush();
        this.#door.turn.flush();
        this.#from = out.length;
        if (this.#hasTooMuch()) break;
      }
    }
    dispatcher.finish();
    if (this.#later !== null) this.#pushLater();
    this.#isServing = false;
    this.#flush();
    if (out.length > TURN_BYTES_MAX) this.#door.turn.flush();
    if (this.#isEnding) this.#endWhenSent();
  }

  /** Makes ready for replies of this connection. */
  #begin(): void {
    const { out } = this.#door;
    out.resp = this.client.resp;
    this.#from = out.length;
    this.client.barrier = this.#held.lastBarrier;
    this.#door.served = this.client;
  }

  #stopFor(verdict: number): void {
    if (verdict === VERDICT.paused) {
      this.#stop("pause");
      return;
    }
    this.#stop("log");
    this.#decoder.keep();
    this.#door.store
      .inTurn(() => this.#retry())
      .then(
        // A command that takes time goes on when it is through.
        () => this.#stopped === "log" && this.#goOn(),
        (error: unknown) => this.#refuse(toError(error)),
      );
  }

  /** The command that has waited, in its turn: the bytes it waits for, or null when it is through. */
  #retry(): number | null {
    if (this.#wire.isClosed) return null;
    const { client } = this;
    const { dispatcher, out } = this.#door;
    const decoder = this.#decoder;
    if (decoder.next() !== DECODED.request) return null;
    this.#begin();
    this.#isServing = true;
    const mark = out.length;
    const verdict = dispatcher.execute(client, decoder.args, true);
    this.#isServing = false;
    dispatcher.finish();
    if (verdict !== VERDICT.done) {
      decoder.unread();
      return verdict === VERDICT.wait ? client.engine.bytesWanted : null;
    }
    if (out.length > mark) this.#replies++;
    this.#pushLater();
    this.#flush();
    return null;
  }

  /** The log refuses for good what has waited for it. */
  #refuse(error: Error): void {
    if (this.#wire.isClosed) return;
    this.#decoder.next();
    this.#begin();
    const { dispatcher, out } = this.#door;
    const mark = out.length;
    dispatcher.giveUp(this.client, error);
    if (out.length > mark) this.#replies++;
    this.#flush();
    this.#goOn();
  }

  /** Stops, when more waits for the client to read it than may. */
  #hasTooMuch(): boolean {
    if (this.outputBytes <= this.#door.settings.outputBytesMax) return false;
    if (this.#stopped === null) this.#stop("output");
    return true;
  }

  #stop(reason: "log" | "work" | "pause" | "output"): void {
    this.#stopped = reason;
    this.#stoppedMs = this.#door.clock.monotonicMs();
    this.#stoppedBytes = this.outputBytes;
    this.#wire.pause();
  }

  #goOn(): void {
    this.#stopped = null;
    if (this.#wire.isClosed) return;
    if (this.#isEnding) {
      this.#endWhenSent();
      return;
    }
    this.#serve();
    this.#decoder.keep();
    this.#readOn();
  }

  /** Reads again, unless serving has been stopped once more. */
  #readOn(): void {
    if (this.#stopped !== null) return;
    if (this.#hasInputEnded) this.end();
    else this.#wire.resume();
  }

  /** CLIENT PAUSE is over. */
  unpause(): void {
    if (this.#stopped === "pause") this.#goOn();
  }

  block<T>(work: Promise<T>, reply: (out: Output, value: T) => void): void {
    this.#stop("work");
    // CLIENT REPLY SKIP is over when the reply comes.
    const isSilent = (this.client.mode & MODE.silent) !== 0;
    work.then(
      (value) => this.#unblock(isSilent, (out) => reply(out, value)),
      (error: unknown) => this.#unblock(isSilent, (out) => out.error(errorReply(toError(error)))),
    );
  }

  #unblock(isSilent: boolean, write: (out: Output) => void): void {
    if (this.#wire.isClosed) return;
    this.#begin();
    if (!isSilent) {
      write(this.#door.out);
      this.#replies++;
    }
    this.#flush();
    this.#goOn();
  }

  #protocolError(): void {
    const { out, logger } = this.#door;
    const { problem } = this.#decoder;
    logger.info({ client: this.remoteAddress, problem }, "closed a connection: protocol error");
    if (!this.#isServing) this.#begin();
    out.error(`ERR ${problem}`);
    this.#replies++;
    this.#isEnding = true;
    if (this.#isServing) return;
    this.#flush();
    this.#endWhenSent();
  }

  // --- output --------------------------------------------------------------------------------

  /** Hands the replies written since `#begin` to the turn, or holds them. */
  #flush(): void {
    const { out, engine, turn } = this.#door;
    const { client } = this;
    const from = this.#from;
    const to = out.length;
    if (to > from) {
      client.outputBytesTotal += to - from;
      const { barrier } = client;
      const { journal } = engine;
      if (this.#held.isEmpty && (barrier <= journal.ackSeq || journal.acksOnWrite)) {
        this.#unsent++;
        turn.add(this, from, to, barrier, this.#replies);
        this.#from = to;
      } else {
        this.#hold(out.buffer, from, to, barrier, this.#replies);
        out.length = from;
        this.#hasTooMuch();
      }
    }
    // What comes behind replies that wait has to wait for the same.
    if (!this.#held.isEmpty) client.barrier = this.#held.lastBarrier;
    else if (this.#unsent === 0) client.barrier = 0;
    this.#replies = 0;
  }

  send(buffer: Buffer, from: number, to: number): boolean {
    this.#unsent--;
    const isFree = this.#write(buffer, from, to);
    this.#hasTooMuch();
    if (this.#unsent === 0) this.#sendLater();
    return isFree;
  }

  holdFirst(buffer: Buffer, from: number, to: number, barrier: number, replies: number): void {
    this.#unsent--;
    this.#held.addFirst(buffer, from, to, barrier, replies);
    this.#waitForLog();
    this.#hasTooMuch();
  }

  /** What a slow client keeps must not be a large buffer for the sake of a few bytes in it. */
  #write(buffer: Buffer, from: number, to: number): boolean {
    const isShared = buffer.length > SHARED_BYTES_MAX && (to - from) * 4 < buffer.length;
    if (!isShared) return this.#wire.write(buffer, from, to);
    const own = Buffer.from(buffer.subarray(from, to));
    this.#wire.write(own, 0, own.length);
    return true;
  }

  /** Sends what stands behind the replies that were still to be sent. */
  #sendLater(): void {
    if (!this.#held.isEmpty) this.sendHeld();
    else if (this.#isEnding) this.#endWhenSent();
  }

  sendHeld(): void {
    if (this.#unsent > 0 || this.#wire.isClosed) return;
    const { ackSeq } = this.client.engine.journal;
    this.#held.release(ackSeq, (bytes, length) => this.#wire.write(bytes, 0, length));
    if (this.#isEnding) this.#endWhenSent();
  }

  #endWhenSent(): void {
    // A write that waits for the log is still going to be made and answered.
    if (this.#stopped === "log") return;
    if (this.#unsent === 0 && this.#held.isEmpty) this.#wire.end();
  }

  #hold(bytes: Buffer, from: number, to: number, barrier: number, replies: number): void {
    this.#held.add(bytes, from, to, barrier, replies);
    this.#waitForLog();
  }

  #waitForLog(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#door.acks.wait(this);
  }

  release(ackSeq: number): void {
    // What came before goes first, and so does what others are told of a write that is done.
    const { turn } = this.#door;
    if (this.#unsent > 0 || turn.arePushesDue) turn.flush();
    this.#held.release(ackSeq, (bytes, length) => this.#wire.write(bytes, 0, length));
    this.#isWaiting = !this.#held.isEmpty;
    if (this.#isWaiting) this.#door.acks.wait(this);
    else this.#released();
  }

  /** Nothing waits for the log any more. */
  #released(): void {
    if (this.#isEnding) this.#endWhenSent();
    else if (this.#stopped === "output" && this.#wire.backlogBytes === 0) this.#goOn();
  }

  fail(error: Error): void {
    this.#isWaiting = false;
    if (this.#unsent > 0) this.#door.turn.flush();
    const replies = this.#held.drop();
    if (this.#wire.isClosed) return;
    const { pushes } = this.#door;
    pushes.reset();
    for (let i = 0; i < replies; i++) pushes.error(errorReply(error));
    if (replies > 0 && !this.#wire.write(pushes.buffer, 0, pushes.length)) pushes.replace();
    this.#released();
  }

  push(bytes: Buffer, length: number, barrier: number): void {
    if (this.#wire.isClosed || this.#isEnding) return;
    if (this.#isServing) {
      // As in Redis 7.2: what a command pushes to its own client comes after its reply.
      this.#later ??= new HeldReplies();
      this.#later.add(bytes, 0, length, barrier, 0);
      this.#checkOutput();
      return;
    }
    this.client.outputBytesTotal += length;
    // Held, even when nothing has to be waited for: many small pushes make one write.
    if (barrier > this.client.engine.journal.ackSeq) this.#hold(bytes, 0, length, barrier, 0);
    else {
      this.#held.add(bytes, 0, length, barrier, 0);
      if (this.#held.bytes > FLUSH_BYTES) this.sendHeld();
      else this.#door.turn.addHeld(this);
    }
    this.#checkOutput();
  }

  #pushLater(): void {
    const later = this.#later;
    if (later === null) return;
    this.#later = null;
    const { client } = this;
    client.barrier = Math.max(client.barrier, later.lastBarrier);
    later.release(Infinity, (bytes, length) => {
      this.#door.out.encoded(bytes, 0, length);
      return true;
    });
  }

  /** A client that does not take what is pushed to it can't be held back: it is let go. */
  #checkOutput(): void {
    const { settings } = this.#door;
    const laterBytes = this.#later?.bytes ?? 0;
    if (this.outputBytes + laterBytes > settings.outputBytesMax)
      this.#tooSlow("it does not read what is sent to it");
  }

  #tooSlow(reason: string): void {
    const { id, name } = this.client;
    const client = { id, name, address: this.remoteAddress, outputBytes: this.outputBytes };
    this.#door.logger.warn(client, `closed a connection: ${reason}`);
    this.#door.counters.outputLimitDisconnections++;
    this.destroy();
  }

  /** Called now and then: lets go of those who are idle or take no replies. */
  tick(nowMs: number): void {
    const { idleTimeoutMs } = this.#door.settings;
    const { client } = this;
    if (this.outputBytes < this.#stoppedBytes) this.#stoppedMs = nowMs;
    this.#stoppedBytes = this.outputBytes;
    if (this.#stopped === "output" && nowMs - this.#stoppedMs > STALLED_MS) {
      this.#tooSlow(`it took no reply for ${STALLED_MS / 1000} seconds`);
    } else if (idleTimeoutMs > 0 && this.#stopped === null && !client.isSubscribed) {
      if ((client.mode & MODE.monitor) !== 0) return;
      if (nowMs - client.lastInputMs >= idleTimeoutMs) this.destroy();
    }
  }

  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (!this.#isServing) this.#endWhenSent();
  }

  destroy(): void {
    // The wire closes in a later turn; what has come with the request that did this is not served.
    this.#isEnding = true;
    this.#wire.destroy();
  }
}
