import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeIo } from "../../test/support/cli-io.ts";
import { openInBrowser, reachableUrl } from "./browser.ts";

const URL = "http://127.0.0.1:8000";
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pykv-browser-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Opens with a program of the test's own in place of the system's. */
async function openWith(name: string, script: string, platform: NodeJS.Platform) {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  const io = new FakeIo();
  io.env.PATH = `${folder}:/usr/bin:/bin`;
  io.env.DISPLAY = ":0";
  await openInBrowser(URL, io, platform);
  return io.complained;
}

test.each([
  ["xdg-open", "linux"],
  ["open", "darwin"],
] as const)("%s gets the address on %s", async (program, platform) => {
  const seen = join(folder, "seen");
  expect(await openWith(program, `echo "$@" > ${seen}`, platform)).toBe("");
  expect(readFileSync(seen, "utf8")).toBe(`${URL}\n`);
});

test("what can't open it is told, with the address", async () => {
  const failed = await openWith("xdg-open", "exit 3", "linux");
  expect(failed).toContain(`(xdg-open ended with 3); the console is at ${URL}`);
  const io = new FakeIo();
  await openInBrowser(URL, io, "linux");
  expect(io.complained).toContain("there is no display");
  io.env.DISPLAY = ":0";
  io.env.PATH = folder + "/none";
  await openInBrowser(URL, io, "linux");
  expect(io.complained).toContain("xdg-open is not installed");
  // spawn throws at once, as it does where the system starts no more programs.
  await openInBrowser(`${URL}/\0`, io, "linux");
  expect(io.complained).toMatch(/\(xdg-open: .*null bytes.*\); the console is at/);
});

test.each([
  ["http://0.0.0.0:8000", "http://127.0.0.1:8000"],
  ["http://[::]:8000", "http://[::1]:8000"],
  ["http://10.0.0.1:8000", "http://10.0.0.1:8000"],
])("%s is reached at %s", (address, url) => expect(reachableUrl(address)).toBe(url));
