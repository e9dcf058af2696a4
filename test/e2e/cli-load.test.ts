/** `pykv bench` and `pykv load-test` against real servers, honest ones and one that lies. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Comparison } from "../../src/cli/load/compare.ts";
import type { QuickBenchmark } from "../../src/cli/load/quick.ts";
import type { LoadReport } from "../../src/cli/load/report.ts";
import { runCli } from "../../src/cli/program.ts";
import { LiveIo } from "../support/cli-io.ts";
import { startPykv } from "../support/run-pykv.ts";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";
import { startLyingProxy, type Lie } from "./lying-proxy.ts";

const directory = mkdtempSync(join(tmpdir(), "pykv-load-"));
let server: ServerProcess;
let url: string;

beforeAll(async () => {
  server = await startServerProcess(["--data-dir", join(directory, "data")]);
  url = `http://${server.address}`;
});

afterAll(async () => {
  await server.end("SIGKILL");
  rmSync(directory, { recursive: true });
});

async function run(...args: readonly string[]) {
  const io = new LiveIo();
  const code = await runCli(args, io);
  expect(io.complained).not.toMatch(/^\s+at /m);
  return { code, printed: io.printed, complained: io.complained };
}

async function load(...args: readonly string[]): Promise<{ code: number; report: LoadReport }> {
  const { code, printed, complained } = await run("load-test", "--url", url, "--json", ...args);
  expect(complained).toBe("");
  return { code, report: JSON.parse(printed) as LoadReport };
}

/** Keys on the server, in all namespaces. */
async function keysLeft(): Promise<number> {
  const stats = (await (await fetch(`${url}/stats`)).json()) as { total_keys: number };
  return stats.total_keys;
}

const DOORS = [
  ["REST", () => []],
  ["the Redis protocol", () => ["--resp", server.respAddress]],
] as const;

for (const [door, flags] of DOORS) {
  test(`load over ${door}: every operation counted, every reply right, nothing left`, async () => {
    const shape = ["--operations", "1500", "--concurrent", "20", "--keys", "50"];
    const keys = ["--namespaces", "3", "--value-size", "20-300", "--key-distribution", "zipf"];
    const { code, report } = await load(...shape, ...keys, ...flags(), "--verify");
    expect(code).toBe(0);
    const { figures, verification } = report;
    expect(figures).toMatchObject({ operations: 1500, errors: 0, errorKinds: [], unsent: 0 });
    const { get, set, delete: deletes } = figures.perOperation;
    expect(get!.latency.count + set!.latency.count + deletes!.latency.count).toBe(1500);
    expect(get!.found).toBeGreaterThan(0);
    expect(verification).toMatchObject({ violations: 0, notJudged: 0 });
    expect(verification!.judged).toBeGreaterThanOrEqual(get!.latency.count);
    expect(await keysLeft()).toBe(0);
  });

  test(`bench over ${door}: every phase, nothing left`, async () => {
    const shape = ["--operations", "200", "--threads", "10", "--value-size", "100"];
    const { code, printed } = await run("bench", "--url", url, ...flags(), ...shape, "--json");
    expect(code).toBe(0);
    const { phases, errors } = JSON.parse(printed) as QuickBenchmark;
    expect(errors).toBe(0);
    const names = ["writes", "reads", "mixed", "writes, TTL", "reads, TTL"];
    expect(phases.map(({ name }) => name)).toEqual(names);
    for (const { figures } of phases) expect(figures.operations).toBe(200);
    expect(phases[1]!.figures.perOperation.get!.found).toBe(200);
    expect(await keysLeft()).toBe(0);
  });
}

test("an open loop sends what the rate says, and times to live are known to --verify", async () => {
  const shape = ["--rate", "400", "--duration", "1s", "--concurrent", "10", "--keys", "20"];
  const { code, report } = await load(...shape, "--ttl", "300ms", "--verify", "--prefill");
  expect(code).toBe(0);
  const { operations, unsent, errors } = report.figures;
  expect({ all: operations + unsent, errors }).toEqual({ all: 400, errors: 0 });
  expect(report.verification).toMatchObject({ violations: 0 });
});

test("--keep leaves the keys, a warm-up is not counted, a seed repeats the operations", async () => {
  const shape = ["--operations", "100", "--concurrent", "1", "--keys", "10", "--seed", "5"];
  const counts = async (...more: readonly string[]): Promise<unknown> => {
    const { perOperation, operations } = (await load(...shape, ...more)).report.figures;
    const { get, set } = perOperation;
    return [operations, get!.latency.count, set!.latency.count];
  };
  const first = await counts("--ns", "kept", "--keep");
  expect(await keysLeft()).toBeGreaterThan(0);
  await fetch(`${url}/namespaces/kept`, { method: "DELETE" });
  expect(await counts("--warmup", "100ms")).toEqual(first);
});

test("reports are written as JSON and as a page", async () => {
  const [json, html] = [join(directory, "r.json"), join(directory, "r.html")];
  const shape = ["--operations", "100", "--concurrent", "5"];
  const { printed } = await run(
    "load-test",
    "--url",
    url,
    ...shape,
    "--report",
    json,
    "--report",
    html,
  );
  expect(printed).toContain("100 operations in");
  expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ figures: { operations: 100 } });
  expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>.*<svg.*<\/html>\n$/s);
});

const LIES: [Lie, RegExp][] = [
  ["drop a write", /lost|stale/],
  ["drop a delete", /stale/],
  ["alter a write", /garbage/],
  ["read the past", /stale/],
];
for (const [lie, kind] of LIES) {
  test(`a server that is made to ${lie} is found out, with key, expected and got`, async () => {
    const proxy = await startLyingProxy(server.address, lie);
    onTestFinished(() => proxy.close());
    const ratios = ["--set-ratio", "0.3", "--get-ratio", "0.5", "--delete-ratio", "0.2"];
    const shape = ["--operations", "600", "--concurrent", "8", "--keys", "20", ...ratios];
    const args = ["load-test", "--url", proxy.url, ...shape, "--verify"];
    const { code, printed } = await run(...args);
    expect(proxy.lies()).toBeGreaterThan(0);
    expect(code).toBe(1);
    expect(printed).toMatch(/\d+ keys answered wrongly, of [\d,]+ replies/);
    const [, found] =
      /(?:get|delete) of load:[0-9a-f]{8}:\d+ in default: (\w+)\n +expected .+\n +got +.+/.exec(
        printed,
      )!;
    expect(found).toMatch(kind);
  });
}

test("the same proxy, honest, is found right", async () => {
  const proxy = await startLyingProxy(server.address, "none");
  onTestFinished(() => proxy.close());
  const shape = ["--operations", "500", "--concurrent", "8", "--keys", "30"];
  const { code, printed } = await run("load-test", "--url", proxy.url, ...shape, "--verify");
  expect(code).toBe(0);
  expect(printed).toMatch(/Verified: all [\d,]+ replies are right/);
});

/** Waits until a server has answered this many operations. */
async function untilAnswered(address: string, operations: number): Promise<void> {
  for (;;) {
    try {
      const reply = await fetch(`${address}/performance`);
      const { total_operations: total } = (await reply.json()) as { total_operations: number };
      if (total >= operations) return;
    } catch {
      // It is not there yet.
    }
    await sleep(50);
  }
}

test("across a kill -9 and a restart nothing acknowledged is lost, and the load goes on", async () => {
  const dataDir = join(directory, "killed");
  const first = await startServerProcess(["--data-dir", dataDir]);
  const address = `http://${first.address}`;
  const shape = ["--duration", "10m", "--concurrent", "20", "--keys", "200", "--verify"];
  const { child, ended } = startPykv(["load-test", "--url", address, "--json", ...shape]);
  await untilAnswered(address, 500);
  await first.end("SIGKILL");
  const flags = ["--port", new URL(address).port, "--resp-port", "0", "--data-dir", dataDir];
  const second = startPykv(["serve", ...flags]);
  onTestFinished(async () => {
    second.child.kill("SIGKILL");
    await second.ended;
  });
  await untilAnswered(address, 500);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  expect(stderr).toBe("");
  expect(code).toBe(130);
  const { figures, verification, leftBehind } = JSON.parse(stdout.toString()) as LoadReport;
  expect(verification).toMatchObject({ violations: 0, examples: [] });
  expect(verification!.judged).toBeGreaterThan(500);
  expect(figures.errors).toBeGreaterThan(0);
  const kinds = figures.errorKinds.map(({ kind }) => kind).join();
  expect(kinds).toMatch(/connection (refused|reset|closed)/);
  expect(leftBehind).toBeNull();
});

test("Ctrl-C stops the load and still prints the report", async () => {
  const before = (await (await fetch(`${url}/performance`)).json()) as { total_operations: number };
  const shape = ["--duration", "10m", "--concurrent", "5", "--rate", "200"];
  const { child, ended } = startPykv(["load-test", "--url", url, "--quiet", ...shape]);
  await untilAnswered(url, before.total_operations + 100);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toBe("");
  expect(stdout.toString()).toMatch(/\(interrupted\)[^]*[1-9][\d,]* operations in/);
  expect(await keysLeft()).toBe(0);
});

test("the variants of --compare are measured on servers of its own, which are gone after", async () => {
  const temporary = mkdtempSync(join(directory, "tmp-"));
  const shape = ["--operations", "100", "--threads", "5", "--rounds", "1"];
  const { ended } = startPykv(["bench", "--compare", ...shape, "--json"], { TMPDIR: temporary });
  const { code, stdout, stderr } = await ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const { variants, errors } = JSON.parse(stdout.toString()) as Comparison;
  expect(errors).toBe(0);
  expect(variants.map(({ name, phases }) => [name, phases.length])).toEqual([
    ["fsync always", 3],
    ["fsync everysec", 3],
    ["fsync no", 3],
    ["no disk at all", 3],
    ["everysec, evicting", 1],
  ]);
  for (const { against, phases } of variants) {
    for (const { ratio } of phases) expect(ratio === null).toBe(against === null);
  }
  expect(readdirSync(temporary)).toEqual([]);
});

/** Somebody who listens and speaks another language. */
async function startStranger(): Promise<string> {
  const stranger = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  });
  onTestFinished(() => void stranger.close());
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const address = stranger.address();
  return typeof address === "object" ? `127.0.0.1:${address?.port}` : "";
}

test("who speaks no HTTP, or not the Redis protocol, is told apart from a PyKV server", async () => {
  const address = await startStranger();
  for (const where of [
    ["--url", `http://${address}`],
    ["--resp", address],
  ]) {
    const { code, complained } = await run("bench", ...where);
    expect(code).toBe(3);
    expect(complained).toMatch(/^pykv: The server cannot be reached: .*malformed reply/);
  }
});

const WRONG: [string[], number, RegExp][] = [
  [["bench", "--url", "http://127.0.0.1:1"], 3, /cannot be reached.*connection refused/],
  [["load-test", "--resp", "127.0.0.1:1"], 3, /cannot be reached.*connection refused/],
  [["bench", "--url", "ftp://example.org"], 2, /"ftp:\/\/example.org" is no URL/],
  [["bench", "--resp", "redis://:%zz@127.0.0.1"], 2, /percent-encoded/],
  [["bench", "--resp", "::"], 2, /no address of a Redis door/],
  [["bench", "--ns", "a b"], 2, /"a b" is no namespace/],
  [["bench", "--operations", "0"], 2, /'--operations <number>' argument '0' is invalid/],
  [["bench", "--threads", "many"], 2, /a whole number from 1/],
  [
    ["load-test", "--set-ratio", "0.5", "--get-ratio", "0.7"],
    2,
    /must add up to 1.* add up to 1\.2$/m,
  ],
  [["load-test", "--set-ratio", "2"], 2, /a number from 0 to 1/],
  [["load-test", "--key-distribution", "normal"], 2, /uniform, sequential, zipf/],
  [["load-test", "--key-distribution", "zipf:0"], 2, /zipf:exponent with up to 10/],
  [["load-test", "--value-size", "10-5"], 2, /a range such as 100-1000/],
  [["load-test", "--value-size", "1-2-3"], 2, /a range such as 100-1000/],
  [
    ["load-test", "--verify", "--value-size", "10"],
    2,
    /--verify needs values of at least 20 bytes/,
  ],
  [["load-test", "--verify", "--keys", "2000000"], 2, /--keys may be 1000000 at most/],
  [["load-test", "--allow-evictions"], 2, /about --verify/],
  [["load-test", "--report", "r.pdf"], 2, /must end in \.json or \.html/],
  [["load-test", "--report", "/nowhere/r.html"], 2, /\/nowhere cannot be written to/],
  [["load-test", "--duration", "soon"], 2, /such as 250ms, 30s or 5m/],
];
for (const [args, code, message] of WRONG) {
  test(`pykv ${args.join(" ")} ends with ${code}`, async () => {
    const ended = await run(...args);
    expect(ended.code).toBe(code);
    expect(ended.complained).toMatch(message);
    expect(ended.printed).toBe("");
  });
}

test("refused writes are counted by kind, end with 1, and do not fail the verification", async () => {
  const full = await startServerProcess([
    "--data-dir",
    "none",
    "--eviction",
    "none",
    "--capacity",
    "5",
  ]);
  onTestFinished(async () => {
    await full.end("SIGKILL");
  });
  const shape = ["--operations", "300", "--concurrent", "4", "--keys", "20", "--verify", "--json"];
  for (const where of [
    ["--url", `http://${full.address}`],
    ["--resp", full.respAddress],
  ]) {
    const { code, printed } = await run("load-test", ...where, ...shape);
    expect(code).toBe(1);
    const { figures, verification } = JSON.parse(printed) as LoadReport;
    expect(figures.errorKinds.map(({ kind }) => kind)).toHaveLength(1);
    expect(figures.errorKinds[0]!.kind).toMatch(/^(HTTP 507 MEMORY_FULL|RESP OOM)$/);
    expect(verification).toMatchObject({ violations: 0 });
  }
});

test("what a server evicts is lost to --verify, unless it is told", async () => {
  const small = await startServerProcess(["--data-dir", "none", "--capacity", "5"]);
  onTestFinished(async () => {
    await small.end("SIGKILL");
  });
  const shape = ["--operations", "500", "--concurrent", "4", "--keys", "50", "--verify"];
  const where = ["--url", `http://${small.address}`];
  expect(await run("load-test", ...where, ...shape)).toMatchObject({ code: 1 });
  expect(await run("load-test", ...where, ...shape, "--allow-evictions")).toMatchObject({
    code: 0,
  });
});

/** The commands in the document, each on a line of its own. */
function documented(): string[][] {
  const path = join(import.meta.dirname, "../../docs/load-testing.md");
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .filter((line) => /^pykv (bench|load-test)/.test(line))
    .map((line) => line.split(" ").slice(1));
}

test("every command that docs/load-testing.md shows works", async () => {
  const commands = documented().filter((args) => !args.includes("--compare"));
  expect(commands.length).toBeGreaterThan(7);
  for (const args of commands) {
    // The same, but shorter, and against this server.
    const short =
      args[0] === "bench" ? [] : ["--warmup", "0", "--duration", "200ms", "--keys", "20"];
    const own = args.map((arg) => arg.replace(/^load\.(html|json)$/, join(directory, "doc.$1")));
    const door = own.includes("--resp") ? ["--resp", server.respAddress] : ["--url", url];
    const { code, printed } = await run(...own, ...door, "--operations", "50", ...short);
    expect(code, args.join(" ")).toBe(0);
    expect(printed).toContain("Latency");
  }
});
