/** verify and salvage over directories that a store has made, sound and damaged. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LiveIo } from "../../../test/support/cli-io.ts";
import { open } from "../../index.ts";
import { runCli } from "../program.ts";

let folder: string;
let dir: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pykv-verbs-"));
  dir = join(folder, "data");
  const kv = await open({ dataDir: dir });
  for (const key of ["a", "b"]) await kv.set(key, "1");
  await kv.compact();
  for (const key of ["c", "d", "e"]) await kv.set(key, "1");
  await kv.close();
});

afterEach(() => rmSync(folder, { recursive: true }));

async function run(...argv: readonly string[]) {
  const io = new LiveIo();
  const code = await runCli(argv, io);
  expect(io.complained).not.toMatch(/^\s+at /m);
  return { code, out: io.printed, error: io.complained };
}

/** Damages the first record of the log. */
function damage(): void {
  const name = readdirSync(dir).find((each) => each.startsWith("log-"))!;
  const bytes = readFileSync(join(dir, name));
  bytes[64 + 82]! ^= 1;
  writeFileSync(join(dir, name), bytes);
}

test("an intact directory is called so, in words and in JSON", async () => {
  const summary = "intact: 2 entries in the snapshot, 3 records in the log\n";
  expect(await run("verify", dir)).toEqual({ code: 0, out: summary, error: "" });
  const { code, out } = await run("verify", dir, "--json");
  const verdict = { intact: true, entries: 2, records: 3, damages: 0, findings: [] };
  expect({ code, verdict: JSON.parse(out) as object }).toEqual({ code: 0, verdict });
});

test("a damaged one is too, with exit code 1, and salvage copies what is left", async () => {
  damage();
  const words = await run("verify", dir);
  expect(words.code).toBe(1);
  expect(words.out).toMatch(/log-\d+\.pykv at byte 64.*\n(.*\n)*DAMAGED: /);
  const json = await run("verify", dir, "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ intact: false, entries: 2 });
  const target = join(folder, "saved");
  const saved = await run("salvage", dir, target, "--json");
  expect(saved.code).toBe(0);
  expect(JSON.parse(saved.out)).toMatchObject({ entries: 4, target });
  expect(await run("verify", target)).toMatchObject({ code: 0 });
});

test("what is no data directory, in use or not empty is told in a sentence", async () => {
  expect(await run("verify", join(folder, "none"))).toMatchObject({ code: 1, out: "" });
  const full = await run("salvage", dir, dir);
  expect(full).toMatchObject({ code: 1 });
  expect(full.error).toContain("is not empty");
  const kv = await open({ dataDir: dir });
  const locked = await run("verify", dir, "--json");
  await kv.close();
  expect(locked.code).toBe(1);
  expect(JSON.parse(locked.error)).toMatchObject({ error: { code: "DATA_DIR_LOCKED" } });
});
