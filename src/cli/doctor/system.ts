/** Checks of the machine: Node, limits, memory, clock. */
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { MiB } from "../../base/units.ts";
import type { Options } from "../../store/options/declaration.ts";
import { countText, sizeText } from "../terminal/figures.ts";
import { fail, ok, warn, type Finding } from "./check.ts";

/** The least that package.json's engines allow. */
const NODE_MAJOR_MIN = 20;
const NODE_MINOR_MIN = 19;
/** Of a server besides its table: runtime, buffers, connections. */
const OVERHEAD_BYTES = 200 * MiB;
const MEMORY_SHARE_WARN = 0.8;
/** Files that a server has open besides connections: log, snapshot, listeners, standard streams. */
const FILES_BESIDES_CONNECTIONS = 64;
const DOORS = 2;
const OVERCOMMIT_NEVER = "2";
const TIME_MIN_MS = Date.UTC(2024, 0, 1);

export function checkNode(version: string, arch: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > NODE_MAJOR_MIN || (major === NODE_MAJOR_MIN && minor >= NODE_MINOR_MIN);
  const detail = `${version} on ${arch}`;
  if (!isEnough) {
    const wanted = `${NODE_MAJOR_MIN}.${NODE_MINOR_MIN}`;
    return fail("Node", detail, `install Node ${wanted} or later (https://nodejs.org)`);
  }
  if (!["x64", "arm64", "ppc64", "s390x", "riscv64", "loong64"].includes(arch)) {
    return fail("Node", detail, "install a Node for 64 bits: the table needs the address space");
  }
  return ok("Node", detail, { version });
}

/** @param limit files that may be open; null when unknown, Infinity for no limit. */
export function checkFiles(limit: number | null, { connectionsMax }: Options): Finding {
  const name = "open files";
  if (limit === null) return ok(name, "the limit can't be read here");
  const needed = DOORS * connectionsMax + FILES_BESIDES_CONNECTIONS;
  const figures = { limit: Number.isFinite(limit) ? limit : null, needed };
  const detail = `limit ${Number.isFinite(limit) ? countText(limit) : "none"}`;
  if (limit >= needed) return ok(name, detail, figures);
  const room = Math.max(1, Math.floor((limit - FILES_BESIDES_CONNECTIONS) / DOORS));
  return warn(
    name,
    `${detail}; up to ${countText(connectionsMax)} connections at each door need ${countText(needed)}`,
    `raise it (ulimit -n ${needed}, LimitNOFILE= of systemd), or set --max-connections ${room}`,
    figures,
  );
}

export interface MemoryFacts {
  readonly totalBytes: number;
  /** What a container or a service may use; null for no limit. */
  readonly limitBytes: number | null;
  /** /proc/sys/vm/overcommit_memory; null where there is none. */
  readonly overcommit: string | null;
}

export function checkMemory(facts: MemoryFacts, { memoryBytesMax }: Options): Finding[] {
  const { totalBytes, limitBytes, overcommit } = facts;
  const most = Math.min(totalBytes, limitBytes ?? Infinity);
  const whose = limitBytes !== null && limitBytes < totalBytes ? "this cgroup may use" : "there is";
  const detail = `${whose} ${sizeText(most)}; --max-memory is ${sizeText(memoryBytesMax)}`;
  const figures = { total: totalBytes, limit: limitBytes, max_memory: memoryBytesMax };
  const needed = memoryBytesMax + OVERHEAD_BYTES;
  const better = Math.max(1, Math.floor((most * MEMORY_SHARE_WARN - OVERHEAD_BYTES) / MiB));
  const findings = [
    needed > most
      ? fail(
          "memory",
          detail,
          `the server would be killed once it is full: set --max-memory ${better}mb or less`,
          figures,
        )
      : needed > most * MEMORY_SHARE_WARN
        ? warn("memory", detail, `little is left for all else: --max-memory ${better}mb`, figures)
        : ok("memory", detail, figures),
  ];
  if (overcommit !== OVERCOMMIT_NEVER) return findings;
  const advice = "the table reserves its addresses ahead: set it to 0, or keep --max-memory small";
  return [...findings, warn("overcommit", "vm.overcommit_memory is 2", advice)];
}

/** @param newestMs when the newest file of the data directory was written; null for none. */
export function checkClock(nowMs: number, newestMs: number | null): Finding {
  const shown = new Date(nowMs).toISOString();
  const advice = "set the clock, and keep it set (NTP): deadlines and timestamps depend on it";
  if (nowMs < TIME_MIN_MS) return fail("clock", `it says ${shown}`, advice);
  if (newestMs !== null && newestMs > nowMs + 1000) {
    const newest = new Date(newestMs).toISOString();
    return warn("clock", `it says ${shown}, and data was written at ${newest}`, advice);
  }
  return ok("clock", shown);
}

/** Files that this process may open, as a server started alike may. */
export function readFileLimit(): number | null {
  const line = readIfThere("/proc/self/limits")?.match(/^Max open files\s+(\S+)/m)?.[1];
  if (line !== undefined) return line === "unlimited" ? Infinity : Number(line);
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = report.userLimits?.open_files?.soft;
  if (soft === "unlimited") return Infinity;
  return typeof soft === "number" ? soft : null;
}

export function readMemoryFacts(): MemoryFacts {
  const totalBytes = totalmem();
  const limit = process.constrainedMemory();
  // No limit is 0, or a number near 2^64 that no machine has.
  const limitBytes = limit > 0 && limit < Number.MAX_SAFE_INTEGER ? limit : null;
  const overcommit = readIfThere("/proc/sys/vm/overcommit_memory")?.trim() ?? null;
  return { totalBytes, limitBytes, overcommit };
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
