/** The Redis door of a real server: where it listens, that it stops, and what both doors share. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startServerProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

async function start(...flags: string[]): Promise<ServerProcess> {
  const server = await startServerProcess(["--data-dir", "none", ...flags]);
  onTestFinished(async () => {
    await server.end("SIGKILL");
  });
  return server;
}

/** Sends lines and resolves with all that came back until the server closed the connection. */
function talk({ respAddress }: ServerProcess, ...lines: string[]): Promise<string> {
  const [host, port] = respAddress.split(":");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host);
    let reply = "";
    socket.on("data", (chunk) => (reply += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(reply));
    socket.write(lines.map((line) => `${line}\r\n`).join(""));
  });
}

test("a key set through one door is read through the other, and both are in /metrics", async () => {
  const server = await start();
  expect(await talk(server, "SET k v", "QUIT")).toBe("+OK\r\n+OK\r\n");
  const entry = await fetch(`http://${server.address}/kv/k`);
  expect(await entry.json()).toMatchObject({ key: "k", value: "v" });
  const metrics = await (await fetch(`http://${server.address}/metrics`)).text();
  expect(metrics).toContain('pykv_redis_commands_total{command="set"} 1\n');
});

test("SHUTDOWN ends the process with 0, and answers nothing", async () => {
  const server = await start();
  expect(await talk(server, "PING", "SHUTDOWN")).toBe("+PONG\r\n");
  expect(await server.end("SIGCONT"), server.output()).toBe(0);
  expect(server.output()).toContain("everything is on disk");
});

test("a stop closes connections once their replies are sent", async () => {
  const server = await start();
  const replies = talk(server, "PING");
  await fetch(`http://${server.address}/health`);
  expect(await server.end("SIGTERM")).toBe(0);
  expect(await replies).toBe("+PONG\r\n");
});

test("a port that is taken is named with its flag", async () => {
  const server = await start();
  const port = server.respAddress.split(":")[1]!;
  const second = startServerProcess(["--data-dir", "none", "--resp-port", port]);
  await expect(second).rejects.toThrow(
    `127.0.0.1 port ${port} is in use; choose another with --resp-port, or --resp-port 0 for none`,
  );
});

test("the REST port that is taken is named with its own", async () => {
  const server = await start();
  const port = server.address.split(":")[1]!;
  const second = startServerProcess(["--data-dir", "none", "--port", port]);
  await expect(second).rejects.toThrow(`port ${port} is in use; choose another with --port`);
});

test("port 0 turns the door off", async () => {
  const server = await start("--resp-port", "0");
  expect(server.respAddress).toBe("off");
  const metrics = await (await fetch(`http://${server.address}/metrics`)).text();
  expect(metrics).not.toContain("pykv_redis");
});

test("an open door without a password is warned of, and no password is ever shown", async () => {
  const open = await start("--resp-host", "0.0.0.0");
  expect(open.output()).toContain("Redis clients need no password");
  const closed = await start("--resp-host", "0.0.0.0", "--password", "open sesame");
  expect(closed.output()).not.toContain("Redis clients need no password");
  expect(await talk(closed, "GET k", "AUTH wrong", 'AUTH "open sesame"', "GET k", "QUIT")).toBe(
    "-NOAUTH Authentication required.\r\n" +
      "-WRONGPASS invalid username-password pair or user is disabled.\r\n" +
      "+OK\r\n$-1\r\n+OK\r\n",
  );
  expect(closed.output()).not.toContain("sesame");
});

test("CONFIG REWRITE changes the file that the server was started with", async () => {
  const directory = mkdtempSync(join(tmpdir(), "pykv-config-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "pykv.yaml");
  writeFileSync(path, "# of the test\neviction: lru\n");
  const server = await start("--config", path);
  const replies = await talk(
    server,
    "CONFIG SET maxmemory-policy noeviction",
    "CONFIG REWRITE",
    "QUIT",
  );
  expect(replies).toBe("+OK\r\n+OK\r\n+OK\r\n");
  expect(readFileSync(path, "utf8")).toBe("# of the test\neviction: none\n");
});
