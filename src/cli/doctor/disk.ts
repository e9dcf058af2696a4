/**
 * Checks of the disk under the data directory: what it is, how much room it has, and how long it takes
 * to make a write durable, which is what a client waits for under `--fsync always`.
 */
import { mkdtemp, open, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Histogram } from "../../base/histogram.ts";
import { GiB, KiB, MiB } from "../../base/units.ts";
import { countText, latencyText, sizeText } from "../terminal/figures.ts";
import { fail, ok, reasonOf, warn, type Finding } from "./check.ts";

/** Magic numbers of statfs(2), for those that change what a server can promise. */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext4"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x2fc12fc1, "zfs"],
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
  [0x794c7630, "overlayfs"],
  [0x6969, "nfs"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb2"],
  [0x01021997, "9p"],
  [0x65735546, "fuse"],
]);

const FILE_SYSTEM_ADVICE: ReadonlyMap<string, string> = new Map([
  ["tmpfs", "it is memory: nothing survives a reboot. Choose a directory on a disk (--data-dir)"],
  ["ramfs", "it is memory: nothing survives a reboot. Choose a directory on a disk (--data-dir)"],
  ["overlayfs", "it is a container's own layer, and goes with the container. Mount a volume"],
  ["nfs", "a sync over the network is slow, and locks may not hold. Use a local disk"],
  ["cifs", "a sync over the network is slow, and locks may not hold. Use a local disk"],
  ["smb2", "a sync over the network is slow, and locks may not hold. Use a local disk"],
  ["9p", "it is shared from another system: whether a sync reaches a disk is up to that"],
  ["fuse", "it is a program's file system: whether a sync reaches a disk is up to that"],
]);

const FREE_FAIL_BYTES = 128 * MiB;
const FREE_WARN_BYTES = GiB;
const FREE_SHARE_WARN = 0.05;

const WRITE_BYTES = 4 * KiB;
const SYNCS_MAX = 200;
const SYNC_TIME_MS_MAX = 2000;
const SLOW_MS = 10;
const VERY_SLOW_MS = 100;
/** No disk is that quick: what returns sooner has not asked one. */
const UNBELIEVABLE_MS = 0.02;
const SECOND_MS = 1000;

/** The directory itself, or the nearest of its parents that is there. */
export async function existingDirectory(dir: string): Promise<string> {
  for (let at = resolve(dir); ; at = dirname(at)) {
    const isThere = await stat(at).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isThere || at === dirname(at)) return at;
  }
}

export async function checkSpace(dir: string): Promise<Finding> {
  const { bavail, bsize, blocks } = await statfs(dir);
  const free = bavail * bsize;
  const total = blocks * bsize;
  const detail = `${sizeText(free)} free of ${sizeText(total)}`;
  const figures = { free, total };
  const advice = "make room, or choose another disk with --data-dir; writes stop when it is full";
  if (free < FREE_FAIL_BYTES) return fail("disk space", detail, advice, figures);
  const isLittle = free < FREE_WARN_BYTES || free < total * FREE_SHARE_WARN;
  return isLittle ? warn("disk space", detail, advice, figures) : ok("disk space", detail, figures);
}

export async function checkFileSystem(dir: string): Promise<Finding> {
  const { type } = await statfs(dir);
  const name = FILE_SYSTEMS.get(type >>> 0);
  const shown = name ?? `type 0x${(type >>> 0).toString(16)}`;
  const advice = name === undefined ? undefined : FILE_SYSTEM_ADVICE.get(name);
  const detail = `${shown} at ${dir}`;
  return advice === undefined
    ? ok("file system", detail, { type: shown })
    : warn("file system", detail, advice, { type: shown });
}

/** Writes blocks to a file of its own in the directory, syncing each as the log does. */
export async function checkSyncs(dir: string): Promise<Finding> {
  const name = "disk speed";
  let histogram: Histogram;
  try {
    histogram = await measureSyncs(dir);
  } catch (error) {
    const advice = "make it writable for the user that runs the server, or choose --data-dir";
    return fail(name, `can't write in ${dir}: ${reasonOf(error)}`, advice);
  }
  const p50 = histogram.percentileMs(0.5);
  const p99 = histogram.percentileMs(0.99);
  const figures = { p50_ms: p50, p99_ms: p99, syncs: histogram.count };
  const rate = Math.round(SECOND_MS / Math.max(p50, UNBELIEVABLE_MS));
  const detail =
    `fdatasync takes ${latencyText(p50)} (p50), ${latencyText(p99)} (p99): about ` +
    `${countText(rate)} durable writes a second for one client, more for many`;
  const slow = "a faster disk, many clients at once, or --fsync everysec if a second may be lost";
  if (p50 > VERY_SLOW_MS) return fail(name, detail, slow, figures);
  if (p50 > SLOW_MS) return warn(name, detail, slow, figures);
  if (p50 < UNBELIEVABLE_MS) {
    const advice = "no disk is that quick: what was synced may not survive a power cut";
    return warn(name, detail, advice, figures);
  }
  return ok(name, detail, figures);
}

async function measureSyncs(dir: string): Promise<Histogram> {
  const folder = await mkdtemp(join(dir, ".pykv-doctor-"));
  try {
    const file = await open(join(folder, "probe"), "w");
    try {
      // Room is reserved ahead, as in the log, so that a sync writes data alone.
      await file.write(Buffer.alloc(SYNCS_MAX * WRITE_BYTES), 0, undefined, 0);
      await file.sync();
      const block = Buffer.alloc(WRITE_BYTES, 1);
      const histogram = new Histogram();
      const endMs = performance.now() + SYNC_TIME_MS_MAX;
      for (let i = 0; i < SYNCS_MAX && performance.now() < endMs; i++) {
        await file.write(block, 0, WRITE_BYTES, i * WRITE_BYTES);
        const startMs = performance.now();
        await file.datasync();
        histogram.record(performance.now() - startMs);
      }
      return histogram;
    } finally {
      await file.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
