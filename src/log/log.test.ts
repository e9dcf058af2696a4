/**
 * Group commit, acknowledgement, admission, rolling and failure, counted on a simulated disk.
 */
import { describe, expect, test } from "vitest";
import {
  appendSet,
  logOptions,
  readAll,
  setBytes,
  turns,
  writeSet,
} from "../../test/support/log-harness.ts";
import { PyKVError } from "../base/errors.ts";
import { segmentName } from "../format/segment.ts";
import type { FsyncPolicy } from "./journal.ts";
import { WRITE_NOW_BYTES_MAX } from "./log-options.ts";
import { Log } from "./log.ts";

const POLICIES: readonly FsyncPolicy[] = ["always", "everysec", "no"];

function codeOf(error: unknown): string {
  return error instanceof PyKVError ? error.code : String(error);
}

async function codeOfRejection(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => "resolved", codeOf);
}

/** The calls between now and `check`, of the kinds that commits make. */
function countCalls(
  options: ReturnType<typeof logOptions>,
): () => { writes: number; syncs: number } {
  const { calls } = options.disk;
  const before = { ...calls };
  return () => ({
    writes: calls.write + calls.writeNow - before.write - before.writeNow,
    syncs: calls.sync - before.sync,
  });
}

describe("group commit", () => {
  test("one client writing one at a time pays one write and one sync each", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    const counted = countCalls(options);
    for (let i = 0; i < 10; i += 1) await log.acknowledged(await writeSet(log, `k${i}`, "v"));
    expect(counted()).toEqual({ writes: 10, syncs: 10 });
    await log.close();
    const { frames, reading } = await readAll(options.disk);
    expect(frames.map((frame) => frame.length)).toEqual(new Array(10).fill(1));
    expect(reading.end).toEqual({ kind: "clean" });
  });

  test("100 writers in one turn share one frame, one write and one sync", async () => {
    const options = logOptions({ reserveStepBytes: 64 * 1024 });
    const log = await Log.open(options);
    const counted = countCalls(options);
    const writers = Array.from({ length: 100 }, async (_, i) => {
      await log.acknowledged(await writeSet(log, `k${i}`));
    });
    await Promise.all(writers);
    expect(counted()).toEqual({ writes: 1, syncs: 1 });
    await log.close();
    expect((await readAll(options.disk)).frames.map((frame) => frame.length)).toEqual([100]);
  });

  test("what arrives during a sync goes together, right after it", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    const release = options.disk.hold("sync");
    const first = log.acknowledged(appendSet(log, "a"));
    await turns();
    const others = ["b", "c", "d"].map((key) => log.acknowledged(appendSet(log, key)));
    await turns();
    expect(log.ackSeq).toBe(0);
    release();
    await Promise.all([first, ...others]);
    await log.close();
    const { frames } = await readAll(options.disk);
    expect(frames).toEqual([["1:a="], ["2:b=", "3:c=", "4:d="]]);
  });

  test("records of one batch share one promise", async () => {
    const log = await Log.open(logOptions());
    const [a, b] = [appendSet(log, "a"), appendSet(log, "b")];
    expect(log.acknowledged(a)).toBe(log.acknowledged(b));
    await log.close();
  });

  for (const bytes of [0, 1, WRITE_NOW_BYTES_MAX - 200, WRITE_NOW_BYTES_MAX, 5_000_000]) {
    test(`a value of ${bytes} bytes comes back whole`, async () => {
      const options = logOptions();
      const log = await Log.open(options);
      const value = "x".repeat(bytes);
      await log.acknowledged(await writeSet(log, "k", value));
      await log.acknowledged(await writeSet(log, "after", ""));
      await log.close();
      expect((await readAll(options.disk)).records).toEqual([`1:k=${value}`, "2:after="]);
    });
  }
});

describe("acknowledgement", () => {
  test("always: not before the sync has ended", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    const release = options.disk.hold("sync");
    let isAcknowledged = false;
    const seq = appendSet(log, "a");
    const acknowledged = log.acknowledged(seq).then(() => (isAcknowledged = true));
    await turns();
    expect([isAcknowledged, log.ackSeq, log.durableSeq]).toEqual([false, 0, 0]);
    expect(options.disk.reboot({ mode: "keep" }).bytesOf(segmentName(1)).includes("ns")).toBe(true);
    release();
    await acknowledged;
    expect([log.ackSeq, log.durableSeq]).toEqual([1, 1]);
    await log.close();
  });

  for (const fsync of ["everysec", "no"] as const) {
    test(`${fsync}: after one synchronous write per turn, before any sync`, async () => {
      const options = logOptions({ fsync });
      const log = await Log.open(options);
      const counted = countCalls(options);
      for (let turn = 1; turn <= 3; turn += 1) {
        const seqs = ["a", "b", "c"].map((key) => appendSet(log, key));
        expect(log.ackSeq).toBe(3 * turn - 3);
        await log.acknowledged(seqs[2]!);
        expect(counted()).toEqual({ writes: turn, syncs: 0 });
      }
      expect([log.ackSeq, log.durableSeq]).toEqual([9, 0]);
      await log.close();
    });
  }

  test("everysec: one sync a second while something is unsynced, no timer when idle", async () => {
    const options = logOptions({ fsync: "everysec" });
    const log = await Log.open(options);
    const counted = countCalls(options);
    await log.acknowledged(appendSet(log, "a"));
    await log.acknowledged(appendSet(log, "b"));
    options.clock.advance(999);
    await turns();
    expect(counted().syncs).toBe(0);
    options.clock.advance(1);
    await turns();
    expect([counted().syncs, log.durableSeq]).toEqual([1, 2]);
    for (let i = 0; i < 5; i += 1) {
      options.clock.advance(1000);
      await turns();
    }
    expect(options.clock.timers).toBe(0);
    const idleSyncs = counted().syncs;
    options.clock.advance(60_000);
    await turns();
    expect(counted().syncs).toBe(idleSyncs);
    await log.close();
  });

  for (const fsync of POLICIES) {
    test(`${fsync}: flush makes everything durable`, async () => {
      const options = logOptions({ fsync });
      const log = await Log.open(options);
      appendSet(log, "a");
      appendSet(log, "b");
      await log.flush();
      expect(log.durableSeq).toBe(2);
      const after = options.disk.reboot({ mode: "drop" });
      expect((await readAll(after)).records).toEqual(["1:a=", "2:b="]);
      await log.close();
    });
  }
});

describe("durability marker", () => {
  test("follows the last frame after a second of silence, once", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    await log.acknowledged(appendSet(log, "a"));
    const counted = countCalls(options);
    options.clock.advance(1000);
    await turns();
    expect(counted()).toEqual({ writes: 1, syncs: 1 });
    options.clock.advance(10_000);
    await turns();
    expect(counted()).toEqual({ writes: 1, syncs: 1 });
    options.disk.flipBit(segmentName(1), 64 + 72, 0);
    const { reading } = await readAll(options.disk.reboot({ mode: "keep" }));
    expect(reading.end).toMatchObject({ kind: "corrupt", offset: 64 });
    await log.close();
  });

  for (const fsync of POLICIES) {
    test(`${fsync}: is written at close, and the segment is cut to its length`, async () => {
      const options = logOptions({ fsync });
      const log = await Log.open(options);
      appendSet(log, "a");
      await log.close();
      const bytes = options.disk.reboot({ mode: "drop" }).bytesOf(segmentName(1));
      expect(bytes.length).toBe(64 + Math.ceil((72 + setBytes("a")) / 8) * 8 + 72);
      options.disk.flipBit(segmentName(1), 64 + 72, 0);
      expect((await readAll(options.disk)).reading.end.kind).toBe("corrupt");
    });
  }
});

describe("admission", () => {
  test("beyond the bound on unsynced bytes writers wait, in order, and then go on", async () => {
    const options = logOptions({ unsyncedBytesMax: 1000 });
    const log = await Log.open(options);
    const release = options.disk.hold("sync");
    const done: number[] = [];
    const writers = Array.from({ length: 20 }, async (_, i) => {
      await log.acknowledged(
        await writeSet(log, `k${String(i).padStart(2, "0")}`, "x".repeat(200)),
      );
      done.push(i);
    });
    await turns();
    expect(log.stats().unsyncedBytes).toBeLessThanOrEqual(1000);
    expect(log.waiting).toBe(16);
    release();
    await Promise.all(writers);
    expect(done).toEqual(Array.from({ length: 20 }, (_, i) => i));
    await log.close();
    expect((await readAll(options.disk)).records).toHaveLength(20);
  });

  for (const fsync of POLICIES) {
    test(`${fsync}: a value larger than the bound and the reserve passes alone`, async () => {
      const options = logOptions({ fsync, unsyncedBytesMax: 1000 });
      const log = await Log.open(options);
      const big = "x".repeat(20_000);
      const seqs = await Promise.all([writeSet(log, "a", big), writeSet(log, "b", big)]);
      await log.acknowledged(Math.max(...seqs));
      await log.close();
      expect((await readAll(options.disk)).records).toEqual([`1:a=${big}`, `2:b=${big}`]);
    });

    test(`${fsync}: many writers that together need many extensions all get room`, async () => {
      const options = logOptions({ fsync, unsyncedBytesMax: 3000 });
      const log = await Log.open(options);
      const writers = Array.from({ length: 200 }, async (_, i) => {
        await log.acknowledged(await writeSet(log, `k${i}`, "x".repeat(i * 7)));
      });
      await Promise.all(writers);
      await log.close();
      expect((await readAll(options.disk)).records).toHaveLength(200);
    });
  }

  test("a writer that does not use its room does not hold up those behind it", async () => {
    const options = logOptions({ unsyncedBytesMax: 1000 });
    const log = await Log.open(options);
    const release = options.disk.hold("sync");
    appendSet(log, "a", "x".repeat(900));
    const idle = log.room(900);
    const next = log.room(900);
    release();
    await idle;
    await next;
    await log.close();
  });
});

describe("a full disk", () => {
  test("refuses before anything changes, and writing resumes when there is room", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    options.disk.capacityBytes = options.disk.usedBytes;
    let refused = "";
    let written = 0;
    while (refused === "") {
      const code = await codeOfRejection(writeSet(log, `k${written}`, "x".repeat(100)));
      if (code === "resolved") written += 1;
      else refused = code;
    }
    expect(refused).toBe("DISK_FULL");
    expect(log.stats().diskFull).toBe(true);
    expect(log.lastSeq).toBe(written);
    expect(log.failed).toBe(null);
    await log.acknowledged(log.lastSeq);
    expect(codeOf(log.admit(setBytes("k", "x".repeat(100))))).toBe("DISK_FULL");
    options.disk.capacityBytes = Infinity;
    options.clock.advance(500);
    await turns();
    expect(log.stats().diskFull).toBe(false);
    await log.acknowledged(await writeSet(log, "again"));
    await log.close();
    expect((await readAll(options.disk)).records).toHaveLength(written + 1);
  });

  test("is tried again by the first writer after the interval, timer or not", async () => {
    const options = logOptions({
      timers: { after: () => ({ cancel: () => undefined }), soon: (run) => void setImmediate(run) },
    });
    const log = await Log.open(options);
    options.disk.capacityBytes = 0;
    const big = "x".repeat(10_000);
    expect(await codeOfRejection(writeSet(log, "a", big))).toBe("DISK_FULL");
    options.disk.capacityBytes = Infinity;
    expect(await codeOfRejection(writeSet(log, "a", big))).toBe("DISK_FULL");
    options.clock.advance(500);
    expect(await codeOfRejection(writeSet(log, "a", big))).toBe("resolved");
    await log.close();
  });

  test("at a roll that was asked for rejects it, and the log goes on in its segment", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    appendSet(log, "a");
    options.disk.capacityBytes = options.disk.usedBytes;
    expect(await codeOfRejection(log.roll())).toBe("DISK_FULL");
    expect(options.disk.names()).toEqual([segmentName(1)]);
    await log.acknowledged(appendSet(log, "b"));
    options.disk.capacityBytes = Infinity;
    expect(await log.roll()).toBe(2);
    await log.close();
  });

  test("at a roll by size leaves the log in its segment until there is room", async () => {
    const options = logOptions({ segmentBytesMax: 256 });
    const log = await Log.open(options);
    options.disk.inject({ code: "ENOSPC", kinds: ["create"], lasting: true });
    for (let i = 0; i < 5; i += 1) await log.acknowledged(appendSet(log, `k${i}`, "x".repeat(90)));
    await turns();
    expect(log.stats().segments).toBe(1);
    options.disk.clearInjections();
    options.clock.advance(500);
    await log.acknowledged(appendSet(log, "next"));
    await turns();
    expect(log.stats().segments).toBe(2);
    await log.close();
    expect((await readAll(options.disk)).records).toHaveLength(6);
  });
});

describe("fail stop", () => {
  for (const fsync of POLICIES) {
    for (const kind of ["writeNow", "sync"] as const) {
      for (const code of ["EIO", "ENOSPC"] as const) {
        test(`${fsync}: ${code} in ${kind} ends all writing`, async () => {
          const failures: string[] = [];
          const options = logOptions({ fsync, onFailure: (error) => failures.push(error.code) });
          const log = await Log.open(options);
          await log.acknowledged(appendSet(log, "a"));
          await log.flush();
          options.disk.inject({ code, kinds: [kind] });
          const seq = appendSet(log, "b");
          const acknowledged = codeOfRejection(log.acknowledged(seq));
          const flushed = codeOfRejection(log.flush());
          const rolled = codeOfRejection(log.roll());
          const isAcknowledgedByWrite = fsync !== "always" && kind === "sync";
          expect(await acknowledged).toBe(isAcknowledgedByWrite ? "resolved" : "LOG_FAILED");
          expect([await flushed, await rolled]).toEqual(["LOG_FAILED", "LOG_FAILED"]);
          expect(codeOf(log.admit(1))).toBe("LOG_FAILED");
          expect(await codeOfRejection(log.room(1))).toBe("LOG_FAILED");
          expect([failures, log.durableSeq]).toEqual([["LOG_FAILED"], 1]);
          await turns();
          const syncs = options.disk.calls.sync;
          options.clock.advance(10_000);
          await turns();
          expect(options.disk.calls.sync).toBe(syncs);
          expect(await codeOfRejection(log.close())).toBe("LOG_FAILED");
        });
      }
    }
  }

  test("wakes the writers that wait for room", async () => {
    const options = logOptions({ unsyncedBytesMax: 500 });
    const log = await Log.open(options);
    const release = options.disk.hold("sync");
    appendSet(log, "a", "x".repeat(400));
    const waiters = [log.room(400), log.room(400)].map(codeOfRejection);
    await turns();
    options.disk.inject({ code: "EIO", kinds: ["sync"] });
    release();
    expect(await Promise.all(waiters)).toEqual(["LOG_FAILED", "LOG_FAILED"]);
    expect(await codeOfRejection(log.close())).toBe("LOG_FAILED");
  });
});

describe("segments", () => {
  for (const fsync of POLICIES) {
    test(`${fsync}: a roll gives the last seq before the new segment, all durable`, async () => {
      const options = logOptions({ fsync });
      const log = await Log.open(options);
      appendSet(log, "a");
      appendSet(log, "b");
      await log.acknowledged(2);
      expect(await log.roll()).toBe(2);
      expect(log.durableSeq).toBe(2);
      const dropped = options.disk.reboot({ mode: "drop" });
      expect((await readAll(dropped)).records).toEqual(["1:a=", "2:b="]);
      expect(await log.roll()).toBe(2);
      expect(log.stats().segments).toBe(2);
      await log.acknowledged(appendSet(log, "c"));
      await log.close();
      expect(options.disk.names()).toEqual([segmentName(1), segmentName(3)]);
      expect((await readAll(options.disk)).records).toEqual(["1:a=", "2:b=", "3:c="]);
    });

    test(`${fsync}: roll by size, while writers go on`, async () => {
      const options = logOptions({ fsync, segmentBytesMax: 2048 });
      const log = await Log.open(options);
      const writers = Array.from({ length: 10 }, async (_, writer) => {
        for (let i = 0; i < 30; i += 1) {
          await log.acknowledged(await writeSet(log, `k${writer}-${i}`, "x".repeat(50)));
        }
      });
      await Promise.all(writers);
      await log.close();
      const { records, reading } = await readAll(options.disk);
      expect([records.length, reading.end.kind, reading.lastSeq]).toEqual([300, "clean", 300]);
      expect(reading.segments.length).toBeGreaterThan(3);
      expect(options.disk.names()).toEqual(reading.segments.map((segment) => segment.name));
    });
  }

  test("retire removes only what lies wholly below, and never the active one", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    for (const key of ["a", "b", "c"]) {
      await log.acknowledged(appendSet(log, `${key}1`));
      await log.acknowledged(appendSet(log, `${key}2`));
      await log.roll();
    }
    const cases = [
      [1, [1, 3, 5, 7]],
      [2, [3, 5, 7]],
      [5, [5, 7]],
      [100, [7]],
    ] as const;
    for (const [uptoSeq, left] of cases) {
      await log.retire(uptoSeq);
      expect(options.disk.names()).toEqual(left.map(segmentName));
      expect(log.stats().segments).toBe(left.length);
    }
    await log.close();
  });

  test("a start removes what an interrupted roll left, and takes over an empty segment", async () => {
    const options = logOptions();
    await (await Log.open(options)).close();
    options.disk.put("log-next.tmp", Buffer.from("left over"));
    const { reading } = await readAll(options.disk);
    const log = await Log.open({ ...options, segments: reading.segments });
    expect(options.disk.names()).toEqual([segmentName(1)]);
    await log.acknowledged(appendSet(log, "a"));
    await log.close();
    expect((await readAll(options.disk)).records).toEqual(["1:a="]);
  });
});

describe("close", () => {
  test("refuses from the call on, keeps what was appended, and may be called twice", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    appendSet(log, "a");
    const closed = log.close();
    expect(codeOf(log.admit(1))).toBe("SHUTTING_DOWN");
    expect(await codeOfRejection(log.room(1))).toBe("SHUTTING_DOWN");
    expect(await codeOfRejection(log.roll())).toBe("SHUTTING_DOWN");
    await Promise.all([closed, log.close()]);
    expect((await readAll(options.disk.reboot({ mode: "drop" }))).records).toEqual(["1:a="]);
    expect(options.clock.timers).toBe(0);
  });

  test("during a roll leaves no temporary file", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    appendSet(log, "a");
    const rolled = codeOfRejection(log.roll());
    await log.close();
    expect(["SHUTTING_DOWN", "resolved"]).toContain(await rolled);
    expect(options.disk.names().filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect((await readAll(options.disk)).records).toEqual(["1:a="]);
  });
});
