/**
 * Following a log: beside a writer that appends, rolls and removes, and over one that is damaged.
 */
import { expect, test } from "vitest";
import {
  appendSet,
  logOptions,
  recordsOf,
  turns,
  writeSet,
} from "../../test/support/log-harness.ts";
import { SimulatedDisk } from "../../test/support/simulated-disk.ts";
import { SEGMENT_HEADER_BYTES, segmentName } from "../format/segment.ts";
import { LogFollower } from "./follower.ts";
import { Log } from "./log.ts";

const FIRST = segmentName(1);
/** A frame of one record with a key of one byte and no value. */
const SMALL_FRAME_BYTES = 88;

function follow(disk: SimulatedDisk, fromSeq = 1) {
  const records: string[] = [];
  const findings: string[] = [];
  const follower = new LogFollower({
    disk,
    fromSeq,
    onFrame: (frame) => void records.push(...recordsOf(frame)),
    onDamage: ({ file, offset, bytes, why }) =>
      void findings.push(`${file}@${offset}+${bytes}: ${why}`),
    onMissing: (from, to) => void findings.push(`missing ${from}-${to}`),
    pieceBytes: 1024,
  });
  return { follower, records, findings };
}

/** A log whose frames have one record each; it stays open. */
async function open(keys: readonly string[]) {
  const options = logOptions();
  const log = await Log.open(options);
  for (const key of keys) await log.acknowledged(appendSet(log, key));
  return { log, disk: options.disk };
}

test("what is there comes first, and then what is written, each record once", async () => {
  const { log, disk } = await open(["a", "b"]);
  const { follower, records, findings } = follow(disk);
  await follower.advance();
  expect(records).toEqual(["1:a=", "2:b="]);
  await follower.advance();
  await log.acknowledged(appendSet(log, "c"));
  await follower.advance();
  await log.roll();
  await log.acknowledged(appendSet(log, "d"));
  await follower.advance();
  expect(records).toEqual(["1:a=", "2:b=", "3:c=", "4:d="]);
  expect(findings).toEqual([]);
  await log.close();
});

for (const fromSeq of [1, 2, 3, 5]) {
  test(`from seq ${fromSeq} on, frames before it are not handed out`, async () => {
    const { log, disk } = await open(["a", "b", "c", "d"]);
    const { follower, records } = follow(disk, fromSeq);
    await follower.advance();
    expect(records).toEqual(["1:a=", "2:b=", "3:c=", "4:d="].slice(fromSeq - 1));
    await log.close();
  });
}

test("a frame that is not whole yet is handed out once it is", async () => {
  const { log, disk } = await open(["a", "b"]);
  await log.close();
  const whole = disk.bytesOf(FIRST);
  const at = SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES;
  for (let cut = at; cut <= at + SMALL_FRAME_BYTES; cut += 8) {
    const live = new SimulatedDisk();
    live.put(FIRST, Buffer.concat([whole.subarray(0, cut), Buffer.alloc(500)]));
    const { follower, records, findings } = follow(live);
    await follower.advance();
    expect(records).toEqual(cut === at + SMALL_FRAME_BYTES ? ["1:a=", "2:b="] : ["1:a="]);
    live.put(FIRST, whole);
    await follower.advance();
    expect(records).toEqual(["1:a=", "2:b="]);
    expect(findings).toEqual([]);
  }
});

test("segments that compaction has removed are told, and reading goes on behind them", async () => {
  const { log, disk } = await open(["a"]);
  const { follower, records, findings } = follow(disk);
  await follower.advance();
  for (const key of ["b", "c"]) {
    await log.roll();
    await log.acknowledged(appendSet(log, key));
  }
  await log.roll();
  await log.acknowledged(appendSet(log, "d"));
  await log.retire(3);
  await follower.advance();
  expect(records).toEqual(["1:a=", "4:d="]);
  expect(findings).toEqual(["missing 2-3"]);
  const late = follow(disk, 2);
  await late.follower.advance();
  expect(late.findings).toEqual(["missing 2-3"]);
  await log.close();
});

test("damage is told once, and reading goes on with the next whole frame", async () => {
  const { log, disk } = await open(["a", "b", "c"]);
  await log.close();
  const at = SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES;
  disk.flipBit(FIRST, at + 80, 1);
  const { follower, records, findings } = follow(disk);
  await follower.advance();
  await follower.advance();
  expect(records).toEqual(["1:a=", "3:c="]);
  expect(findings).toEqual([
    `${FIRST}@${at}+${SMALL_FRAME_BYTES}: no whole frame is here`,
    "missing 2-2",
  ]);
});

test("a directory without a log has nothing to hand out until there is one", async () => {
  const { follower, records } = follow(new SimulatedDisk());
  expect(await follower.exists()).toBe(false);
  await follower.advance();
  expect(records).toEqual([]);
});

test("beside a writer that rolls and removes, no record is lost or shown twice", async () => {
  const options = logOptions({ segmentBytesMax: 4096 });
  const log = await Log.open(options);
  const { follower, records, findings } = follow(options.disk);
  const written = 200;
  const writer = { isDone: false };
  const writing = (async () => {
    for (let i = 1; i <= written; i++) {
      await writeSet(log, `k${i}`, "x".repeat((i * 37) % 300));
      if (i % 10 === 0) await log.acknowledged(log.lastSeq);
    }
    await log.acknowledged(log.lastSeq);
    writer.isDone = true;
  })();
  while (!writer.isDone) {
    await follower.advance();
    await turns(1);
  }
  await writing;
  await follower.advance();
  expect(records.map((record) => record.split("=")[0])).toEqual(
    Array.from({ length: written }, (_, i) => `${i + 1}:k${i + 1}`),
  );
  expect(findings).toEqual([]);
  expect(options.disk.names().length).toBeGreaterThan(3);
  await log.close();
});
