/** `pykv serve --interactive` in a real terminal. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../../src/cli/program.ts";
import { RedisConnection } from "../../src/cli/redis/connection.ts";
import { FakeIo } from "../support/cli-io.ts";
import { testNeeding } from "../support/test-tools.ts";
import { openTerminal } from "../support/terminal.ts";

const COMMAND = [process.execPath, resolve(import.meta.dirname, "../../bin/pykv.js"), "serve"];
const FLAGS = ["--interactive", "--port", "0", "--resp-port", "any", "--data-dir", "none"];
const inTerminal = testNeeding("tmux");

inTerminal("the console manages its server, and the log stays above what is typed", async () => {
  const terminal = await openTerminal([...COMMAND, ...FLAGS, "--open"], {
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
    columns: 60,
  });
  const start = await terminal.until(/default> *$/m);
  expect(start).toContain("no browser was opened (there is no display)");
  await terminal.enter("set a 1");
  await terminal.until(/created, version 1/);
  await terminal.enter("status");
  const status = await terminal.until(/^health +healthy[^]*^log level +info/m);
  const [, port] = /^Redis +127\.0\.0\.1:(\d+)/m.exec(status) ?? [];
  await terminal.type("logl");
  await terminal.press("Tab");
  await terminal.until(/> loglevel *$/m);
  await terminal.enter("debug");
  await terminal.until(/the log level is debug/);
  // Longer than the terminal is wide.
  const long = `set long ${"x".repeat(70)}`;
  await terminal.type(long);
  await terminal.until(/x{5}$/m);
  const address = { host: "127.0.0.1", port: Number(port), isTls: false, database: 0 };
  const client = await RedisConnection.open({ ...address, user: null, password: null }, 5000);
  await client.command(["CLIENT", "SETNAME", "somebody"]);
  const [, url = ""] = /^REST +(http\S+)/m.exec(status) ?? [];
  await fetch(`${url}/compact`, { method: "POST" });
  const logged = await terminal.until(/INFO: compacted/);
  expect(logged.replaceAll("\n", "")).toContain(`> ${long}`);
  await terminal.press("Enter");
  await terminal.until(/created, version \d+[^]*default> *$/m);
  await terminal.enter("connections");
  await terminal.until(/somebody[^]*default> *$/m);
  client.close();
  await terminal.press("C-c");
  await terminal.enter("stop");
  const end = await terminal.until(/\[ended 0\]/);
  expect(end).toContain("stopped: everything is on disk");
});

inTerminal("Ctrl-D ends console and server, and so does SHUTDOWN from elsewhere", async () => {
  const first = await openTerminal([...COMMAND, ...FLAGS]);
  await first.until(/default> *$/m);
  await first.press("C-d");
  await first.until(/\[ended 0\]/);
  const second = await openTerminal([...COMMAND, ...FLAGS]);
  await second.until(/default> *$/m);
  await second.enter("status");
  const [, port] = /^Redis +127\.0\.0\.1:(\d+)/m.exec(await second.until(/^Redis .*\d$/m)) ?? [];
  const address = { host: "127.0.0.1", port: Number(port), isTls: false, database: 0 };
  const client = await RedisConnection.open({ ...address, user: null, password: null }, 5000);
  await client.pipeline([["SHUTDOWN"]]).catch(() => undefined);
  await second.until(/\[ended 0\]/);
});

test("without a terminal there is no console, and it does not go with --reload", async () => {
  for (const [flags, message] of [
    [["--interactive"], /needs a terminal/],
    [["--interactive", "--reload"], /exclude each other/],
  ] as const) {
    const io = new FakeIo();
    expect(await runCli(["serve", ...flags, "--data-dir", "none"], io)).toBe(2);
    expect(io.complained).toMatch(message);
  }
});
