/**
 * A server of the tool's own, for comparing variants: a process on free loopback ports, with a data
 * directory that is removed with it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { CliIo } from "../io.ts";
import { Failure } from "../exit.ts";

export interface OwnServer {
  /** Such as http://127.0.0.1:40123. */
  readonly address: string;
  /** Such as 127.0.0.1:40124. */
  readonly respAddress: string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** From src and from dist it is as far. */
const COMMAND = resolve(import.meta.dirname, "../../../bin/pykv.js");
const SERVE = ["serve", "--host", "127.0.0.1", "--port", "0"];
const RESP = ["--resp-host", "127.0.0.1", "--resp-port", "any", "--log-level", "info"];
/** The line that it prints once it listens, as JSON. */
const BANNER = /"address":"(http:\/\/[^"]+)".*"redis":"([^"]+)"/;
const STOP_MS_MAX = 10_000;
const OUTPUT_CHARACTERS_MAX = 10_000;

/** Starts a server with more flags; `isDurable` gives it a data directory. Rejects with Failure. */
export async function startOwnServer(
  flags: readonly string[],
  isDurable: boolean,
  env: CliIo["env"],
): Promise<OwnServer> {
  if (!existsSync(COMMAND)) throw new Failure(`${COMMAND} is missing: there is no server to start`);
  const directory = isDurable ? await mkdtemp(join(tmpdir(), "pykv-bench-")) : null;
  const remove = async (): Promise<void> => {
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  };
  const dataDir = ["--data-dir", directory ?? "none"];
  const child = spawn(process.execPath, [COMMAND, ...SERVE, ...RESP, ...dataDir, ...flags], {
    env: withoutOptions(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((settle) => {
    child.once("close", () => settle());
    child.once("error", () => settle());
  });
  try {
    const addresses = await addressesOf(child, ended);
    return {
      ...addresses,
      stop: async () => {
        await end(child, ended);
        await remove();
      },
    };
  } catch (error) {
    await end(child, ended);
    await remove();
    throw error;
  }
}

/** The caller's own settings for a server must not change what is compared. */
function withoutOptions(env: CliIo["env"]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("PYKV_")));
}

function addressesOf(
  child: ChildProcess,
  ended: Promise<void>,
): Promise<Pick<OwnServer, "address" | "respAddress">> {
  let printed = "";
  return new Promise((found, reject) => {
    const read = (chunk: Buffer): void => {
      printed = (printed + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
      const [, address, respAddress] = BANNER.exec(printed) ?? [];
      if (address !== undefined && respAddress !== undefined) found({ address, respAddress });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    void ended.then(() =>
      reject(new Failure(`a server for the comparison did not start: ${printed.trim()}`)),
    );
  });
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const cutOff = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  await ended;
  clearTimeout(cutOff);
}
