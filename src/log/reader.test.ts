/**
 * What a reading finds in sound, torn and damaged logs.
 */
import { describe, expect, test } from "vitest";
import {
  STORE_ID,
  appendSet,
  logOptions,
  readAll,
  recordsOf,
  turns,
  writeSet,
} from "../../test/support/log-harness.ts";
import { SimulatedDisk } from "../../test/support/simulated-disk.ts";
import { SEGMENT_HEADER_BYTES, segmentName } from "../format/segment.ts";
import { Log } from "./log.ts";
import { findStoreId, scanLog } from "./log-scan.ts";
import type { LogDamage } from "./log-scan.ts";
import { settleTail } from "./tail.ts";

const FIRST = segmentName(1);
/** A frame of one record with a key of one byte and no value. */
const SMALL_FRAME_BYTES = 88;

/** A log of frames with the given keys each, closed unless `crash`. */
async function build(
  frames: readonly string[][],
  crash = false,
  rollAfter: readonly number[] = [],
) {
  const options = logOptions();
  const log = await Log.open(options);
  for (const [i, keys] of frames.entries()) {
    for (const key of keys) appendSet(log, key);
    await log.acknowledged(log.lastSeq);
    if (rollAfter.includes(i)) await log.roll();
  }
  if (!crash) await log.close();
  return options.disk.reboot({ mode: "keep" });
}

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  return disk.reboot({ mode: "keep" });
}

async function scan(disk: SimulatedDisk) {
  const records: string[] = [];
  const damages: LogDamage[] = [];
  await scanLog({
    disk,
    storeId: null,
    onFrame: (frame) => void records.push(...recordsOf(frame)),
    onDamage: (damage) => damages.push(damage),
    pieceBytes: 1024,
  });
  return { records, damages };
}

describe("a sound log", () => {
  test("of no files is clean and starts where the caller says", async () => {
    const { reading } = await readAll(new SimulatedDisk(), { fromSeq: 5 });
    expect(reading).toMatchObject({ end: { kind: "clean" }, lastSeq: 4, segments: [] });
  });

  for (const pieceBytes of [64, 100, 128, 1000, 4096, 1 << 20]) {
    test(`is read whole in pieces of ${pieceBytes} bytes`, async () => {
      const options = logOptions();
      const log = await Log.open(options);
      for (let i = 0; i < 60; i += 1) {
        await log.acknowledged(await writeSet(log, `k${i}`, "x".repeat((i * 97) % 700)));
      }
      const expected = Array.from(
        { length: 60 },
        (_, i) => `${i + 1}:k${i}=${"x".repeat((i * 97) % 700)}`,
      );
      for (const disk of [options.disk, options.disk.reboot({ mode: "keep" })]) {
        const { records, reading } = await readAll(disk, { pieceBytes });
        expect(records).toEqual(expected);
        expect(reading).toMatchObject({
          end: { kind: "clean" },
          lastSeq: 60,
          records: 60,
          frames: 60,
        });
      }
      await log.close();
    });
  }

  test("is read from any seq on, from the segment that holds it", async () => {
    const disk = await build([["a", "b"], ["c"], ["d"], ["e"]], false, [0, 2]);
    const all = ["1:a=", "2:b=", "3:c=", "4:d=", "5:e="];
    const firstRead = [1, 1, 3, 4, 5, 6];
    for (const [i, first] of firstRead.entries()) {
      const { records, reading } = await readAll(disk, { fromSeq: i + 1 });
      expect(records).toEqual(all.slice(first - 1));
      expect(reading.segments.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
        [1, 2],
        [3, 4],
        [5, 5],
      ]);
    }
  });

  test("of a server that was killed, with reserved room left in every segment, is clean", async () => {
    let disk = new SimulatedDisk();
    for (let life = 1; life <= 3; life += 1) {
      const { reading } = await readAll(disk);
      const { segments, lastSeq } = reading;
      const log = await Log.open({ ...logOptions(), disk, segments, nextSeq: lastSeq + 1 });
      await log.acknowledged(appendSet(log, `life${life}`));
      disk = disk.reboot({ mode: "drop" });
    }
    const { records, reading } = await readAll(disk);
    expect([records.length, reading.end.kind]).toEqual([3, "clean"]);
  });

  test("tells its store id", async () => {
    expect(await findStoreId(await build([["a"]]))).toEqual(STORE_ID);
    expect(await findStoreId(new SimulatedDisk())).toBe(null);
  });
});

describe("the end of the last segment", () => {
  test("is torn when the last frame is damaged and nothing calls it durable", async () => {
    const disk = await build([["a"], ["b"]], true);
    const at = SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES;
    disk.flipBit(FIRST, at + 80, 1);
    const { records, reading } = await readAll(disk);
    expect(records).toEqual(["1:a="]);
    expect(reading).toMatchObject({ lastSeq: 1, end: { kind: "torn", file: FIRST, offset: at } });
  });

  test("is corrupt when the caller knows that more was durable", async () => {
    const disk = await build([["a"], ["b"]], true);
    disk.flipBit(FIRST, SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES + 80, 1);
    expect((await readAll(disk, { knownDurableSeq: 1 })).reading.end.kind).toBe("torn");
    expect((await readAll(disk, { knownDurableSeq: 2 })).reading.end.kind).toBe("corrupt");
    const sound = await build([["a"], ["b"]]);
    expect((await readAll(sound, { knownDurableSeq: 2 })).reading.end.kind).toBe("clean");
    expect((await readAll(sound, { knownDurableSeq: 3 })).reading.end.kind).toBe("corrupt");
  });

  test("is torn from the first bad frame on when later ones are whole but claim nothing", async () => {
    const options = logOptions({ fsync: "no" });
    const log = await Log.open(options);
    for (const key of ["a", "b", "c"]) await log.acknowledged(appendSet(log, key));
    const disk = options.disk.reboot({ mode: "keep" });
    disk.flipBit(FIRST, SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES, 0);
    const { records, reading } = await readAll(disk);
    expect(records).toEqual(["1:a="]);
    const offset = SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES;
    expect(reading.end).toMatchObject({ kind: "torn", offset });
    await log.close();
  });

  test("is corrupt when a later header, though its frame is torn, calls the bad one durable", async () => {
    const disk = await build([["a"], ["b"], ["c"]], true);
    disk.flipBit(FIRST, SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES + 80, 0);
    disk.flipBit(FIRST, SEGMENT_HEADER_BYTES + 2 * SMALL_FRAME_BYTES + 80, 0);
    const { reading } = await readAll(disk);
    expect(reading.end).toMatchObject({
      kind: "corrupt",
      file: FIRST,
      offset: SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES,
    });
    expect(reading.end).toHaveProperty("advice", expect.stringContaining("pykv salvage"));
  });

  const headers = [
    ["empty", Buffer.alloc(0), "torn"],
    ["half a header", Buffer.from("PYKVLOG\0"), "torn"],
    ["all zeros", Buffer.alloc(4096), "torn"],
    ["bytes behind a bad header", Buffer.concat([Buffer.alloc(200), Buffer.from("x")]), "corrupt"],
  ] as const;
  for (const [what, bytes, kind] of headers) {
    test(`is ${kind} when the segment is ${what}`, async () => {
      const disk = await build([["a"], ["b"]]);
      disk.put(segmentName(3), bytes);
      const { records, reading } = await readAll(disk);
      expect([records, reading.end.kind]).toEqual([["1:a=", "2:b="], kind]);
      expect((await readAll(disk, { knownDurableSeq: 3 })).reading.end.kind).toBe("corrupt");
    });
  }
});

describe("corruption", () => {
  const cases: [string, (disk: SimulatedDisk) => Promise<void> | void, string][] = [
    ["a missing first segment", (disk) => disk.remove(FIRST), segmentName(2)],
    ["a missing segment in the middle", (disk) => disk.remove(segmentName(2)), segmentName(3)],
    ["a bad header of a segment that others follow", (disk) => disk.flipBit(FIRST, 20, 0), FIRST],
    ["a bad frame in a segment that others follow", (disk) => disk.flipBit(FIRST, 150, 0), FIRST],
    ["a renamed segment", (disk) => disk.rename(segmentName(3), segmentName(4)), segmentName(4)],
    [
      "a segment cut short",
      async (disk) => {
        const file = await disk.open(FIRST, "write");
        await file.truncate(SEGMENT_HEADER_BYTES);
      },
      segmentName(2),
    ],
  ];
  for (const [what, damage, file] of cases) {
    test(`is found: ${what}`, async () => {
      const disk = await build([["a"], ["b"], ["c"]], false, [0, 1]);
      await damage(disk);
      const { reading } = await readAll(disk);
      expect(reading.end).toMatchObject({ kind: "corrupt", file });
    });
  }

  test("a segment of another store is refused", async () => {
    const disk = await build([["a"]]);
    const { reading } = await readAll(disk, { storeId: Buffer.alloc(16, 9) });
    expect(reading.end).toMatchObject({
      kind: "corrupt",
      why: "the segment belongs to another store",
    });
  });
});

describe("bit flips", () => {
  for (const isClosed of [true, false]) {
    test(`at every byte are found and never served, ${isClosed ? "closed" : "killed"}`, async () => {
      const keys = [["a"], ["b", "c"], ["d"], ["e"]];
      const disk = await build(keys, !isClosed, [1]);
      const all = ["1:a=", "2:b=", "3:c=", "4:d=", "5:e="];
      const last = segmentName(4);
      for (const name of disk.names()) {
        const length = disk.bytesOf(name).length;
        for (let at = 0; at < Math.min(length, 500); at += 1) {
          const damaged = copyOf(disk);
          damaged.flipBit(name, at, at % 8);
          const { records, reading } = await readAll(damaged, { pieceBytes: 512 });
          const where = `${name} ${at}`;
          expect(records, where).toEqual(all.slice(0, records.length));
          const isFound = reading.end.kind !== "clean" || reading.skippedBytes > 0;
          expect(isFound, where).toBe(true);
          if (records.length === all.length) continue;
          const isLastFrame = !isClosed && name === last && at >= SEGMENT_HEADER_BYTES + 88;
          expect(reading.end.kind, where).toBe(isLastFrame ? "torn" : "corrupt");
        }
      }
    });
  }

  test("in a marker lose nothing, even of what stands behind it", async () => {
    const options = logOptions();
    const log = await Log.open(options);
    await log.acknowledged(appendSet(log, "a"));
    options.clock.advance(1000);
    await turns();
    await log.acknowledged(appendSet(log, "b"));
    const disk = options.disk.reboot({ mode: "keep" });
    disk.flipBit(FIRST, SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES + 9, 3);
    const { records, reading } = await readAll(disk);
    expect(records).toEqual(["1:a=", "2:b="]);
    expect(reading).toMatchObject({ end: { kind: "clean" }, skippedBytes: 72 });
    await log.close();
  });
});

describe("images of frames in values", () => {
  test("are never taken for frames, wherever they stand", async () => {
    const donor = await build([["evil"]]);
    const image = donor.bytesOf(FIRST).subarray(SEGMENT_HEADER_BYTES);
    for (let shift = 0; shift < 8; shift += 1) {
      const options = logOptions();
      const log = await Log.open(options);
      const value = Buffer.concat([Buffer.alloc(shift, 1), image, image, Buffer.alloc(64, 1)]);
      await log.acknowledged(await writeSet(log, "k", value));
      const disk = options.disk.reboot({ mode: "keep" });
      disk.flipBit(FIRST, SEGMENT_HEADER_BYTES + 1, 0);
      const { records, reading } = await readAll(disk);
      expect([records, reading.end.kind]).toEqual([[], "torn"]);
      const scanned = await scan(disk);
      expect(scanned.records).toEqual([]);
      expect(scanned.damages).toHaveLength(1);
      await log.close();
    }
  });

  test("do not make the search slow: a segment of nothing but magic numbers", async () => {
    const disk = await build([["a"]], true);
    const file = await disk.open(FIRST, "write");
    const magic = Buffer.alloc(1 << 20, "PKVF\x00\xff\xff\xff", "latin1");
    await file.write(magic, SEGMENT_HEADER_BYTES);
    const { reading } = await readAll(disk, { pieceBytes: 1 << 18 });
    expect(reading.end).toMatchObject({ kind: "torn", bytes: magic.length });
  });
});

describe("a scan", () => {
  test("of a sound log finds all records and no damage", async () => {
    const disk = await build([["a", "b"], ["c"], ["d"]], false, [1]);
    expect(await scan(disk)).toEqual({ records: ["1:a=", "2:b=", "3:c=", "4:d="], damages: [] });
  });

  test("goes on behind every kind of damage and says where it was", async () => {
    const disk = await build([["a"], ["b"], ["c"], ["d"], ["e"]], false, [1, 2]);
    disk.flipBit(FIRST, SEGMENT_HEADER_BYTES + 85, 0);
    await disk.remove(segmentName(3));
    disk.flipBit(segmentName(4), 3, 0);
    const { records, damages } = await scan(disk);
    expect(records).toEqual(["2:b=", "4:d=", "5:e="]);
    expect(damages.map(({ file, offset, bytes }) => [file, offset, bytes])).toEqual([
      [FIRST, SEGMENT_HEADER_BYTES, SMALL_FRAME_BYTES],
      [FIRST, SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES, 0],
      [segmentName(4), 0, 0],
      [segmentName(4), 0, SEGMENT_HEADER_BYTES],
    ]);
  });
});

describe("settling the tail", () => {
  test("saves what is torn aside, cuts it off, and is done once", async () => {
    const disk = await build([["a"], ["b"]], true);
    const at = SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES;
    disk.flipBit(FIRST, at + 3, 1);
    // Zeros at the end are not part of what is saved; the file ends with the key and padding.
    const tail = disk.bytesOf(FIRST).subarray(at, at + SMALL_FRAME_BYTES - 4);
    const { reading } = await readAll(disk);
    const copy = await settleTail(disk, reading);
    expect(copy).toBe(`torn-log-0000000000000001-${at}.bin`);
    const after = disk.reboot({ mode: "drop" });
    expect(after.bytesOf(copy!)).toEqual(tail);
    expect(after.bytesOf(FIRST).length).toBe(at);
    const again = (await readAll(after)).reading;
    expect(again.end).toEqual({ kind: "clean" });
    expect(await settleTail(after, again)).toBe(null);
  });

  test("removes a segment of which nothing was written but a torn header", async () => {
    const disk = await build([["a"]]);
    disk.put(segmentName(2), Buffer.from("PYKV"));
    await settleTail(disk, (await readAll(disk)).reading);
    expect(disk.names()).toEqual([FIRST, "torn-log-0000000000000002-0.bin"]);
  });

  test("cuts off reserved room", async () => {
    const disk = await build([["a"]], true);
    await settleTail(disk, (await readAll(disk)).reading);
    expect(disk.bytesOf(FIRST).length).toBe(SEGMENT_HEADER_BYTES + SMALL_FRAME_BYTES);
  });
});
