/**
 * The processes that a benchmark starts: sides, which report figures and end, and servers, which say
 * their address on standard output and run until they are stopped.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Figures, SideArgs } from "./benchmark.ts";

const RUN = resolve(import.meta.dirname, "../run.js");

/** First argument of a process that is to run a side: `--side benchmark side`. */
export const SIDE_FLAG = "--side";
/** The side's arguments, as JSON, for a process that nobody sends them to. */
const ARGS_VARIABLE = "BENCH_SIDE_ARGS";

const DEFAULT_ARGS: SideArgs = {
  keys: 0,
  seconds: 0,
  writers: 0,
  directory: "",
  fsync: "always",
  bytes: 0,
  port: 0,
};

export function sideArgs(): SideArgs {
  const text = process.env[ARGS_VARIABLE] ?? "{}";
  return { ...DEFAULT_ARGS, ...(JSON.parse(text) as Partial<SideArgs>) };
}

/** A side of a benchmark, and where it leaves its CPU profile, if anywhere. */
export interface SideProcess {
  readonly benchmark: string;
  readonly side: string;
  readonly args: Partial<SideArgs>;
  readonly profileDirectory: string | null;
}

export function profileFlags(directory: string | null): readonly string[] {
  return directory === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${directory}`];
}

function start(what: SideProcess, output: "inherit" | "pipe"): ChildProcess {
  const { benchmark, side, args, profileDirectory } = what;
  return fork(RUN, [SIDE_FLAG, benchmark, side], {
    env: { ...process.env, [ARGS_VARIABLE]: JSON.stringify(args) },
    execArgv: ["--expose-gc", ...profileFlags(profileDirectory)],
    stdio: ["ignore", output, "inherit", "ipc"],
  });
}

/** Runs a side to its end; rejects when it fails. */
export function runSide(what: SideProcess): Promise<Figures> {
  const child = start(what, "inherit");
  return new Promise((settle, reject) => {
    let figures: Figures | null = null;
    child.once("message", (message) => {
      figures = message as Figures;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0 && figures !== null) settle(figures);
      else reject(new Error(`${what.benchmark}: ${what.side} ended with ${code ?? signal ?? "?"}`));
    });
  });
}

export interface RunningServer {
  readonly pid: number;
  /** Such as http://127.0.0.1:40123. */
  readonly address: string;
  /** What it has used of the processor so far, in seconds; NaN where the system does not tell. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** Starts a side that prints its address and serves until SIGTERM; resolves once it listens. */
export async function startServer(what: SideProcess): Promise<RunningServer> {
  const child = start(what, "pipe");
  const ended = new Promise<void>((settle) => child.once("close", () => settle()));
  const address = await addressOf(child, ended);
  const pid = child.pid ?? 0;
  return {
    pid,
    address,
    cpuSeconds: () => cpuSecondsOf(pid),
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/**
 * What a process has used of the processors so far; NaN where the system does not tell. Linux counts
 * in hundredths: user and system time are fields 14 and 15 (proc(5)).
 */
export function cpuSecondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

function addressOf(child: ChildProcess, ended: Promise<void>): Promise<string> {
  let printed = "";
  return new Promise((found, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-10_000);
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
      if (address !== undefined) found(address);
    });
    void ended.then(() => reject(new Error(`a server ended before it listened:\n${printed}`)));
  });
}
