/**
 * A disk that fails without the process dying: an I/O error, or no room, at any step.
 *
 * What the log can't write ends all writing, for good and audibly; reads go on, and a restart finds
 * all that was acknowledged. What a snapshot can't write is that snapshot's trouble alone. A full
 * disk refuses writes before memory has changed, until there is room again.
 */
import { expect, test } from "vitest";
import { checkRefusal } from "./refusal.ts";
import { STRIDE, firstStep } from "../support/every-step.ts";
import { turns } from "../support/log-harness.ts";
import { POWER_CUTS, checkRun, run } from "./run.ts";
import type { Run } from "./run.ts";
import { expectSame } from "./recovery-check.ts";
import { tableOf } from "./witness.ts";
import { openQuietly } from "./workload.ts";

for (const fsync of ["always", "everysec"] as const) {
  for (const code of ["EIO", "ENOSPC"] as const) {
    test(`${fsync}: ${code} at any step is survived or ends writes, and loses nothing`, async () => {
      const seen = { failedStart: 0, failedLog: 0, failedCompaction: 0 };
      for (let step = firstStep(), hasStruck = true; hasStruck; step += STRIDE) {
        const sabotage = { code, fromStep: step };
        const faulty = await run({ fsync, close: false, sabotage: (it) => it.inject(sabotage) });
        hasStruck = faulty.disk.steps >= step;
        faulty.disk.clearInjections();
        const at = `${code} at step ${step}`;
        try {
          await checkAfterFault(faulty, seen);
        } catch (cause) {
          throw new Error(at, { cause });
        }
        await checkRun(faulty, fsync, POWER_CUTS, at);
      }
      expect(seen.failedStart).toBeGreaterThan(3 / STRIDE);
      expect(seen.failedLog).toBeGreaterThan(20 / STRIDE);
      expect(seen.failedCompaction).toBeGreaterThan(20 / STRIDE);
    });
  }
}

type Seen = Record<"failedStart" | "failedLog" | "failedCompaction", number>;

async function checkAfterFault({ rig, outcome, witness, clock, error }: Run, seen: Seen) {
  if (rig === null) {
    seen.failedStart += 1;
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(EIO|ENOSPC|DISK_FULL)$/) as string,
    });
    return;
  }
  const { store } = rig;
  expectSame(tableOf(store.engine), witness.tableAt(witness.lastSeq));
  if (outcome!.compactions.failed > 0) seen.failedCompaction += 1;
  if (store.engine.journal.failed === null) {
    clock.advance(600);
    await turns(20);
    await store.compact();
    expect(store.health()).toMatchObject({ status: "healthy", log: "ok" });
    await store.close();
    witness.flushedSeq = witness.lastSeq;
    return;
  }
  seen.failedLog += 1;
  expect(store.health()).toMatchObject({ status: "degraded", log: "failed" });
  expect(store.health().reasons[0]).toMatch(/^the log failed.*(EIO|ENOSPC)/);
  await checkRefusal(rig, "LOG_FAILED");
  await expect(store.close()).rejects.toMatchObject({ code: "LOG_FAILED" });
}

const FULL_AT_BYTES = Array.from({ length: 24 }, (_, i) => 9_000 + i * 1500);

for (const fsync of ["always", "everysec"] as const) {
  test(`${fsync}: a disk with no room refuses, changes nothing, and goes on when it has`, async () => {
    let refused = 0;
    for (const capacityBytes of FULL_AT_BYTES) {
      const sabotage = (disk: Run["disk"]) => void (disk.capacityBytes = capacityBytes);
      const full = await run({ fsync, close: false, sabotage });
      expect(full.error).toBeNull();
      const { store } = full.rig!;
      expect(store.engine.journal.failed).toBeNull();
      if (full.outcome!.refusals.has("DISK_FULL")) refused += 1;
      await checkFullDisk(full);
      await checkRun(full, fsync, POWER_CUTS, `a disk of ${capacityBytes} bytes`);
      await checkRoomAgain(full);
    }
    expect(refused).toBeGreaterThan(5);
  });
}

async function checkFullDisk({ rig, witness }: Run): Promise<void> {
  const { store } = rig!;
  expectSame(tableOf(store.engine), witness.tableAt(witness.lastSeq));
  if (store.health().log !== "full") return;
  expect(store.health().status).toBe("degraded");
  await checkRefusal(rig!, "DISK_FULL");
}

async function checkRoomAgain({ rig, disk, clock, witness }: Run): Promise<void> {
  disk.capacityBytes = Infinity;
  clock.advance(600);
  await turns(20);
  const { store } = rig!;
  const outcome = await store.set({ namespace: "default", key: "new", kind: "text", value: "v" });
  expect(outcome).toMatchObject({ done: true });
  await store.compact();
  expect(store.health()).toMatchObject({ status: "healthy", log: "ok" });
  await store.close();
  const again = await openQuietly(disk, clock);
  expectSame(tableOf(again.engine), witness.tableAt(witness.lastSeq));
  expect(disk.names().filter((name) => name.endsWith(".tmp"))).toEqual([]);
  await again.close();
}

test("EIO at any step of a start is no corruption, and the next start finds all", async () => {
  const { disk, witness, clock } = await run({ fsync: "always", rounds: 23, close: false });
  disk.crashAt(disk.steps + 1);
  await disk.list().catch(() => undefined);
  for (let step = 1, hasStruck = true; hasStruck; step += 1) {
    const next = disk.reboot({ mode: "keep" });
    next.inject({ code: "EIO", fromStep: step });
    const start = openQuietly(next, clock);
    const error: unknown = await start.then(
      () => null,
      (cause: unknown) => cause,
    );
    hasStruck = next.steps >= step;
    if (error !== null) expect(error).toMatchObject({ code: "EIO" });
    const again = await openQuietly(next.reboot({ mode: "drop" }), clock);
    expectSame(tableOf(again.engine), witness.tableAt(witness.lastSeq));
    await again.close();
  }
});
