/**
 * One bit of the disk turned over, anywhere: the store that opens is the one that was closed, or it
 * does not open and says which file is damaged and where. No value that was never written is served.
 *
 * `verify` must call damaged whatever recovery refuses, and `salvage` must bring back everything but
 * the frame or the block that the bit was in.
 */
import { expect, test } from "vitest";
import { SNAPSHOT_HEADER_BYTES } from "../../src/format/snapshot.ts";
import { salvageDisk, verifyDisk } from "../../src/store/inspect.ts";
import { STRIDE, firstStep } from "../support/every-step.ts";
import { createRandom, randomBelow } from "../support/random.ts";
import { SimulatedDisk } from "../support/simulated-disk.ts";
import { expectSame } from "./recovery-check.ts";
import { run } from "./run.ts";
import { createSmallStore, stretchesOf } from "./small-store.ts";
import type { SmallStore, Stretch } from "./small-store.ts";
import { tableAfter, tableOf } from "./witness.ts";
import { openQuietly } from "./workload.ts";

const SALVAGE_STRIDE = 17;

interface Flip {
  readonly file: string;
  readonly at: number;
  readonly bit: number;
}

type Flippable = Pick<SmallStore, "disk" | "clock" | "witness">;

function flipped({ disk }: Flippable, { file, at, bit }: Flip): SimulatedDisk {
  const copy = new SimulatedDisk();
  for (const name of disk.names()) copy.put(name, disk.bytesOf(name));
  copy.flipBit(file, at, bit);
  return copy;
}

/** Null when the store opens, and then it is whole; else what it says. */
async function openFlipped(small: Flippable, flip: Flip): Promise<string | null> {
  const { clock, witness } = small;
  const start = openQuietly(flipped(small, flip), clock);
  const opened = await start.catch((error: unknown) => error as Error);
  if (opened instanceof Error) {
    expect(opened).toMatchObject({ code: "CORRUPTION" });
    return opened.message;
  }
  expectSame(tableOf(opened.engine), witness.tableAt(witness.lastSeq));
  await opened.close();
  return null;
}

async function checkVerify(small: Flippable, flip: Flip, refusal: string | null): Promise<void> {
  const findings: string[] = [];
  const { intact } = await verifyDisk(flipped(small, flip), (finding) => findings.push(finding));
  if (refusal === null) return;
  expect(intact).toBe(false);
  expect(findings.join("\n")).toContain(flip.file);
}

async function checkSalvage(
  small: SmallStore,
  flip: Flip,
  stretches: readonly Stretch[],
): Promise<void> {
  const { file, at } = flip;
  const lost = stretches.find((it) => it.file === file && at >= it.from && at < it.to);
  const isInBlock = !file.startsWith("snapshot-") || at >= SNAPSHOT_HEADER_BYTES;
  const { effects } = small.witness;
  const left = effects.filter((effect) => !(isInBlock && lost?.isLost(effect) === true));
  const target = new SimulatedDisk();
  const { damages } = await salvageDisk(flipped(small, flip), target, () => undefined);
  const store = await openQuietly(target, small.clock, { capacityKeys: 0 });
  expectSame(tableOf(store.engine), tableAfter(left));
  if (left.length < effects.length) expect(damages).toBeGreaterThan(0);
  await store.close();
}

const CASES = [
  { name: "a log", snapshot: "none", mayOpen: /^$/ },
  { name: "a log and the snapshot before it", snapshot: "alone", mayOpen: /^$/ },
  { name: "a snapshot beside the whole log", snapshot: "beside", mayOpen: /^snapshot-/ },
] as const;

for (const { name, snapshot, mayOpen } of CASES) {
  test(`a bit turned over in ${name} is found, and never served`, async () => {
    const small = await createSmallStore(snapshot);
    const stretches = await stretchesOf(small);
    let refused = 0;
    for (const file of small.disk.names()) {
      for (let at = firstStep() - 1; at < small.disk.bytesOf(file).length; at += STRIDE) {
        const flip = { file, at, bit: at % 8 };
        try {
          const refusal = await openFlipped(small, flip);
          if (refusal !== null) refused += 1;
          if (refusal !== null) expect(refusal).toMatch(new RegExp(`${file} at byte \\d+`));
          if (mayOpen.test(file)) expect(refusal).toBeNull();
          await checkVerify(small, flip, refusal);
          if (at % SALVAGE_STRIDE === 0) await checkSalvage(small, flip, stretches);
        } catch (cause) {
          throw new Error(`bit ${flip.bit} of byte ${at} of ${file}`, { cause });
        }
      }
    }
    expect(refused).toBeGreaterThan((snapshot === "alone" ? 900 : 300) / STRIDE);
  });
}

const SAMPLES = 300;

test("a bit turned over in a larger store is found, and never served", async () => {
  const larger = await run({ fsync: "always" });
  const seed = 11;
  const random = createRandom(seed);
  const files = larger.disk.names();
  for (let i = 0; i < SAMPLES; i += 1) {
    const file = files[randomBelow(random, files.length)]!;
    const at = randomBelow(random, larger.disk.bytesOf(file).length);
    const flip = { file, at, bit: randomBelow(random, 8) };
    try {
      await checkVerify(larger, flip, await openFlipped(larger, flip));
    } catch (cause) {
      throw new Error(`bit ${flip.bit} of byte ${at} of ${file}, seed ${seed}`, { cause });
    }
  }
});
