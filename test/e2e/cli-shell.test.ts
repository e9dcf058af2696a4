/** The shell and the menu in a real terminal, by keys and screen; the shell as a script, in process. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test as plainTest } from "vitest";
import { runCli } from "../../src/cli/program.ts";
import { LiveIo } from "../support/cli-io.ts";
import { testNeeding } from "../support/test-tools.ts";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";
import { openTerminal, type Terminal } from "../support/terminal.ts";

const test = testNeeding("tmux");
const PYKV = resolve(import.meta.dirname, "../../bin/pykv.js");
const FLAGS = ["--data-dir", "none", "--resp-port", "0"];
const folder = mkdtempSync(join(tmpdir(), "pykv-cli-shell-"));
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(FLAGS);
});

afterAll(async () => {
  await server.end("SIGKILL");
  rmSync(folder, { recursive: true });
});

function openPykv(...args: string[]): Promise<Terminal> {
  const env = {
    ...{ PYKV_URL: `http://${server.address}`, PYKV_HISTORY: join(folder, "state", "history") },
    ...{ NO_COLOR: "1", XDG_STATE_HOME: folder },
  };
  return openTerminal([process.execPath, PYKV, ...args], { env });
}

/** The prompt, at the end of the screen. */
const ready = (ns = "default") => new RegExp(`${server.address.replaceAll(".", "\\.")} ${ns}>$`);

test("the shell sets, gets, completes, recalls, and leaves", async () => {
  const shell = await openPykv("shell");
  expect(await shell.until(ready())).toMatch(/^PyKV \d.* at http:.*Tab completes/);
  await shell.enter('set user:1 "hello world" ttl 1h');
  await shell.until(/created, version \d+, expires in 1h 0m \([\d.]+ [mu]?s\)/);
  await shell.until(ready());
  await shell.type("get us");
  await shell.press("Tab");
  await shell.until(/get user:1$/);
  await shell.press("Enter");
  await shell.until(/hello world\nversion \d+, 59m 59s left, 11 B, text \([\d.]+ [mu]?s\)/);
  await shell.until(ready());

  await shell.enter('SET doc {"name":');
  await shell.until(/\.\.\.>$/);
  await shell.enter(' "Ada"');
  await shell.enter("}");
  await shell.until(/created, version/);
  await shell.until(ready());
  await shell.press("Up");
  await shell.until(/> SET doc \{"name": "Ada" \}$/);
  await shell.press("C-c");
  await shell.until(ready());
  await shell.enter("GET doc");
  await shell.until(/\n\{\n {2}"name": "Ada"\n\}\nversion.*json/);

  await shell.enter("GTE x");
  await shell.until(/error: unknown command GTE; did you mean GET\?/);
  await shell.enter("NS shop");
  await shell.until(ready("shop"));
  await shell.type("CL");
  await shell.press("Tab");
  await shell.press("Enter");
  await shell.until(/Delete all 0 keys of shop\? \[y\/N\]$/);
  await shell.enter("n");
  await shell.until(/nothing was deleted/);
  await shell.press("C-d");
  await shell.until(/\[ended 0\]$/);

  const history = join(folder, "state", "history");
  expect(readFileSync(history, "utf8").split("\n").slice(0, 3)).toEqual([
    'set user:1 "hello world" ttl 1h',
    "get user:1",
    'SET doc {"name": "Ada" }',
  ]);
  expect(statSync(history).mode & 0o777).toBe(0o600);
  const again = await openPykv("client", "--interactive");
  await again.until(ready());
  await again.press("Up", "Up");
  await again.until(/> NS shop$/);
  await again.press("C-c");
  await again.enter("quit");
  await again.until(/\[ended 0\]$/);
});

test("the shell goes on while the server is away, and tells when it is back", async () => {
  const other = await startServerProcess(FLAGS);
  const shell = await openTerminal([process.execPath, PYKV, "shell", "--url", other.address], {
    env: { PYKV_HISTORY: "", NO_COLOR: "1" },
  });
  await shell.until(/default>$/);
  await other.end("SIGKILL");
  await shell.enter("GET a");
  await shell.until(/error: The server cannot be reached.*default \(away\)>$/s);
  await shell.type("GET typed");
  const port = other.address.split(":")[1] ?? "";
  const back = await startServerProcess([...FLAGS, "--port", port]);
  try {
    await shell.until(/connected to .* again\n.* default> GET typed$/);
    await shell.press("Enter");
    await shell.until(/no such key/);
  } finally {
    await back.end("SIGKILL");
  }
});

test("the menu sets, gets, lists and deletes", async () => {
  const menu = await openPykv("client", "--menu", "--ns", "menu");
  await menu.until(/In the namespace menu:/);
  await menu.press("Enter");
  await menu.until(/Key\n.*_?$/m);
  await menu.enter("apple");
  await menu.until(/Value/);
  await menu.enter("green");
  await menu.until(/Expires after/);
  await menu.enter("soon");
  await menu.until(/must be a duration/);
  await menu.press("BSpace", "BSpace", "BSpace", "BSpace");
  await menu.enter("60");
  await menu.until(/created, version \d+, expires in 1m 0s/);
  await menu.press("Down", "Enter");
  await menu.until(/◆ +Key/);
  await menu.enter("apple");
  await menu.until(/green\n.*version \d+/);
  await menu.press("Down", "Down", "Down", "Enter");
  await menu.until(/1 key .*\n.*\n.*apple/);
  await menu.press("Down", "Down", "Enter");
  await menu.until(/◆ +Key/);
  await menu.press("Escape");
  await menu.until(/◆ +In the namespace menu:/);
  await menu.press("Down", "Down", "Enter");
  await menu.until(/◆ +Key/);
  await menu.enter("apple");
  await menu.until(/deleted apple/);
  await menu.press("Up", "Enter");
  await menu.until(/Goodbye.*\[ended 0\]$/s);
});

async function script(lines: string, ...args: string[]) {
  const io = new LiveIo();
  io.env.PYKV_URL = `http://${server.address}`;
  io.typed.end(lines);
  const code = await runCli(args.length === 0 ? ["shell", "--ns", "script"] : args, io);
  return { code, out: io.printed, err: io.complained };
}

plainTest(
  "without a terminal the shell runs its input, and its exit code is the first failure's",
  async () => {
    const fine = await script(
      '# a remark\n\nset a 1\nINCR a 4\nset j {"n":\n 12345678901234567890}\nGET j\n',
    );
    expect(fine).toMatchObject({ code: 0, err: "" });
    expect(fine.out.replace(/\d+$/gm, "N")).toBe(
      'created, version N\nN\ncreated, version N\n{"n":\n 12345678901234567890}\n',
    );
    const mixed = await script("get none\nbad\nhas a\n");
    expect(mixed.code).toBe(1);
    expect(mixed.out).toBe("(no such key)\nyes\n");
    expect(mixed.err).toBe("pykv: line 2: unknown command bad; HELP shows all\n");
    expect((await script("has a\nset k")).code).toBe(2);
    expect((await script("quit\nbad")).code).toBe(0);
    expect((await script('set k "open')).err).toMatch(/line 1: a quote or a bracket is not closed/);
    expect((await script("clear\n")).err).toMatch(/CLEAR YES/);
    expect(existsSync(join(folder, "state"))).toBe(true);
  },
);

/** Every command, with what it prints; they run in this order. */
const COMMANDS: [line: string, out: RegExp, err?: RegExp][] = [
  ["CLEAR YES", /^deleted \d+ keys of script$/],
  ["SET k v TTL 60", /^created, version \d+, expires in 1m 0s$/],
  ["SET k v NX", /^$/, /condition/],
  ["UPDATE k w", /^updated, version \d+, expires in (59\.\d|60\.0) s$/],
  ["UPDATE k w PERSIST", /^updated, version \d+$/],
  ["UPDATE k w PERSIST TTL 5", /^$/, /give TTL or PERSIST/],
  ["UPDATE none w", /^$/, /does not exist/],
  ["TTL k", /^never expires$/],
  ["TTL k 1h", /^expires in 1h 0m$/],
  ["EXPIRE k 30", /^expires in 30\.0 s$/],
  ["EXPIRE k soon", /^$/, /soon: it must be a duration/],
  ["PERSIST k", /^never expires$/],
  ["PERSIST none", /^no such key: none$/],
  ["TTL none", /^no such key: none$/],
  ["DECR n 3", /^-3$/],
  ["INCR n --ttl 5", /^-2$/],
  ["INCR n x", /^$/, /whole number/],
  ["LIST", /^k\nn$/],
  ["KEYS k*", /^k$/],
  ["LIST LIMIT 1", /^[kn]$/],
  ["LIST LIMIT", /^$/, /LIMIT needs a number/],
  ["LIST LONG VALUES", /version +ttl +bytes +key +value\n.*k +w/],
  ["HAS k none", /^yes k\nno {2}none$/],
  ['SET b "\\xff\\x00"', /^created/],
  ["GET b", /^00000000: ff00 /],
  ["SET n 42 TYPE json", /^updated/],
  ["SET n [1", /^$/, /not closed/],
  ["DEL b none", /^deleted 1 of 2; the others do not exist$/],
  ["DEL none", /^no such key: none$/],
  ["DEL k n IF-VERSION 1", /^$/, /for one key/],
  ["DEL k n", /^deleted 2$/],
  ["NS", /^namespace +keys/],
  ["STATS", /^keys +\d/],
  ["PERF", /^last minute/],
  ["PING", /^status +healthy/],
  ["HELP", /GET <key>.*Words are separated by spaces/s],
  ["HELP set", /^SET <key> <value> \[TTL/],
  ["HELP nothing", /^$/, /no command NOTHING/],
  ["GET", /^$/, /too few arguments: GET <key>/],
  ["SET a b c", /^$/, /c is one too many \(put a value with spaces in quotes\): SET/],
];

for (const [line, out, err = /^$/] of COMMANDS) {
  plainTest(`in the shell, ${line}`, async () => {
    const ended = await script(`${line}\n`);
    expect(ended.err).toMatch(err);
    expect(ended.out.trimEnd()).toMatch(out);
    expect(ended.err).not.toMatch(/^\s+at /m);
  });
}

plainTest("client takes single operations as flags", async () => {
  const client = (...args: string[]) => script("", "client", "--ns", "flags", ...args);
  expect(await client("--set", "user:123", "alice")).toMatchObject({ code: 0, out: "" });
  expect(await client("--get", "user:123")).toMatchObject({ code: 0, out: "alice" });
  expect(await client("--list")).toMatchObject({ code: 0, out: "user:123\n" });
  expect(await client("--list", "x")).toMatchObject({ code: 0, out: "" });
  expect((await client("--set", "t", "v", "--ttl", "60", "--json")).out).toMatch(/"ttl":(60|59)/);
  expect((await client("--delete", "user:123")).code).toBe(0);
  expect((await client("--get", "user:123")).code).toBe(1);
  const small = ["--benchmark", "--operations", "20", "--threads", "2"];
  expect((await client(...small)).out).toMatch(/^writes +20 .*\n.*mixed +20 .*In all/ms);
  expect((await client(...small, "--json")).out).toMatch(/"operations": ?20\b/);
  expect((await client("--benchmark", "--threads", "0")).err).toMatch(/whole number from 1/);
  expect((await script("BENCHMARK 20 2\n")).out).toMatch(/^writes +20 /m);
  expect((await client("--get", "a", "--list")).err).toMatch(
    /one thing at a time: --get or --list/,
  );
  expect((await client("--get", "a", "b")).err).toMatch(/unexpected argument b/);
  expect((await client("--menu")).err).toMatch(/--menu needs a terminal/);
});
