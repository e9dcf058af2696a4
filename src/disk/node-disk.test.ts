/**
 * The real disk and its lock file, in temporary directories.
 */
import { spawnSync } from "node:child_process";
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PyKVError } from "../base/errors.ts";
import { acquireLock } from "./lock.ts";
import { NodeDisk } from "./node-disk.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "pykv-disk-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

describe("a directory", () => {
  test("is made with its parents", async () => {
    const disk = await NodeDisk.open(path.join(directory, "a", "b", "c"));
    expect(statSync(disk.directory).isDirectory()).toBe(true);
    expect(await disk.list()).toEqual([]);
    expect(await disk.freeBytes()).toBeGreaterThan(0);
  });

  test("that is a file is refused by name", async () => {
    const file = path.join(directory, "file");
    writeFileSync(file, "");
    const error = await errorOf(NodeDisk.open(file));
    expect(error).toMatchObject({ code: "DATA_DIR_UNUSABLE" });
    expect(String(error)).toContain(file);
  });

  test("lists, renames and removes files, and keeps node's error codes", async () => {
    const disk = await NodeDisk.open(directory);
    await (await disk.create("a")).close();
    await disk.rename("a", "b");
    await disk.syncDirectory();
    expect(await disk.list()).toEqual(["b"]);
    expect(await errorOf(disk.create("b"))).toMatchObject({ code: "EEXIST" });
    expect(await errorOf(disk.open("a", "read"))).toMatchObject({ code: "ENOENT" });
    expect(await errorOf(disk.remove("a"))).toMatchObject({ code: "ENOENT" });
    await disk.remove("b");
    expect(await disk.list()).toEqual([]);
  });
});

describe("a file", () => {
  test("is written and read at positions, synced, cut and measured", async () => {
    const disk = await NodeDisk.open(directory);
    const file = await disk.create("f");
    await file.write(Buffer.from("hello world"), 0);
    file.writeNow(Buffer.from("W"), 6);
    await file.write(Buffer.alloc(0), 3);
    await file.sync();
    const target = Buffer.alloc(20);
    expect(await file.read(target, 0)).toBe(11);
    expect(target.toString("latin1", 0, 11)).toBe("hello World");
    expect(await file.read(target, 11)).toBe(0);
    expect(await file.read(target.subarray(0, 3), 6)).toBe(3);
    await file.truncate(5);
    expect(await file.size()).toBe(5);
    await file.close();
    await file.close();
    expect(readFileSync(path.join(directory, "f"), "latin1")).toBe("hello");
  });

  test("opened for reading cannot be written", async () => {
    const disk = await NodeDisk.open(directory);
    await (await disk.create("f")).close();
    const file = await disk.open("f", "read");
    expect(await errorOf(file.write(Buffer.from("x"), 0))).toMatchObject({ code: "EBADF" });
    await file.close();
  });
});

describe("the lock", () => {
  const lockFile = (): string => path.join(directory, "LOCK");
  const holder = (): Record<string, unknown> => {
    return JSON.parse(readFileSync(lockFile(), "utf8")) as Record<string, unknown>;
  };

  test("is refused while held, naming pid and file, and free after release", async () => {
    const lock = await acquireLock(directory);
    const error = await errorOf(acquireLock(directory));
    expect(error).toBeInstanceOf(PyKVError);
    expect(error).toMatchObject({
      code: "DATA_DIR_LOCKED",
      detail: `process ${process.pid} holds it (${lockFile()})`,
    });
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
    await (await acquireLock(directory)).release();
  });

  test("of a process that is gone is taken over", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(lockFile(), JSON.stringify({ pid, startTime: "1", bootId: null, token: "x" }));
    const lock = await acquireLock(directory);
    expect(holder().pid).toBe(process.pid);
    expect(readdirSync(directory)).toEqual(["LOCK"]);
    await lock.release();
  });

  test.skipIf(process.platform !== "linux")(
    "of a pid used again, or of another boot, is taken over",
    async () => {
      await acquireLock(directory);
      const own = holder();
      for (const stale of [{ startTime: "1" }, { bootId: "another" }]) {
        writeFileSync(lockFile(), JSON.stringify({ ...own, ...stale, token: "x" }));
        const lock = await acquireLock(directory);
        expect(holder().token).not.toBe("x");
        await lock.release();
      }
    },
  );

  for (const content of ["", "{", "null", '{"pid":0}', '{"pid":"1","token":"x"}']) {
    test(`with content ${JSON.stringify(content)} is taken over`, async () => {
      writeFileSync(lockFile(), content);
      const lock = await acquireLock(directory);
      expect(holder().pid).toBe(process.pid);
      await lock.release();
    });
  }

  test("is released only by who holds it", async () => {
    const lock = await acquireLock(directory);
    const other = JSON.stringify({ ...holder(), token: "other" });
    writeFileSync(lockFile(), other);
    await lock.release();
    expect(readFileSync(lockFile(), "utf8")).toBe(other);
  });

  test("is taken over although an earlier takeover died half-way", async () => {
    writeFileSync(lockFile(), "{}");
    writeFileSync(`${lockFile()}.takeover`, "");
    utimesSync(`${lockFile()}.takeover`, 1, 1);
    const lock = await acquireLock(directory);
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("that is stale goes to exactly one of many who want it", async () => {
    for (let round = 0; round < 10; round += 1) {
      writeFileSync(
        lockFile(),
        JSON.stringify({ pid: 1 << 29, startTime: null, bootId: null, token: "x" }),
      );
      const tries = Array.from({ length: 8 }, () => acquireLock(directory));
      const results = await Promise.allSettled(tries);
      const won = results.filter((result) => result.status === "fulfilled");
      expect(won).toHaveLength(1);
      await won[0]!.value.release();
      expect(readdirSync(directory)).toEqual([]);
    }
  });
});
