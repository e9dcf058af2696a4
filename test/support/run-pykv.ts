/** The real `pykv` from the build, run to its end as a child process. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { resolve } from "node:path";

const COMMAND = resolve(import.meta.dirname, "../../bin/pykv.js");

export interface RunEnd {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  /** Default: nothing, at its end at once. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningPykv {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<RunEnd>;
}

/** Starts it; input is left to the caller. */
export function startPykv(args: readonly string[], env: RunOptions["env"] = {}): RunningPykv {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: "pipe",
  });
  // Who ends before it has read all of its input is no mistake of the test.
  child.stdin.on("error", () => undefined);
  const stdout: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<RunEnd>((settle, reject) => {
    child.once("error", reject);
    child.once("close", (code) => settle({ code, stdout: Buffer.concat(stdout), stderr }));
  });
  return { child, ended };
}

/** Runs it to its end. */
export function runPykv(args: readonly string[], options: RunOptions = {}): Promise<RunEnd> {
  const { child, ended } = startPykv(args, options.env);
  child.stdin.end(options.input ?? "");
  return ended;
}
