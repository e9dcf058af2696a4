/**
 * Builds dist (what is published and started), or dist-tools (benchmarks and scripts).
 *
 *   node scripts/build.mjs              dist, always
 *   node scripts/build.mjs --if-stale   dist, when a source is newer
 *   node scripts/build.mjs --tools      dist-tools, when a source is newer
 *
 * Plain JavaScript, since it is what makes the rest runnable. The compiler writes to a directory of
 * its own, which then takes the place of the old one: a build that fails leaves the last good one,
 * and whoever runs from dist never sees half of it.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = resolve(import.meta.dirname, "..");

const TARGETS = {
  dist: {
    out: "dist",
    project: "tsconfig.build.json",
    sources: ["src", "tsconfig.json", "tsconfig.build.json"],
  },
  tools: {
    out: "dist-tools",
    project: "tsconfig.tools.json",
    sources: ["src", "bench", "scripts", "tsconfig.json", "tsconfig.tools.json"],
  },
};

/**
 * Builds a target and returns whether it worked.
 *
 * @param {"dist" | "tools"} name
 * @param {{ onlyIfStale: boolean }} how
 */
export function build(name, { onlyIfStale }) {
  const target = TARGETS[name];
  if (onlyIfStale && !isStale(target)) return true;
  const startedAt = new Date();
  const fresh = join(ROOT, `${target.out}.new-${process.pid}`);
  try {
    if (!compile(target.project, fresh)) return false;
    writeFileSync(join(fresh, ".built"), "");
    // A source changed during the build counts as newer than the build.
    utimesSync(join(fresh, ".built"), startedAt, startedAt);
    replace(join(ROOT, target.out), fresh);
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function compile(project, outDir) {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const args = [compiler, "-p", join(ROOT, project), "--outDir", outDir, "--noEmitOnError"];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  process.stderr.write(stdout);
  return status === 0;
}

function replace(place, fresh) {
  const old = `${place}.old-${process.pid}`;
  if (existsSync(place)) renameSync(place, old);
  renameSync(fresh, place);
  rmSync(old, { recursive: true, force: true });
}

function isStale({ out, sources }) {
  const stamp = join(ROOT, out, ".built");
  if (!existsSync(stamp)) return true;
  const builtMs = statSync(stamp).mtimeMs;
  return sources.some((path) => newestMs(join(ROOT, path)) > builtMs);
}

/** A directory counts with its own time too: that is how a removed file shows. */
function newestMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return path.endsWith(".test.ts") ? 0 : stat.mtimeMs;
  const inside = readdirSync(path).map((name) => newestMs(join(path, name)));
  return Math.max(stat.mtimeMs, ...inside);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const tools = process.argv.includes("--tools");
  const onlyIfStale = tools || process.argv.includes("--if-stale");
  process.exitCode = build(tools ? "tools" : "dist", { onlyIfStale }) ? 0 : 1;
}
