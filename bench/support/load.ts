/**
 * HTTP load: wrk where it is installed, else autocannon, from a process of its own either way.
 *
 * wrk's requests are scripted, so that they go over all keys; autocannon, which is JavaScript and
 * may itself be what limits, asks for one key and writes new ones.
 */
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Figures } from "./benchmark.ts";
import { keyOf, valueOf } from "./data.ts";

const run = promisify(execFile);

export const CONNECTIONS = 50;

export interface Load {
  readonly method: "GET" | "POST";
  /** Such as http://127.0.0.1:40123. */
  readonly address: string;
  /** Keys 0 to `keys - 1` are asked for, or written. */
  readonly keys: number;
  readonly seconds: number;
  /** For the script. */
  readonly directory: string;
}

export const LOADER: "wrk" | "autocannon" =
  spawnSync("wrk", ["--version"]).error === undefined ? "wrk" : "autocannon";

/** Requests per second and latencies; rejects when a request was answered with an error. */
export function applyLoad(load: Load): Promise<Figures> {
  return LOADER === "wrk" ? applyWrk(load) : applyAutocannon(load);
}

/** A body of a POST, with the key left to the caller. */
function bodyOf(key: string): string {
  return `{"key":"${key}","value":"${valueOf(0)}"}`;
}

/** The requests are made before the clock starts: making them must not be what limits. */
function scriptOf({ method, keys }: Load): string {
  const request =
    method === "GET"
      ? `wrk.format("GET", "/kv/" .. key)`
      : `wrk.format("POST", "/kv/", headers, before .. key .. after)`;
  const [before, after] = bodyOf("\n").split("\n") as [string, string];
  return `
    local n, requests = 1, {}
    local headers = { ["content-type"] = "application/json" }
    local before, after = [[${before}]], [[${after}]]
    function init()
      for i = 0, ${keys - 1} do
        local key = string.format("key:%012d", i)
        requests[i] = ${request}
      end
    end
    function request()
      n = (n * 1103515245 + 12345) % 2147483648
      return requests[n % ${keys}]
    end
    function done(summary, latency)
      local e = summary.errors
      local bad = e.connect + e.read + e.write + e.status + e.timeout
      io.write(string.format("FIGURES %d %d %d %d %d\\n", summary.requests, summary.duration,
        bad, latency:percentile(50), latency:percentile(99)))
    end
  `;
}

async function applyWrk(load: Load): Promise<Figures> {
  const script = join(load.directory, `${load.method}.lua`);
  writeFileSync(script, scriptOf(load));
  const duration = `${Math.max(1, Math.round(load.seconds))}s`;
  const flags = ["-t1", `-c${CONNECTIONS}`, `-d${duration}`, "-s", script, load.address];
  const { stdout } = await run("wrk", flags);
  const [, ...texts] = /FIGURES (\d+) (\d+) (\d+) (\d+) (\d+)/.exec(stdout) ?? [];
  const [requests = 0, us = 0, bad = 0, p50Us = 0, p99Us = 0] = texts.map(Number);
  if (requests === 0 || bad > 0) throw new Error(`wrk: ${bad} errors\n${stdout}`);
  return { requests, rate: requests / (us / 1e6), p50Ms: p50Us / 1000, p99Ms: p99Us / 1000 };
}

interface AutocannonReport {
  readonly requests: { readonly average: number; readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly non2xx: number;
}

async function applyAutocannon(load: Load): Promise<Figures> {
  const program = createRequire(import.meta.url).resolve("autocannon");
  const isGet = load.method === "GET";
  const body = ["-m", "POST", "-H", "content-type=application/json", "-I", "-b", bodyOf("[<id>]")];
  const url = `${load.address}/kv/${isGet ? keyOf(0) : ""}`;
  const bounds = ["-c", `${CONNECTIONS}`, "-d", `${Math.max(1, Math.round(load.seconds))}`];
  const flags = [program, "--json", "--no-progress", ...bounds, ...(isGet ? [] : body), url];
  const { stdout } = await run(process.execPath, flags);
  const { requests, latency, errors, non2xx } = JSON.parse(stdout) as AutocannonReport;
  if (errors + non2xx > 0) throw new Error(`autocannon: ${errors} errors, ${non2xx} not 2xx`);
  return {
    requests: requests.total,
    rate: requests.average,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
  };
}
