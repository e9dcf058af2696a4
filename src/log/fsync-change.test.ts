/** The policy changes while the log is written. */
import { expect, test } from "vitest";
import { logOptions, readAll, turns, writeSet } from "../../test/support/log-harness.ts";
import type { FsyncPolicy } from "./journal.ts";
import { Log } from "./log.ts";

for (const before of ["everysec", "no"] as const) {
  test(`from ${before} to always: what is behind is synced, and writes wait for it`, async () => {
    const options = logOptions({ fsync: before });
    const log = await Log.open(options);
    await log.acknowledged(await writeSet(log, "a"));
    expect(log.durableSeq).toBe(0);
    log.setFsync("always");
    expect(log.ackSeq).toBe(1);
    await log.flush();
    expect(log.durableSeq).toBe(1);
    const release = options.disk.hold("sync");
    const seq = await writeSet(log, "b");
    await turns();
    expect(log.ackSeq).toBe(1);
    release();
    await log.acknowledged(seq);
    expect(log.durableSeq).toBe(2);
    expect(log.stats().fsync).toBe("always");
    await log.close();
  });
}

for (const after of ["everysec", "no"] as const) {
  test(`from always to ${after}, with a commit under way: it still waits for its sync`, async () => {
    const options = logOptions();
    const log = await Log.open(options);
    const release = options.disk.hold("sync");
    const first = await writeSet(log, "a");
    await turns();
    log.setFsync(after);
    await turns();
    expect(log.ackSeq).toBe(0);
    release();
    await log.acknowledged(first);
    expect(log.durableSeq).toBe(1);
    await log.acknowledged(await writeSet(log, "b"));
    expect(log.durableSeq).toBe(1);
    await log.close();
  });
}

test("from no to everysec: what is behind is synced", async () => {
  const log = await Log.open(logOptions({ fsync: "no" }));
  await log.acknowledged(await writeSet(log, "a"));
  log.setFsync("everysec");
  await turns();
  expect(log.durableSeq).toBe(1);
  await log.close();
});

test("after a failure or at the end nothing comes of it", async () => {
  const options = logOptions({ fsync: "no" });
  const log = await Log.open(options);
  await log.acknowledged(await writeSet(log, "a"));
  await log.close();
  log.setFsync("always");
  await turns();
  expect((await readAll(options.disk)).records).toEqual(["1:a="]);
});

test("writers that wait for room go on under any change", async () => {
  const policies: readonly FsyncPolicy[] = ["no", "always", "everysec", "no", "always"];
  const options = logOptions({ fsync: "everysec", unsyncedBytesMax: 300 });
  const log = await Log.open(options);
  const writes = Array.from({ length: 40 }, (_, i) => writeSet(log, `k${i}`, "v".repeat(50)));
  for (const policy of policies) {
    log.setFsync(policy);
    await turns(3);
  }
  expect(await Promise.all(writes)).toHaveLength(40);
  await log.flush();
  expect(log.durableSeq).toBe(40);
  await log.close();
});
