import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeIo } from "../../test/support/cli-io.ts";
import { VERSION } from "../base/version.ts";
import { runCli } from "./program.ts";

const CASES: { argv: string[]; code: number; stdout?: RegExp; stderr?: RegExp }[] = [
  { argv: ["--version"], code: 0, stdout: /^\d+\.\d+\.\d+\n$/ },
  { argv: ["--help"], code: 0, stdout: /serve.*verify.*salvage/s },
  { argv: [], code: 2, stderr: /Usage: pykv/ },
  { argv: ["sevre"], code: 2, stderr: /unknown command 'sevre'.*serve/s },
  { argv: ["--verbos"], code: 2, stderr: /unknown option '--verbos'/ },
  { argv: ["serve", "--help"], code: 0, stdout: /--port <number>.*PYKV_PORT/s },
  { argv: ["help", "serve"], code: 0, stdout: /--port <number>/ },
  {
    argv: ["serve", "--prot", "1"],
    code: 2,
    stderr: /^pykv: unknown flag --prot; did you mean --port\?\n$/,
  },
  { argv: ["serve", "9000"], code: 2, stderr: /unexpected argument "9000"/ },
  { argv: ["serve", "--version"], code: 2, stderr: /unknown flag --version/ },
  {
    argv: ["serve", "--port", "x", "--fsync", "y"],
    code: 2,
    stderr: /port: "x".*\npykv: fsync: "y"/,
  },
  {
    argv: ["serve", "--config", "/nowhere/pykv.yaml"],
    code: 2,
    stderr: /cannot read \/nowhere\/pykv\.yaml/,
  },
  { argv: ["verify"], code: 2, stderr: /missing required argument 'dir'/ },
  { argv: ["verify", "a", "b"], code: 2, stderr: /too many arguments/ },
  { argv: ["salvage", "a"], code: 2, stderr: /missing required argument 'target'/ },
];

for (const { argv, code, stdout, stderr } of CASES) {
  test(`pykv ${argv.join(" ")} ends with ${code}`, async () => {
    const io = new FakeIo();
    expect(await runCli(argv, io)).toBe(code);
    expect(io.printed).toMatch(stdout ?? /^$/);
    expect(io.complained).toMatch(stderr ?? /^$/);
    expect(io.complained).not.toMatch(/^\s+at /m);
  });
}

test("the version is that of package.json", () => {
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
});

test("a mistake in the environment and one in the file are told together", async () => {
  const dir = mkdtempSync(join(tmpdir(), "pykv-cli-"));
  try {
    const path = join(dir, "pykv.yaml");
    writeFileSync(path, "hots: example.org\n");
    const io = new FakeIo();
    io.env.PYKV_PORT = "http";
    expect(await runCli(["serve", "--config", path], io)).toBe(2);
    expect(io.complained).toContain(`unknown key "hots" in ${path}; did you mean host?`);
    expect(io.complained).toContain('port: "http" from the environment variable PYKV_PORT');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
