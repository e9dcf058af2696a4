/**
 * Files that somebody has deleted, or copied in from elsewhere: the start is refused, and says what is
 * missing, or nothing is lost. Only the end of a log can go unnoticed, and then what is left is the
 * store as it once was.
 */
import { expect, test } from "vitest";
import { parseSegmentName } from "../../src/format/segment.ts";
import { verifyDisk } from "../../src/store/inspect.ts";
import { SimulatedClock } from "../support/simulated-clock.ts";
import { SimulatedDisk } from "../support/simulated-disk.ts";
import { expectSame } from "./recovery-check.ts";
import { createSmallStore } from "./small-store.ts";
import type { SmallStore } from "./small-store.ts";
import { Witness, tableOf } from "./witness.ts";
import { openQuietly, openRig } from "./workload.ts";

function copyOf(disk: SimulatedDisk, without: readonly string[] = []): SimulatedDisk {
  const copy = new SimulatedDisk();
  for (const name of disk.names()) if (!without.includes(name)) copy.put(name, disk.bytesOf(name));
  return copy;
}

function namesOf({ disk }: SmallStore, start: string): string[] {
  return disk.names().filter((name) => name.startsWith(start));
}

/** The start is refused with words that match, and verify says damaged. */
async function expectRefused(disk: SimulatedDisk, words: RegExp): Promise<void> {
  const start = openQuietly(copyOf(disk), new SimulatedClock());
  await expect(start).rejects.toMatchObject({
    code: "CORRUPTION",
    message: expect.stringMatching(words) as string,
  });
  const findings: string[] = [];
  const { intact } = await verifyDisk(disk, (finding) => findings.push(finding));
  expect(intact).toBe(false);
  expect(findings.length).toBeGreaterThan(0);
}

async function expectWhole(disk: SimulatedDisk, { clock, witness }: SmallStore): Promise<void> {
  const store = await openQuietly(disk, clock, { capacityKeys: 0 });
  expectSame(tableOf(store.engine), witness.tableAt(witness.lastSeq));
  await store.close();
}

/** Four segments and no snapshot. */
async function createSegments(): Promise<SmallStore> {
  const disk = new SimulatedDisk();
  const clock = new SimulatedClock();
  const witness = new Witness();
  const { store } = await openRig(disk, clock, witness, { capacityKeys: 0 });
  for (let i = 1; i <= 12; i += 1) {
    await store.set({ namespace: "default", key: `key-${i}`, kind: "text", value: `${i}` });
    if (i % 3 === 0 && i < 12) await store.engine.journal.roll();
  }
  await store.close();
  return { snapshot: "none", disk, clock, witness, startSeq: 0 };
}

test("a segment deleted from the start or the middle is missed, by its records", async () => {
  const small = await createSegments();
  const [first, second, third] = namesOf(small, "log-");
  const gone = [
    [first, /seq 1 to 3 are missing before this segment/],
    [second, /seq 4 to 6 are missing before this segment/],
    [third, /seq 7 to 9 are missing before this segment/],
  ] as const;
  for (const [name, words] of gone) await expectRefused(copyOf(small.disk, [name!]), words);
});

test("a last segment deleted leaves the store as it was before it", async () => {
  const small = await createSegments();
  const last = namesOf(small, "log-").at(-1)!;
  const store = await openQuietly(copyOf(small.disk, [last]), small.clock, { capacityKeys: 0 });
  const lastSeq = parseSegmentName(last)! - 1;
  expectSame(tableOf(store.engine), small.witness.tableAt(lastSeq));
  await store.close();
});

test("a snapshot deleted after the log was cut short is missed", async () => {
  const small = await createSmallStore("alone");
  const [snapshot] = namesOf(small, "snapshot-");
  await expectRefused(copyOf(small.disk, [snapshot!]), /seq 1 to 12 are missing/);
});

test("a snapshot deleted while the log still reaches back is not missed", async () => {
  const small = await createSmallStore("beside");
  await expectWhole(copyOf(small.disk, namesOf(small, "snapshot-")), small);
});

test("a log deleted beside its snapshot is missed", async () => {
  for (const kind of ["alone", "beside"] as const) {
    const small = await createSmallStore(kind);
    await expectRefused(copyOf(small.disk, namesOf(small, "log-")), /log.*missing/);
  }
});

test("a damaged snapshot with no log is no empty store", async () => {
  for (const kind of ["alone", "beside"] as const) {
    const small = await createSmallStore(kind);
    const [snapshot] = namesOf(small, "snapshot-");
    const copy = copyOf(small.disk, namesOf(small, "log-"));
    copy.flipBit(snapshot!, 100, 3);
    await expectRefused(copy, new RegExp(`${snapshot!} at byte \\d+: .*nothing can stand in`));
  }
});

test("a damaged snapshot that outlived the end of its log is not passed over", async () => {
  const small = await createSmallStore("beside");
  const [snapshot] = namesOf(small, "snapshot-");
  const copy = copyOf(small.disk, namesOf(small, "log-").slice(1));
  copy.put(namesOf(small, "log-")[0]!, cutShort(small));
  copy.flipBit(snapshot!, 100, 3);
  await expectRefused(copy, new RegExp(`${snapshot!} at byte \\d+: .*nothing can stand in`));
});

/** The first segment with its header and its first frame, as if the disk had forgotten the rest. */
function cutShort(small: SmallStore): Buffer {
  const bytes = small.disk.bytesOf(namesOf(small, "log-")[0]!);
  const second = bytes.indexOf("PKVF", bytes.indexOf("PKVF") + 4);
  return bytes.subarray(0, second);
}

test("a segment or a snapshot of another store is refused", async () => {
  const small = await createSegments();
  const other = await createSegments();
  for (const name of namesOf(small, "log-").slice(1)) {
    const copy = copyOf(small.disk, [name]);
    copy.put(name, other.disk.bytesOf(name));
    await expectRefused(
      copy,
      new RegExp(`${name} at byte 0: the segment belongs to another store`),
    );
  }
  const one = await createSmallStore("alone");
  const two = await createSmallStore("alone");
  const [snapshot] = namesOf(one, "snapshot-");
  const copy = copyOf(one.disk, [snapshot!]);
  copy.put(snapshot!, two.disk.bytesOf(snapshot!));
  await expectRefused(copy, /belongs to another store/);
});

test("files that are none of the store's are left alone", async () => {
  const small = await createSmallStore("alone");
  small.disk.put("README", Buffer.from("notes"));
  small.disk.put("log-1.pykv", Buffer.from("not a segment's name"));
  await expectWhole(small.disk, small);
  expect(small.disk.names()).toEqual(expect.arrayContaining(["README", "log-1.pykv"]));
});
