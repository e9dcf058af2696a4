/** Completion: what is offered for a line, and that Tab does it in the shells that are installed. */
import { symlinkSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../../src/cli/program.ts";
import { LiveIo } from "../support/cli-io.ts";
import { testNeeding } from "../support/test-tools.ts";
import { startServerProcess, type ServerProcess } from "../support/server-process.ts";
import { openTerminal } from "../support/terminal.ts";

const PYKV = resolve(import.meta.dirname, "../../bin/pykv.js");
const folder = mkdtempSync(join(tmpdir(), "pykv-completion-"));
let server: ServerProcess;
let url: string;

beforeAll(async () => {
  server = await startServerProcess(["--data-dir", "none", "--resp-port", "0"]);
  url = `http://${server.address}`;
  symlinkSync(PYKV, join(folder, "pykv"));
  for (const [ns, key] of KEYS) await run("set", key, "v", "--ns", ns);
});

afterAll(async () => {
  await server.end("SIGKILL");
  rmSync(folder, { recursive: true });
});

const KEYS = [
  ...[
    ["default", "user:1"],
    ["default", "user two"],
    ["default", "a\nb"],
    ["shop", "tea:green"],
  ],
] as const;

async function run(...args: string[]): Promise<string> {
  const io = new LiveIo();
  io.env.PYKV_URL = url;
  expect(await runCli(args, io), io.complained).toBe(0);
  expect(io.complained).toBe("");
  return io.printed;
}

/** What a shell is told for these words: what it adds by itself, and the candidates. */
async function offered(...words: string[]): Promise<{ also: string; values: string[] }> {
  const [also = "", ...lines] = (await run("__complete", "zsh", ...words)).trimEnd().split("\n");
  return { also, values: lines.map((line) => line.split("\t")[0] ?? "") };
}

const CASES: [words: string[], values: string[], also?: string][] = [
  [["ge"], ["get"]],
  [["cl"], ["clear", "client"]],
  [["nothing"], []],
  [["__com"], []],
  [["help", "sal"], ["salvage"]],
  [
    ["get", "user"],
    ["user two", "user:1"],
  ],
  [["get", "--ns", "sh"], ["shop"]],
  [["get", "--ns=sh"], ["--ns=shop"]],
  [["get", "--ns", "shop", ""], ["tea:green"]],
  [["get", "--url", "http://127.0.0.1:9", "u"], []],
  [["get", "user:1", "tea"], []],
  [["get", "--ns", "not a name", "u"], []],
  [["set", "k", "v", "--if-v"], ["--if-version"]],
  [
    ["set", "--type", ""],
    ["text", "json", "binary"],
  ],
  [["set", "--type=j"], ["--type=json"]],
  [["set", "k", "--file", "x"], [], "files"],
  [["set", "--", "--ty"], []],
  [
    ["stats", ""],
    ["--url", "--ns", "--token", "--timeout", "--json", "--help"],
  ],
  [
    ["has", "-"],
    ["--quiet", "--url", "--ns", "--token", "--timeout", "--json", "--help"],
  ],
  [["verify", ""], [], "directories"],
  [["serve", "--fsy"], ["--fsync"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [
    ["client", "--get", "us"],
    ["user two", "user:1"],
  ],
];

for (const [words, values, also = "none"] of CASES) {
  test(`pykv ${words.join(" ")} goes on with ${values.join(", ") || also}`, async () => {
    expect(await offered(...words)).toEqual({ also, values });
  });
}

test("without words, every verb is offered with what it does", async () => {
  const { values } = await offered("");
  expect(values).toEqual(expect.arrayContaining(["serve", "get", "shell", "completion", "help"]));
  expect(await run("__complete", "fish", "")).toMatch(/^get\tprint the values of keys$/m);
});

const BREAKS = " \t\n\"'@><=;|&(:";

const BASH_CASES: [line: string, values: string[]][] = [
  ["pykv get us", ["user\\ two", "user:1"]],
  ["pykv get user:", ["1"]],
  ['pykv get "user t', ["user two"]],
  ["pykv get 'user t", ["user two"]],
  ["pykv get user\\ t", ["user\\ two"]],
  ["pykv get --ns=sh", ["shop"]],
  ["pykv get --ns shop tea:", ["green"]],
];

for (const [line, values] of BASH_CASES) {
  test(`bash goes on from ${line}`, async () => {
    const [also, ...lines] = (await run("__complete", "bash", BREAKS, line)).trimEnd().split("\n");
    expect({ also, lines }).toEqual({ also: "none", lines: values });
  });
}

const SHELLS = {
  bash: { start: ["bash", "--norc", "--noprofile"], load: "source <(pykv completion bash)" },
  zsh: {
    start: ["zsh", "-f"],
    load: "autoload -Uz compinit && compinit -u && source <(pykv completion zsh)",
  },
  fish: { start: ["fish", "--no-config"], load: "pykv completion fish | source" },
} as const;

for (const [name, { start, load }] of Object.entries(SHELLS)) {
  // Bash is everywhere that CI is; the others are nice to have.
  const isOptional = name !== "bash";
  const testShell = isOptional ? testWith(name) : testNeeding("tmux", name);

  testShell(`Tab completes in ${name}`, async () => {
    const path = `${folder}:${process.env.PATH ?? ""}`;
    const shell = await openTerminal(start, { env: { PYKV_URL: url, PATH: path }, cwd: folder });
    await shell.enter(`${load}; echo loa''ded`);
    await shell.until(/^loaded$/m);
    for (const [typed, complete] of [
      ["pykv upd", /pykv update $/m],
      ["pykv get user:", /pykv get user:1 ?$/m],
      ["pykv get --ns sh", /pykv get --ns shop ?$/m],
      ["pykv set --ty", /pykv set --type ?$/m],
    ] as const) {
      await shell.type(typed);
      await shell.press("Tab");
      await shell.until(new RegExp(complete.source.replace(" $", " ?$"), "m"));
      await shell.press("C-u");
    }
  });
}

function testWith(program: string): typeof test | typeof test.skip {
  try {
    return testNeeding("tmux", program);
  } catch {
    return test.skip;
  }
}
