/**
 * The verbs that read and change keys, against a real server: what they print, what they end with,
 * and what they say when something is wrong. Most run in this process; the end has the real binary.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../src/cli/program.ts";
import { LiveIo } from "../support/cli-io.ts";
import { runPykv, startPykv } from "../support/run-pykv.ts";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";

/** One run: its arguments, the namespace left out, and what comes of it. */
interface Step {
  readonly run: readonly string[];
  readonly input?: string;
  readonly code?: number;
  readonly out?: string | RegExp;
  readonly err?: RegExp;
}

let server: ServerProcess;
let url: string;
/** Something that is no PyKV. */
let other: Server;
let otherUrl: string;
const folder = mkdtempSync(join(tmpdir(), "pykv-cli-data-"));
const file = (name: string) => join(folder, name);
let namespaces = 0;

beforeAll(async () => {
  server = await startServerProcess(["--data-dir", "none", "--resp-port", "0"]);
  url = `http://${server.address}`;
  other = createServer((_request, reply) => reply.end("<html>a printer</html>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  writeFileSync(file("bytes"), BYTES);
  writeFileSync(file("text"), "from a file\n");
});

afterAll(async () => {
  await server.end("SIGKILL");
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
  rmSync(folder, { recursive: true });
});

/** Every byte there is. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const HUGE = '{"id": 12345678901234567890, "rate": 1.0}';

async function pykv(args: readonly string[], input = "", prepare?: (io: LiveIo) => void) {
  const io = new LiveIo();
  io.env.PYKV_URL = url;
  prepare?.(io);
  io.typed.end(input);
  const code = await runCli(args, io);
  expect(io.complained).not.toMatch(/^\s+at /m);
  return { code, out: io.printed, err: io.complained };
}

/** As at a terminal. */
const onTerminal = (io: LiveIo) => void Object.assign(io.stdout, { isTTY: true });

const TESTS: Readonly<Record<string, readonly Step[]>> = {
  "set and get keep text as it is": [
    { run: ["set", "k", "hello world"], out: "" },
    { run: ["get", "k"], out: "hello world" },
    { run: ["set", "k", "--", "--dashes"], out: "" },
    { run: ["get", "k"], out: "--dashes" },
    { run: ["set", "k", ""] },
    { run: ["get", "k"], out: "" },
  ],
  "an argument that is an object or array is JSON, anything else text": [
    { run: ["set", "o", HUGE] },
    { run: ["get", "o"], out: HUGE },
    { run: ["get", "o", "--json"], out: /^\{"key":"o","value":\{"id": 12345678901234567890, / },
    { run: ["set", "n", "007"] },
    { run: ["get", "n", "--json"], out: /"value":"007"/ },
    { run: ["set", "n", "42", "--type", "json"] },
    {
      run: ["get", "n", "--json"],
      out: /"value":42,"namespace":"\w+","version":\d+,"ttl":null\}\n$/,
    },
    { run: ["set", "t", "[1]", "--type", "text"] },
    { run: ["get", "t", "--json"], out: /"value":"\[1\]"/ },
    { run: ["set", "b", "{broken"] },
    { run: ["get", "b", "--json"], out: /"value":"\{broken"/ },
    { run: ["set", "b", "{broken", "--type", "json"], code: 2, err: /not valid JSON/ },
  ],
  "JSON that was sent over lines is one line with --json": [
    { run: ["set", "k", "--type", "json"], input: '{"a":\n[1, 2]}' },
    { run: ["get", "k", "--json"], out: /^\{"key":"k","value":\{"a": \[1, 2\]\},.*\}\n$/ },
    { run: ["get", "k", "--type", "json"], out: '{\n  "a": [\n    1,\n    2\n  ]\n}\n' },
  ],
  "values come through a pipe and out of files": [
    { run: ["set", "k"], input: "piped\n" },
    { run: ["get", "k"], out: "piped\n" },
    { run: ["set", "k", "-"], input: "dash" },
    { run: ["get", "k"], out: "dash" },
    { run: ["set", "k", "--file", file("text")] },
    { run: ["get", "k"], out: "from a file\n" },
    { run: ["set", "bin", "--file", file("bytes")] },
    { run: ["get", "bin", "--json"], out: new RegExp(`"value":"AAEC.*","encoding":"base64"`) },
    { run: ["get", "bin", "--output", file("out")] },
    { run: ["set", "bin", "--file", file("bytes"), "--type", "text"], code: 2, err: /not UTF-8/ },
    { run: ["get", "bin", "--type", "json"], code: 1, err: /not json: it is not UTF-8/ },
    { run: ["set", "k", "v", "--file", file("text")], code: 2, err: /not both/ },
    { run: ["set", "k", "--file", file("none")], code: 1, err: /cannot read .*none: no such file/ },
    { run: ["set", "k", "--file", folder], code: 1, err: /cannot read .*: illegal operation/ },
    { run: ["get", "k", "--output", join(folder, "no", "x")], code: 1, err: /no such file/ },
    {
      run: ["set", "k", "v", "--type", "yaml"],
      code: 2,
      err: /Allowed choices are text, json, bin/,
    },
  ],
  "get takes several keys and tells which are missing": [
    { run: ["set", "a", "1"] },
    { run: ["set", "b", "2"] },
    { run: ["get", "a", "b"], out: "1\n2\n" },
    {
      run: ["get", "a", "x", "b", "y"],
      code: 1,
      out: "1\n2\n",
      err: /^pykv: no such key: x, y\n$/,
    },
    { run: ["get", "x", "--json"], code: 1, err: /^\{"error":\{"code":"KEY_NOT_FOUND","message":/ },
    { run: ["get", "a", "b", "--output", "x"], code: 2, err: /one key/ },
    { run: ["get", "a", "--long"], out: "1", err: /^a: version \d+, never expires, 1 B, text\n$/ },
    { run: ["get"], code: 2, err: /missing required argument 'keys'/ },
    { run: ["get", ""], code: 2, err: /key/ },
  ],
  "set has a time to live and conditions": [
    {
      run: ["set", "k", "v", "--ttl", "1h", "--json"],
      out: /"status":"created".*"ttl":(3600|3599\.\d+)/,
    },
    { run: ["set", "k", "w", "--if-absent"], code: 1, err: /condition/ },
    { run: ["set", "k", "w", "--if-present", "--json"], out: /"status":"updated".*"ttl":null/ },
    { run: ["set", "k", "w", "--if-version", "999999"], code: 1, err: /condition/ },
    { run: ["set", "k", "w", "--if-version", "0"], code: 2, err: /whole number from 1/ },
    { run: ["set", "none", "w", "--if-present"], code: 1, err: /condition|not exist/ },
    { run: ["set", "k", "w", "--ttl", "soon"], code: 2, err: /must be a duration/ },
    { run: ["set", "k", "w", "--ttl", "0"], code: 2, err: /must be a duration/ },
  ],
  "update needs the key and keeps its time to live": [
    { run: ["update", "k", "v"], code: 1, err: /key does not exist/ },
    { run: ["set", "k", "v", "--ttl", "1h"] },
    { run: ["update", "k", "w", "--json"], out: /"status":"updated".*"ttl":35\d\d/ },
    { run: ["update", "k", "x", "--ttl", "60", "--json"], out: /"ttl":(60|59\.\d+)/ },
    { run: ["update", "k", "y", "--persist", "--json"], out: /"ttl":null/ },
    { run: ["update", "k", "y", "--persist", "--ttl", "1"], code: 2, err: /--ttl or --persist/ },
    { run: ["update", "k", "z", "--if-version", "999999"], code: 1, err: /condition/ },
    { run: ["get", "k"], out: "y" },
  ],
  "delete tells what was not there": [
    { run: ["set", "a", "1"] },
    { run: ["set", "b", "1"] },
    { run: ["delete", "a", "x", "b"], code: 1, err: /^pykv: no such key: x\n$/ },
    { run: ["has", "a"], code: 1, out: "false\n" },
    { run: ["del", "a", "--json"], code: 1, out: /"deleted":0,"missing":\["a"\]/, err: /KEY_NOT/ },
    { run: ["delete", "a", "b", "--if-version", "1"], code: 2, err: /for one key/ },
    { run: ["set", "a", "1"] },
    { run: ["delete", "a", "--if-version", "999999"], code: 1, err: /condition/ },
    { run: ["delete", "a"], out: "" },
  ],
  "has answers by its exit code": [
    { run: ["set", "a", "1"] },
    { run: ["has", "a"], out: "true\n" },
    { run: ["exists", "a", "b"], code: 1, out: "true\ta\nfalse\tb\n" },
    { run: ["has", "b", "-q"], code: 1, out: "" },
    { run: ["has", "a", "--json"], out: /^\{"key":"a","namespace":"\w+","exists":true\}\n$/ },
  ],
  "incr counts to 64 bits": [
    { run: ["incr", "n"], out: "1\n" },
    { run: ["incr", "n", "-5"], out: "-4\n" },
    { run: ["incr", "n", "--json"], out: /^\{"key":"n","namespace":"\w+","value":-3\}\n$/ },
    { run: ["set", "n", "9223372036854775806"] },
    { run: ["incr", "n"], out: "9223372036854775807\n" },
    { run: ["incr", "n"], code: 1, err: /64-bit/ },
    { run: ["incr", "n", "1.5"], code: 2, err: /whole number/ },
    { run: ["incr", "n", "99999999999999999999"], code: 2, err: /body\/by/ },
    { run: ["set", "n", "apple"] },
    { run: ["incr", "n"], code: 1, err: /not a 64-bit integer/ },
    { run: ["incr", "m", "--ttl", "60"], out: "1\n" },
    { run: ["get", "m", "--json"], out: /"ttl":(60|59\.\d+)/ },
  ],
  "expire and persist change the time to live alone": [
    { run: ["expire", "k", "60"], code: 1, err: /no such key: k/ },
    { run: ["persist", "k"], code: 1, err: /no such key: k/ },
    { run: ["set", "k", "v"] },
    { run: ["expire", "k", "1m", "--json"], out: /"ttl":60\}/ },
    { run: ["get", "k", "--json"], out: /"value":"v".*"ttl":(60|59\.\d+)/ },
    { run: ["persist", "k", "--json"], out: /"ttl":null\}/ },
    { run: ["get", "k", "--json"], out: /"ttl":null/ },
    { run: ["expire", "k", "never"], code: 2, err: /must be a duration/ },
    { run: ["expire", "k"], code: 2, err: /missing required argument 'ttl'/ },
  ],
  "list shows keys, values and what is known of them": [
    { run: ["list"], out: "" },
    { run: ["set", "user:1", HUGE] },
    { run: ["list"], out: "user:1\n" },
    { run: ["list", "--values"], out: `user:1\t${HUGE}\n` },
    {
      run: ["list", "--values", "--json"],
      out: /^\{"key":"user:1","value":\{"id": 12345678901234567890, "rate": 1\.0\},"version":\d+,"ttl":null\}\n$/,
    },
    { run: ["list", "--long"], out: /^ +\d+ +- +41 {2}user:1\n$/ },
    { run: ["list", "--long", "--json"], out: /"version":\d+,"ttl":null,"size":41\}\n$/ },
    { run: ["list", "--json"], out: '{"key":"user:1"}\n' },
    { run: ["set", "two\nlines\t", "a\\b\n", "--ttl", "1h"] },
    { run: ["list", "--prefix", "two"], out: "two\nlines\t\n" },
    { run: ["list", "--prefix", "two", "--values"], out: "two\\nlines\\t\ta\\\\b\\n\n" },
    { run: ["list", "--prefix", "nobody"], out: "" },
    { run: ["ls", "--limit", "1"], out: /^.*\n$/s },
    { run: ["list", "--limit", "0"], code: 2, err: /whole number from 1/ },
    { run: ["list", "user:"], code: 2, err: /too many arguments/ },
  ],
  "clear wants to be sure": [
    { run: ["set", "a", "1"] },
    { run: ["clear"], code: 2, err: /say so with --yes/ },
    { run: ["has", "a"], out: "true\n" },
    { run: ["clear", "--yes", "--json"], out: /"keys_deleted":1\}/ },
    { run: ["clear", "-y"], out: "" },
    { run: ["list"], out: "" },
  ],
  "the server tells of itself": [
    { run: ["set", "a", "1"] },
    { run: ["stats"], out: /^keys +\d.*\nmemory .* of .*\nnamespace +keys/s },
    { run: ["stats", "--json"], out: /^\{.*"total_keys":\d+.*\}\n$/ },
    { run: ["performance"], out: /^last minute .*\nsince start .*p99\.9/s },
    { run: ["perf", "--json"], out: /^\{.*"last_minute":\{.*\}\n$/ },
    { run: ["health"], out: /^status +healthy\n.*\nversion/s },
    { run: ["health", "--json"], out: /^\{.*"status":"healthy".*\}\n$/ },
    { run: ["namespaces"], out: /^n\d+$/m },
    { run: ["namespaces", "--long"], out: /^namespace +keys/ },
    { run: ["namespaces", "--json"], out: /^\{"namespaces":\[.*\],"count":\d+\}\n$/ },
    { run: ["compact"], out: "" },
  ],
};

for (const [name, steps] of Object.entries(TESTS)) {
  test(name, async () => {
    const ns = `n${++namespaces}`;
    for (const { run, input, code = 0, out = /^/, err = /^$/ } of steps) {
      const [verb = "", ...rest] = run;
      const ended = await pykv([verb, "--ns", ns, ...rest], input);
      const shown = `${run.join(" ")}\n${ended.out}${ended.err}`;
      expect(ended.code, shown).toBe(code);
      if (typeof out === "string") expect(ended.out, shown).toBe(out);
      else expect(ended.out, shown).toMatch(out);
      expect(ended.err, shown).toMatch(err);
    }
  });
}

const VERBS = [
  ...[
    ["get", "k"],
    ["set", "k", "v"],
    ["update", "k", "v"],
    ["delete", "k"],
    ["has", "k"],
  ],
  ...[["incr", "k"], ["expire", "k", "1"], ["persist", "k"], ["list"], ["clear", "--yes"]],
  ...[["stats"], ["performance"], ["health"], ["namespaces"], ["compact"], ["shell"]],
];

for (const verb of VERBS) {
  const name = verb[0] ?? "";

  test(`${name} says so when nobody listens, or somebody else does`, async () => {
    const down = await pykv([...verb, "--url", "http://127.0.0.1:9"], "get k\n");
    expect(down.code, down.err).toBe(3);
    expect(down.err).toMatch(/^pykv: .*The server cannot be reached: http:\/\/127\.0\.0\.1:9/);
    const printer = await pykv([...verb, "--url", otherUrl], "get k\n");
    expect(printer.code, printer.err).toBe(3);
    expect(printer.err).toMatch(/The answer is not a PyKV server's.*a printer/);
  });

  test(`${name} refuses what it does not know`, async () => {
    const flag = await pykv([...verb, "--colour"]);
    expect(flag.code).toBe(2);
    expect(flag.err).toMatch(/^pykv: unknown option '--colour'/);
    const namespace = await pykv([...verb, "--ns", "a b"], "get k\n");
    expect(namespace.code, namespace.err).toBe(2);
    expect(namespace.err).toMatch(/namespace is 1 to 64 of letters/);
    expect((await pykv([...verb, "--url", "ftp://127.0.0.1"], "get k\n")).code).toBe(2);
  });

  test(`${name} --help has examples`, async () => {
    const help = await pykv([name, "--help"]);
    expect(help.code).toBe(0);
    expect(help.out).toMatch(
      new RegExp(`Usage: pykv ${name}.*Examples:\\n {2}\\$ .*pykv ${name}`, "s"),
    );
  });
}

test("a terminal is told what was done, and shown no control characters", async () => {
  const say = async (...args: string[]) =>
    (await pykv([...args, "--ns", "tty"], "", onTerminal)).out;
  expect(await say("set", "k", "\u001b[2Jhi", "--ttl", "1h")).toMatch(
    /^created, version \d+, expires in /,
  );
  expect(await say("get", "k")).toBe("\\x1b[2Jhi\n");
  expect(await say("update", "k", "two\nlines\n")).toMatch(/^updated, version \d+, expires in /);
  expect(await say("get", "k")).toBe("two\nlines\n");
  expect(await say("get", "k", "k")).toBe("k\ntwo\nlines\nk\ntwo\nlines\n");
  expect(await say("expire", "k", "90s")).toBe("expires in 1m 30s\n");
  expect(await say("persist", "k")).toBe("never expires\n");
  expect(await say("set", "bin", "--file", file("bytes"))).toMatch(/^created/);
  expect(await say("get", "bin")).toMatch(/^00000000: 0001 0203 .*\n00000010: .*\n/);
  expect(await say("list", "--long", "--prefix", "k")).toMatch(
    /^ +version +ttl +size {2}key\n.* k\n$/,
  );
  expect(await say("delete", "k", "bin")).toBe("deleted 2 of 2\n");
  expect(await say("compact").catch(String)).toMatch(/^(compaction started\n)?$/);
});

test("clear asks at a terminal, and takes yes alone for yes", async () => {
  await pykv(["set", "k", "v", "--ns", "asked"]);
  const clear = (answer: string) =>
    pykv(["clear", "--ns", "asked"], answer, (io) => void Object.assign(io.stdin, { isTTY: true }));
  for (const answer of ["n\n", "\n", "", "yep\n"]) {
    const refused = await clear(answer);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/Delete all 1 keys of asked\? \[y\/N\] .*nothing was deleted/s);
  }
  expect((await clear("y\n")).code).toBe(0);
  expect((await pykv(["list", "--ns", "asked"])).out).toBe("");
});

test("set at a terminal does not wait for a value that nobody pipes", async () => {
  const ended = await pykv(["set", "k"], "", (io) => void Object.assign(io.stdin, { isTTY: true }));
  expect(ended.code).toBe(2);
  expect(ended.err).toMatch(/the value is missing/);
});

test("several urls: the first that works serves", async () => {
  const both = `http://127.0.0.1:9,${url}`;
  expect((await pykv(["health", "--url", both])).code).toBe(0);
});

test("the command itself: bytes through pipes, exit codes, and a reader that has seen enough", async () => {
  const env = { PYKV_URL: url, PYKV_NAMESPACE: "binary" };
  expect((await runPykv(["set", "b"], { input: BYTES, env })).code).toBe(0);
  const got = await runPykv(["get", "b"], { env });
  expect(got.stdout.equals(BYTES)).toBe(true);
  expect((await runPykv(["get", "b", "--output", file("copy")], { env })).code).toBe(0);
  expect(readFileSync(file("copy")).equals(BYTES)).toBe(true);
  const missing = await runPykv(["get", "none"], { env });
  expect(missing).toMatchObject({ code: 1, stderr: "pykv: no such key: none\n" });

  // More than a pipe holds, so that the writer has to notice.
  const operations = Array.from({ length: 500 }, (_, i) => ({
    ...{ op: "set", key: `key:${i}`, value: "v".repeat(10_000), namespace: "binary" },
  }));
  const body = JSON.stringify({ operations });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${url}/batch`, { method: "POST", headers, body })).status).toBe(200);
  const { child, ended } = startPykv(["list", "--values"], env);
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
});
