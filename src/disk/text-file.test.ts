import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readTextFile, replaceTextFile } from "./text-file.ts";

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "pykv-text-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test("a file is replaced as a whole, keeps its rights, and leaves nothing beside it", async () => {
  const dir = directory();
  const path = join(dir, "pykv.yaml");
  writeFileSync(path, "old");
  chmodSync(path, 0o600);
  await replaceTextFile(path, "neu: ü\n");
  expect(await readTextFile(path)).toBe("neu: ü\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(["pykv.yaml"]);
});

test("a file that is not there is an error, and is not made", async () => {
  const dir = directory();
  await expect(replaceTextFile(join(dir, "none.yaml"), "x")).rejects.toMatchObject({
    code: "ENOENT",
  });
  expect(readdirSync(dir)).toEqual([]);
});

test("a file that can't be replaced stays as it was", async () => {
  const dir = directory();
  writeFileSync(join(dir, "file"), "old");
  await expect(replaceTextFile(join(dir, "file", "x"), "new")).rejects.toMatchObject({
    code: "ENOTDIR",
  });
  expect(readFileSync(join(dir, "file"), "utf8")).toBe("old");
});
