/**
 * Import and export with the real command against a real server: what comes back is what was there,
 * byte for byte, and an import that is cut short goes on without losing anything.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../src/cli/program.ts";
import { RedisConnection } from "../../src/cli/redis/connection.ts";
import { LiveIo } from "../support/cli-io.ts";
import { startRedisServer } from "../support/redis-tools.ts";
import { testNeeding } from "../support/test-tools.ts";
import { runPykv, startPykv } from "../support/run-pykv.ts";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";

let server: ServerProcess;
let url: string;
const folder = mkdtempSync(join(tmpdir(), "pykv-transfer-"));
const file = (name: string) => join(folder, name);
let namespaces = 0;

/** A namespace of its own for each test. */
const fresh = () => `n${++namespaces}`;

beforeAll(async () => {
  server = await startServerProcess(["--data-dir", "none", "--max-memory", "256mb"]);
  url = `http://${server.address}`;
});

afterAll(async () => {
  await server.end("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** Runs a verb in this process, as the binary does; a process for each would take long. */
async function pykv(args: readonly string[], input?: string) {
  const io = new LiveIo();
  io.typed.end(input ?? "");
  const code = await runCli([...args, "--url", url], io);
  expect(io.complained).not.toMatch(/^\s+at /m);
  return { code, stdout: io.printed, stderr: io.complained };
}

async function keysIn(ns: string): Promise<number> {
  const reply = await fetch(`${url}/namespaces/${ns}/keys`);
  return ((await reply.json()) as { total_keys: number }).total_keys;
}

const sorted = (text: string) => text.trim().split("\n").sort();
const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `{"key":"k${i}","value":{"n":${i}}}\n`).join("");

const VALUES = [
  '{"key":"text","value":"h\u00e9llo \\n \\u0000 \u{1f600}"}',
  '{"key":"integer","value":9223372036854775807}',
  '{"key":"float","value":1.0}',
  '{"key":"spaces","value":{ "b": 1,  "a": [1, 2] }}',
  '{"key":"lines","value":"{\\n  \\"a\\": 1\\n}","encoding":"json"}',
  '{"key":"bytes","value":"/wCA","encoding":"base64"}',
  '{"key":"empty","value":""}',
  '{"key":"..","value":null}',
  `{"key":"${"long".repeat(2000)}","value":true}`,
];

for (const [name, args] of [
  ["a.ndjson", []],
  ["a.json", []],
  ["a.ndjson.gz", []],
  ["a.json.gz", []],
  ["a.txt", ["--format", "json", "--gzip"]],
] as const) {
  test(`values of all kinds go through ${[name, ...args].join(" ")} byte for byte`, async () => {
    const [from, to] = [fresh(), fresh()];
    const set = await pykv(["import", "--ns", from], VALUES.join("\n"));
    expect(set).toMatchObject({ code: 0, stderr: "" });
    expect(set.stdout).toMatch(/^set 9 of 9 records/);
    expect(await pykv(["export", file(name), "--ns", from, ...args])).toMatchObject({ code: 0 });
    const raw = readFileSync(file(name));
    const isGzip = name.endsWith(".gz") || args.length > 0;
    const text = (isGzip ? gunzipSync(raw) : raw).toString();
    if (text.startsWith("[")) expect(JSON.parse(text)).toHaveLength(VALUES.length);
    expect(await pykv(["import", file(name), "--ns", to])).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await pykv(["export", "--ns", to]);
    expect(sorted(stdout)).toEqual([...VALUES].sort());
    expect(existsSync(`${file(name)}.partial`)).toBe(false);
  });
}

test("all namespaces go into one file and come out of it where they were", async () => {
  const [one, two] = [fresh(), fresh()];
  const records = [one, two].map((ns) => `{"key":"a","value":"${ns}","namespace":"${ns}"}`);
  await pykv(["import"], records.join("\n"));
  const dump = await pykv(["export", "--all-namespaces"]);
  expect(dump.stdout.split("\n")).toEqual(expect.arrayContaining(records));
  for (const ns of [one, two]) await fetch(`${url}/namespaces/${ns}`, { method: "DELETE" });
  expect(await pykv(["import"], dump.stdout)).toMatchObject({ code: 0 });
  expect((await pykv(["export", "--ns", two])).stdout).toBe(`{"key":"a","value":"${two}"}\n`);
});

test("a deadline is kept as it was, and what has expired stays away", async () => {
  const [from, to] = [fresh(), fresh()];
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const records =
    `{"key":"later","value":1,"expires_at":"${expiresAt}"}\n` +
    '{"key":"past","value":1,"expires_at":"2020-01-01T00:00:00Z"}\n' +
    '{"key":"ttl","value":1,"ttl":1000}\n';
  const set = await pykv(["import", "--ns", from, "--json"], records);
  expect(JSON.parse(set.stdout)).toMatchObject({ read: 3, stored: 2, expired: 1 });
  const first = await pykv(["export", "--ns", from]);
  await pykv(["import", "--ns", to], first.stdout);
  const reply = await fetch(`${url}/kv/later?ns=${to}`);
  const { ttl } = (await reply.json()) as { ttl: number };
  // The way through two requests takes time, which no deadline may gain.
  expect(ttl * 1000).toBeLessThanOrEqual(Date.parse(expiresAt) - Date.now() + 1000);
  expect(ttl).toBeGreaterThan(3500);
});

test("--prefix, --if-absent and --dry-run choose what is set", async () => {
  const ns = fresh();
  const records = '{"key":"a:1","value":1}\n{"key":"a:2","value":2}\n{"key":"b:1","value":3}\n';
  const dry = await pykv(["import", "--ns", ns, "--dry-run", "--json"], records);
  expect(JSON.parse(dry.stdout)).toMatchObject({ read: 3, stored: 0, would_store: 3 });
  expect(await keysIn(ns)).toBe(0);
  await pykv(["import", "--ns", ns, "--prefix", "a:"], records);
  expect(await keysIn(ns)).toBe(2);
  const absent = await pykv(["import", "--ns", ns, "--if-absent", "--json"], records);
  expect(JSON.parse(absent.stdout)).toMatchObject({ stored: 1, kept: 2 });
  const some = await pykv(["export", "--ns", ns, "--prefix", "b:"]);
  expect(some.stdout).toBe('{"key":"b:1","value":3}\n');
});

test("a bad line ends the import, everything before it is stored, and --resume goes on", async () => {
  const ns = fresh();
  const path = file("bad.ndjson");
  const good = lines(2500);
  const more = lines(10).replaceAll('"k', '"z').replaceAll('"zey"', '"key"');
  writeFileSync(path, `${good}{"key":1}\n${more}`);
  const first = await pykv(["import", path, "--ns", ns]);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain('line 2501: "key" must be a string');
  expect(first.stderr).toContain(`everything before line 2501 is in the store`);
  expect(first.stderr).toContain(`pykv import ${path} --resume`);
  expect(await keysIn(ns)).toBe(2500);
  const other = await pykv(["import", path, "--ns", fresh(), "--resume"]);
  expect(other).toMatchObject({ code: 1, stdout: "" });
  expect(other.stderr).toContain("and this one is to");
  writeFileSync(path, `${good}{"key":"mended","value":1}\n${more}`);
  const rest = await pykv(["import", path, "--ns", ns, "--resume", "--json"]);
  expect(rest.code).toBe(0);
  expect(JSON.parse(rest.stdout)).toMatchObject({
    read: 2511,
    stored: 2511,
    resumed_from_line: 2501,
  });
  expect(await keysIn(ns)).toBe(2511);
  expect(existsSync(`${path}.import-state`)).toBe(false);
  const again = await pykv(["import", path, "--ns", ns, "--resume"]);
  expect(again).toMatchObject({ code: 2 });
  expect(again.stderr).toContain("there is nothing to resume");
});

test("a file that has changed where it was imported is not resumed", async () => {
  const path = file("changed.ndjson");
  writeFileSync(path, `${lines(1500)}x\n`);
  const ns = fresh();
  expect(await pykv(["import", path, "--ns", ns])).toMatchObject({ code: 1 });
  writeFileSync(path, `${lines(1500).replace("k0", "q0")}x\n`);
  const resumed = await pykv(["import", path, "--ns", ns, "--resume"]);
  expect(resumed).toMatchObject({ code: 1, stdout: "" });
  expect(resumed.stderr).toContain("has changed in the part that was imported");
});

test("--skip-bad passes over bad records, counts them and keeps them", async () => {
  const ns = fresh();
  const huge = `{"key":"huge","value":"${"x".repeat(17 * 1024 * 1024)}"}`;
  const bad = ["not json", '{"key":"a","value":1,"oops":1}', huge];
  const path = file("some-bad.ndjson");
  writeFileSync(path, ['{"key":"1","value":1}', ...bad, '{"key":"2","value":2}'].join("\n"));
  const kept = file("kept.ndjson");
  const { code, stdout, stderr } = await pykv([
    ...["import", path, "--ns", ns, "--skip-bad", "--bad-file", kept],
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/line 2: it is not JSON/);
  expect(stderr).toMatch(/line 3: unknown field "oops"/);
  expect(stderr).toMatch(/line 4: .*too large/i);
  expect(stdout).toMatch(/^set 2 of 5 records.*\n {2}3 were bad and passed over/);
  expect(readFileSync(kept, "utf8").trim().split("\n").sort()).toEqual([...bad].sort());
  expect(await keysIn(ns)).toBe(2);
});

test("damaged gzip and a cut array end the import, with what came before in the store", async () => {
  const ns = fresh();
  const cutGzip = gzipSync(lines(5000)).subarray(0, 8000);
  writeFileSync(file("cut.ndjson.gz"), cutGzip);
  const first = await pykv(["import", file("cut.ndjson.gz"), "--ns", ns]);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain("the gzip data is damaged");
  expect(await keysIn(ns)).toBeGreaterThan(0);
  const second = await pykv(["import", "--ns", fresh()], '[{"key":"a","value":1},');
  expect(second.code).toBe(1);
  expect(second.stderr).toContain("standard input: the input is cut short");
  expect(second.stderr).toContain("1 of the 1 records read so far are in the store");
});

for (const name of ["killed.ndjson", "killed.json.gz"]) {
  test(`an import of ${name} that is killed goes on, and loses nothing`, async () => {
    const ns = fresh();
    const path = file(name);
    const count = 20_000;
    const text = lines(count);
    const array = `[${text.trim().replaceAll("\n", ",\n")}]`;
    writeFileSync(path, name.endsWith("gz") ? gzipSync(array) : text);
    const state = file(`${name}.state`);
    const args = ["import", path, "--ns", ns, "--url", url, "--state", state, "--batch", "50"];
    const { child, ended } = startPykv(args);
    while (!existsSync(state)) await sleep(5);
    child.kill("SIGKILL");
    await ended;
    const { place } = JSON.parse(readFileSync(state, "utf8")) as { place: { line: number } };
    expect(place.line).toBeLessThanOrEqual(count);
    expect(await keysIn(ns)).toBeGreaterThanOrEqual(place.line - 1);
    const { code, stdout } = await pykv([
      ...args.slice(0, 4),
      "--state",
      state,
      "--resume",
      "--json",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ read: count, stored: count });
    const dump = await pykv(["export", "--ns", ns]);
    expect(digest(sorted(dump.stdout))).toBe(digest(sorted(text)));
    expect(existsSync(state)).toBe(false);
  });
}

const digest = (all: readonly string[]) =>
  createHash("sha256").update(all.join("\n")).digest("hex");

test("Ctrl-C ends an import in order, and it goes on from there", async () => {
  const ns = fresh();
  const path = file("stopped.ndjson");
  writeFileSync(path, lines(20_000));
  const { child, ended } = startPykv(["import", path, "--ns", ns, "--url", url, "--batch", "50"]);
  while (!existsSync(`${path}.import-state`)) await sleep(5);
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(/stopped by SIGINT: everything before line \d+ is in the store/);
  expect(await pykv(["import", path, "--ns", ns, "--resume"])).toMatchObject({ code: 0 });
  expect(await keysIn(ns)).toBe(20_000);
});

test("bad usage and what can't be read or reached is told, with its exit code", async () => {
  const nowhere = "http://127.0.0.1:1";
  const cases: [string[], number, RegExp][] = [
    [["import", file("none.ndjson")], 1, /cannot read .*none\.ndjson/],
    [["import", folder], 1, /it is a directory/],
    [["import", "x", "--from", "redis://h"], 2, /a file or --from, not both/],
    [["import", "--resume"], 2, /need a file/],
    [["import", "--bad-file", "x"], 2, /goes with --skip-bad/],
    [["import", "--ns", "a b"], 2, /--ns must be/],
    [["import", "--batch", "0"], 2, /whole number from 1/],
    [["import", "--from", "ftp://h"], 2, /--from must be an address/],
    [["import", "--from", "redis://127.0.0.1:1"], 1, /redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/],
    [["export", "--ns", "x", "--all-namespaces"], 2, /exclude each other/],
    [["export", "--ns", "a b"], 2, /namespace/],
    [["export", join(folder, "no/such/dir")], 1, /cannot write/],
  ];
  const runs = cases.map(async ([args, code, message]) => {
    const { code: actual, stderr } = await pykv(args);
    expect.soft({ args, code: actual }).toEqual({ args, code });
    expect.soft(stderr).toMatch(message);
  });
  await Promise.all(runs);
  for (const args of [["export"], ["import", "--patience", "0"]]) {
    const { code, stderr } = await runPykv([...args, "--url", nowhere], { input: lines(1) });
    expect.soft({ args, code }).toEqual({ args, code: 3 });
    expect.soft(stderr).not.toMatch(/^\s+at /m);
  }
});

const withRedis = testNeeding("redis-server");

withRedis(
  "strings of a Redis server come over with their deadlines, other types do not",
  async () => {
    const redis = await startRedisServer();
    const ns = fresh();
    try {
      const address = { host: "127.0.0.1", port: redis.port, isTls: false, user: null };
      const client = await RedisConnection.open({ ...address, password: null, database: 3 }, 5000);
      const bytes = Buffer.from([0xff, 0x00, 0x80]);
      await client.pipeline([
        ["SET", "text", "h\u00e9llo"],
        ["SET", "bytes", bytes],
        ["SET", "session", "1", "PX", "3600000"],
        ["SET", Buffer.from([0xff]), "key that is no text"],
        ["RPUSH", "list", "a"],
        ["SADD", "set*[x]", "a"],
        ...Array.from({ length: 1500 }, (_, i) => ["SET", `many:${i}`, String(i)]),
      ]);
      const from = `redis://127.0.0.1:${redis.port}/3`;
      const strict = await pykv(["import", "--from", from, "--ns", fresh()]);
      expect(strict.code).toBe(1);
      expect(strict.stderr).toMatch(/only strings can be imported|not UTF-8/);
      const all = await pykv(["import", "--from", from, "--ns", ns, "--skip-bad"]);
      expect(all.code).toBe(0);
      expect(all.stdout).toMatch(/3 were bad and passed over \(.*\b1 list\b.*\)/);
      expect(await keysIn(ns)).toBe(1503);
      const dump = await pykv(["export", "--ns", ns]);
      expect(dump.stdout).toContain('{"key":"text","value":"h\u00e9llo"}\n');
      expect(dump.stdout).toContain('{"key":"bytes","value":"/wCA","encoding":"base64"}\n');
      expect(dump.stdout).toMatch(/\{"key":"session","value":"1","expires_at":"[^"]+"\}/);
      const some = await pykv([
        ...["import", "--from", from, "--ns", fresh(), "--prefix", "many:1", "--json"],
      ]);
      expect(JSON.parse(some.stdout)).toMatchObject({ read: 611, stored: 611 });
      client.close();
    } finally {
      await redis.stop();
    }
  },
);

test("an export and an import are joined by a pipe, in any size", async () => {
  const [from, to] = [fresh(), fresh()];
  await pykv(["import", "--ns", from], lines(2500));
  const source = startPykv(["export", "--ns", from, "--url", url]);
  const target = startPykv(["import", "--ns", to, "--url", url, "--json"]);
  source.child.stdout.pipe(target.child.stdin);
  expect((await source.ended).code).toBe(0);
  const { code, stdout } = await target.ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout.toString())).toMatchObject({ read: 2500, stored: 2500 });
});
