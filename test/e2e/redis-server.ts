/**
 * A real PyKV process for real Redis clients, in memory and on free ports. The tests of a file that
 * ask for nothing special share one, which is empty whenever it is handed out.
 */
import { connect } from "node:net";
import { afterAll, onTestFinished } from "vitest";
import { startServerProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const EMPTIED = "+OK\r\n";

export interface RedisDoor {
  readonly host: string;
  readonly port: number;
  /** Such as redis://127.0.0.1:40123. */
  readonly url: string;
  readonly server: ServerProcess;
}

let shared: Promise<ServerProcess> | null = null;

afterAll(async () => {
  await (await shared)?.end("SIGKILL");
});

/** The shared process, or with flags one of the test's own. */
export async function startDoor(...flags: readonly string[]): Promise<RedisDoor> {
  const server = flags.length === 0 ? await (shared ??= start()) : await start(...flags);
  const [host = "", port = ""] = server.respAddress.split(":");
  const door = { host, port: Number(port), url: `redis://${server.respAddress}`, server };
  if (flags.length === 0) await empty(door);
  else {
    onTestFinished(async () => {
      await server.end("SIGKILL");
    });
  }
  return door;
}

function start(...flags: readonly string[]): Promise<ServerProcess> {
  return startServerProcess(["--data-dir", "none", ...flags]);
}

function empty({ host, port }: RedisDoor): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write("FLUSHALL\r\n"));
    socket.once("error", reject);
    socket.once("data", (reply) => {
      socket.destroy();
      if (reply.toString() === EMPTIED) resolve();
      else reject(new Error(`FLUSHALL: ${reply.toString()}`));
    });
  });
}

/** Waits, asking again and again, until it is so; the test's own timeout ends it otherwise. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}
