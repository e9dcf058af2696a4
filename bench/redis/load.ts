/**
 * Load by redis-benchmark, which is the judge that Redis chose for itself. Its keys are `key:` and
 * twelve digits, the same as ours, at random out of as many as it is told.
 *
 * It runs on one thread. From 64 commands in flight on it may be what limits, and both sides alike
 * then: so the processor time of the server is counted beside the rate.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Figures } from "../support/benchmark.ts";
import { VALUE_BYTES } from "../support/data.ts";

const run = promisify(execFile);

export const CONNECTIONS = 50;
const RUN_MS_MAX = 300_000;

export interface RedisLoad {
  readonly command: "SET" | "GET";
  readonly port: number;
  readonly keys: number;
  /** Commands that each connection has under way. */
  readonly inFlight: number;
  readonly requests: number;
}

/** Requests per second and latencies. */
export async function applyRedisLoad(load: RedisLoad): Promise<Figures> {
  // prettier-ignore
  const flags = [
    "-h", "127.0.0.1", "-p", String(load.port), "-t", load.command.toLowerCase(), "--csv",
    "-c", String(CONNECTIONS), "-P", String(load.inFlight), "-n", String(load.requests),
    "-r", String(load.keys), "-d", String(VALUE_BYTES), "--precision", "3",
  ];
  const { stdout } = await run("redis-benchmark", flags, { timeout: RUN_MS_MAX });
  return figuresOf(stdout, load.command);
}

/** The line of the command, by the names in the first line: all are in quotes. */
function figuresOf(csv: string, command: string): Figures {
  const lines = csv.split("\n").map((line) => [...line.matchAll(/"([^"]*)"/g)].map((m) => m[1]));
  const names = lines.find(([first]) => first === "test") ?? [];
  const values = lines.find(([first]) => first === command) ?? [];
  const figure = (name: string): number => Number(values[names.indexOf(name)]);
  const figures = {
    rate: figure("rps"),
    p50Ms: figure("p50_latency_ms"),
    p99Ms: figure("p99_latency_ms"),
  };
  if (Object.values(figures).some(Number.isNaN)) throw new Error(`redis-benchmark said ${csv}`);
  return figures;
}
