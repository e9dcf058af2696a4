/**
 * The log on the real disk, for one pass over everything: what a simulation could get wrong.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { STORE_ID, appendSet, recordsOf, writeSet } from "../../test/support/log-harness.ts";
import { systemClock } from "../base/clock.ts";
import { silentLogger } from "../base/logger.ts";
import { NodeDisk } from "../disk/node-disk.ts";
import { Log } from "./log.ts";
import { readLog } from "./reader.ts";
import { settleTail } from "./tail.ts";

for (const fsync of ["always", "everysec", "no"] as const) {
  test(`${fsync}: write, roll, retire, start again and read, on a real disk`, async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "pykv-log-"));
    try {
      const disk = await NodeDisk.open(directory);
      const options = {
        disk,
        storeId: STORE_ID,
        fsync,
        segmentBytesMax: 64 * 1024,
        reserveStepBytes: 16 * 1024,
        clock: systemClock,
        logger: silentLogger,
      };
      const log = await Log.open({ ...options, nextSeq: 1 });
      const writers = Array.from({ length: 20 }, async (_, writer) => {
        for (let i = 0; i < 20; i += 1) {
          await log.acknowledged(await writeSet(log, `k${writer}-${i}`, "x".repeat(i * 40)));
        }
      });
      await Promise.all(writers);
      const rolledSeq = await log.roll();
      expect(rolledSeq).toBe(400);
      await log.retire(rolledSeq);
      await log.acknowledged(await writeSet(log, "last", "y".repeat(1_000_000)));
      await log.close();

      const records: string[] = [];
      const reading = await readLog(
        { disk, storeId: null, fromSeq: rolledSeq + 1, knownDurableSeq: rolledSeq },
        (frame) => void records.push(...recordsOf(frame)),
      );
      expect(reading.end).toEqual({ kind: "clean" });
      expect(records).toEqual([`401:last=${"y".repeat(1_000_000)}`]);
      await settleTail(disk, reading);
      const { segments, lastSeq } = reading;
      const again = await Log.open({ ...options, segments, nextSeq: lastSeq + 1 });
      expect(appendSet(again, "more")).toBe(402);
      await again.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}
