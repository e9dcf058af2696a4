/**
 * The verb `log` itself: reads, filters, prints, and with --follow goes on until it is stopped.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { LogRecords, type LogRecord } from "../../store/log-records.ts";
import { EXIT, UsageError } from "../exit.ts";
import type { Instant } from "../instants.ts";
import { STOP_SIGNALS, type CliIo, type StopSignal } from "../io.ts";
import { write } from "../terminal/output.ts";
import type { LogFlags } from "../verbs/log.ts";
import { recordText } from "./record-text.ts";

type Verdict = "print" | "pass over" | "end";

/** Resolves with the exit code once all is printed, or a signal ends it. */
export async function printLog(dir: string, flags: LogFlags, io: CliIo): Promise<number> {
  if (flags.key !== undefined && flags.prefix !== undefined) {
    throw new UsageError("--key and --prefix exclude each other");
  }
  const judge = judgeOf(flags);
  const limit = flags.limit ?? Infinity;
  let printed = 0;
  let lines: string[] = [];
  const records = await LogRecords.open(dir, {
    fromSeq: seqOf(flags.since) ?? 1,
    onRecord: (record) => {
      const verdict = judge(record);
      if (verdict === "print") {
        lines.push(`${recordText(record)}\n`);
        printed++;
      }
      return verdict !== "end" && printed < limit;
    },
    onGroup: () => {
      if (lines.length === 0) return;
      const text = lines.join("");
      lines = [];
      return write(io, text);
    },
    onFinding: (finding) => io.error(`pykv: ${finding}\n`),
  });
  const goesOn = await records.advance();
  if (flags.follow === true && goesOn) await follow(records, flags, io);
  return EXIT.fine;
}

async function follow(records: LogRecords, flags: LogFlags, io: CliIo): Promise<void> {
  const stopped = new AbortController();
  const untilMs = timeOf(flags.until) ?? Infinity;
  const stop = (): void => stopped.abort();
  const signals = Object.keys(STOP_SIGNALS) as StopSignal[];
  for (const signal of signals) io.onSignal(signal, stop);
  // Whoever reads the output may go at any time, also while there is nothing to write.
  io.stdout.once("close", stop);
  try {
    while (!stopped.signal.aborted && io.clock.nowMs() <= untilMs) {
      await sleep(flags.interval, undefined, stopped).catch(() => undefined);
      if (!(await records.advance())) return;
    }
  } finally {
    io.stdout.off("close", stop);
    for (const signal of signals) io.offSignal(signal, stop);
  }
}

function judgeOf(flags: LogFlags): (record: LogRecord) => Verdict {
  const { ns, operation, since, until } = flags;
  const key = flags.key === undefined ? null : Buffer.from(flags.key);
  const prefix = flags.prefix === undefined ? null : Buffer.from(flags.prefix);
  const untilSeq = seqOf(until) ?? Infinity;
  const sinceMs = timeOf(since) ?? -Infinity;
  const untilMs = timeOf(until) ?? Infinity;
  const hasKey = (record: LogRecord): boolean => {
    if (key === null && prefix === null) return true;
    if (record.key === null || record.operation === "SWAP") return false;
    if (key !== null) return record.key.equals(key);
    return record.key.subarray(0, prefix!.length).equals(prefix!);
  };
  return (record) => {
    if (record.seq > untilSeq) return "end";
    // Clocks are set back at times, so a later record may be of an earlier time.
    if (record.timestampMs < sinceMs || record.timestampMs > untilMs) return "pass over";
    if (ns !== undefined && !isOf(record, ns)) return "pass over";
    if (operation !== undefined && !operation.includes(record.operation)) return "pass over";
    return hasKey(record) ? "print" : "pass over";
  };
}

function isOf({ operation, namespace, key }: LogRecord, ns: string): boolean {
  return namespace === ns || (operation === "SWAP" && key?.toString() === ns);
}

function seqOf(instant: Instant | undefined): number | null {
  return instant !== undefined && "seq" in instant ? instant.seq : null;
}

function timeOf(instant: Instant | undefined): number | null {
  return instant !== undefined && "timeMs" in instant ? instant.timeMs : null;
}
