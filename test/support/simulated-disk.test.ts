/**
 * The simulated disk forgets exactly what a disk may forget.
 */
import { describe, expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { SimulatedDisk } from "./simulated-disk.ts";
import type { RebootMode } from "./simulated-disk.ts";

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "ok",
    (error: unknown) => String((error as { code?: unknown }).code),
  );
}

/** A synced file of 2000 bytes "a", then unsynced bytes "b" in its middle and behind its end. */
async function halfSynced(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const file = await disk.create("f");
  await file.write(Buffer.alloc(2000, "a"), 0);
  await file.sync();
  await disk.syncDirectory();
  await file.write(Buffer.alloc(2000, "b"), 1000);
  return disk;
}

describe("a reboot", () => {
  const cases: readonly [RebootMode, string][] = [
    ["drop", "a".repeat(2000)],
    ["keep", "a".repeat(1000) + "b".repeat(2000)],
  ];
  for (const [mode, content] of cases) {
    test(`with mode ${mode} leaves the synced bytes, and of the others what it says`, async () => {
      const after = (await halfSynced()).reboot({ mode });
      expect(after.bytesOf("f").toString("latin1")).toBe(content);
    });
  }

  test("with mode tear leaves sectors old, new or zero, never the synced ones lost", async () => {
    const disk = await halfSynced();
    const seen = new Set<string>();
    for (let seed = 1; seed <= 200; seed += 1) {
      const bytes = disk.reboot({ mode: "tear", random: createRandom(seed) }).bytesOf("f");
      const text = bytes.toString("latin1");
      expect(text.slice(0, 1000)).toBe("a".repeat(1000));
      expect(text.slice(1000, 2000)).toMatch(/^[ab]{1000}$/);
      expect(text.slice(2000)).toMatch(/^[b\0]*$/);
      for (const at of [1000, 1024, 1536, 2048])
        expect(new Set(text.slice(at, at + 24)).size).toBeLessThan(2);
      seen.add(text);
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  test("is repeated exactly by its seed", async () => {
    const disk = await halfSynced();
    const once = disk.reboot({ mode: "tear", random: createRandom(7) }).bytesOf("f");
    expect(disk.reboot({ mode: "tear", random: createRandom(7) }).bytesOf("f")).toEqual(once);
  });

  test("forgets names that were not synced, in order", async () => {
    const disk = new SimulatedDisk();
    for (const name of ["a", "b"]) await (await disk.create(name)).sync();
    await disk.rename("a", "c");
    await disk.remove("b");
    expect(disk.reboot({ mode: "drop" }).names()).toEqual([]);
    expect(disk.reboot({ mode: "keep" }).names()).toEqual(["c"]);
    const seen = new Set<string>();
    for (let seed = 1; seed <= 100; seed += 1) {
      seen.add(
        disk
          .reboot({ mode: "tear", random: createRandom(seed) })
          .names()
          .join(),
      );
    }
    expect([...seen].sort()).toEqual(["", "a", "a,b", "b,c", "c"]);
    await disk.syncDirectory();
    expect(disk.reboot({ mode: "drop" }).names()).toEqual(["c"]);
  });
});

describe("a step", () => {
  test("that crashes has done its work, and all later ones fail", async () => {
    const disk = new SimulatedDisk();
    const file = await disk.create("f");
    await disk.syncDirectory();
    disk.crashAt(disk.steps + 2);
    await file.write(Buffer.from("one"), 0);
    expect(() => file.writeNow(Buffer.from("two"), 3)).toThrow("CRASHED");
    expect(await codeOf(file.sync())).toBe("CRASHED");
    expect(await codeOf(disk.list())).toBe("CRASHED");
    expect(disk.reboot({ mode: "keep" }).bytesOf("f").toString()).toBe("onetwo");
    expect(disk.reboot({ mode: "drop" }).bytesOf("f").toString()).toBe("");
  });

  test("a sync that crashes makes nothing durable", async () => {
    const disk = new SimulatedDisk();
    const file = await disk.create("f");
    await disk.syncDirectory();
    await file.write(Buffer.from("one"), 0);
    disk.crashAt(disk.steps + 1);
    expect(await codeOf(file.sync())).toBe("CRASHED");
    expect(disk.reboot({ mode: "drop" }).bytesOf("f").length).toBe(0);
  });

  test("fails as it was told, once or from then on, by kind", async () => {
    const disk = new SimulatedDisk();
    const file = await disk.create("f");
    disk.inject({ code: "EIO", kinds: ["sync"] });
    await file.write(Buffer.from("x"), 0);
    expect([await codeOf(file.sync()), await codeOf(file.sync())]).toEqual(["EIO", "ok"]);
    disk.inject({ code: "ENOSPC", kinds: ["write"], lasting: true });
    for (let i = 0; i < 2; i += 1) {
      expect(await codeOf(file.write(Buffer.from("y"), 0))).toBe("ENOSPC");
    }
    disk.clearInjections();
    disk.inject({ code: "EIO", fromStep: disk.steps + 2 });
    expect([await codeOf(disk.list()), await codeOf(disk.list())]).toEqual(["ok", "EIO"]);
  });

  test("that would pass the capacity writes what fits and fails", async () => {
    const disk = new SimulatedDisk();
    const file = await disk.create("f");
    disk.capacityBytes = 10;
    await file.write(Buffer.alloc(8, "a"), 0);
    expect(await codeOf(file.write(Buffer.alloc(8, "b"), 4))).toBe("ENOSPC");
    expect(disk.bytesOf("f").toString()).toBe("aaaabbbbbb");
    await file.write(Buffer.alloc(10, "c"), 0);
    expect(await disk.freeBytes()).toBe(0);
  });
});
