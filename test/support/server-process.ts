/**
 * A real server from the build, as a child process: started on free ports, stopped or killed.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";

const COMMAND = resolve(import.meta.dirname, "../../bin/pykv.js");
const SERVE = [COMMAND, "serve", "--port", "0", "--resp-port", "any"];
/** The banner, a line of JSON. */
const BANNER = /"address":"http:\/\/(127\.0\.0\.1:\d+)".*"redis":"([^"]+)"/;

interface Addresses {
  readonly address: string;
  readonly respAddress: string;
}

export interface ServerProcess {
  /** Host and port, such as 127.0.0.1:40123. */
  readonly address: string;
  /** Of the Redis door, such as 127.0.0.1:40124; "off" with `--resp-port 0`. */
  readonly respAddress: string;
  /** Everything it has printed so far. */
  output(): string;
  /** Sends a signal; resolves with the exit code, or null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `pykv serve` on free ports with more flags; rejects with its output when it ends instead. */
export async function startServerProcess(flags: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...SERVE, ...flags], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((settle) => child.once("close", settle));
  let printed = "";
  const { address, respAddress } = await new Promise<Addresses>((found, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const [, address, respAddress] = BANNER.exec(printed) ?? [];
      if (address !== undefined && respAddress !== undefined) found({ address, respAddress });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void ended.then(() => reject(new Error(`the server ended before it listened:\n${printed}`)));
  });
  return {
    address,
    respAddress,
    output: () => printed,
    end: (signal) => endOf(child, ended, signal),
  };
}

function endOf(
  child: ChildProcess,
  ended: Promise<number | null>,
  signal: NodeJS.Signals,
): Promise<number | null> {
  child.kill(signal);
  return ended;
}
