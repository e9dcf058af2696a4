/**
 * Builds what runs: dist (the server, which is published and started), dist-ui (the web console),
 * or dist-tools (benchmarks and scripts).
 *
 *   node scripts/build.mjs              dist and dist-ui, always, with a check of all types
 *   node scripts/build.mjs --if-stale   dist and dist-ui, each when a source of it is newer
 *   node scripts/build.mjs --server     dist, always, with a check of all types
 *   node scripts/build.mjs --tools      dist-tools, when a source is newer
 *
 * Plain JavaScript, since it is what makes the rest runnable. What is built goes into a directory of
 * its own, which then takes the place of the old one: a build that fails leaves the last good one,
 * and whoever runs from dist never sees half of it.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ROOT = resolve(import.meta.dirname, "..");

const TARGETS = {
  dist: {
    out: "dist",
    sources: ["src", "tsconfig.json", "tsconfig.build.json"],
    make: (outDir, isChecked) => compile("tsconfig.build.json", outDir, isChecked),
  },
  ui: {
    out: "dist-ui",
    sources: ["ui", "src/client", "package-lock.json"],
    make: bundle,
  },
  tools: {
    out: "dist-tools",
    sources: ["src", "bench", "scripts", "tsconfig.json", "tsconfig.tools.json"],
    make: (outDir, isChecked) => compile("tsconfig.tools.json", outDir, isChecked),
  },
};

/** What compresses well; fonts are compressed already. */
const COMPRESSED = /\.(?:js|css|svg)$/;
/** Below this a compressed copy saves less than a packet. */
const COMPRESSED_BYTES_MIN = 1000;

/**
 * Builds targets, one after the other, and returns whether all of it worked.
 *
 * @param {readonly ("dist" | "ui" | "tools")[]} names
 * @param {{ onlyIfStale: boolean }} how
 */
export function build(names, { onlyIfStale }) {
  return names.every((name) => buildOne(TARGETS[name], onlyIfStale));
}

function buildOne(target, onlyIfStale) {
  if (onlyIfStale && !isStale(target)) return true;
  const startedAt = new Date();
  const fresh = join(ROOT, `${target.out}.new-${process.pid}`);
  try {
    if (!target.make(fresh, !onlyIfStale)) return false;
    writeFileSync(join(fresh, ".built"), "");
    // A source changed during the build counts as newer than the build.
    utimesSync(join(fresh, ".built"), startedAt, startedAt);
    replace(join(ROOT, target.out), fresh);
    return true;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Without the check of types, which takes half of the time; `npm run types` is for that. */
function compile(project, outDir, isChecked) {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const how = ["--outDir", outDir, "--noEmitOnError", ...(isChecked ? [] : ["--noCheck"])];
  return runs([compiler, "-p", join(ROOT, project), ...how]);
}

function bundle(outDir) {
  const manifest = createRequire(import.meta.url).resolve("vite/package.json");
  const vite = join(manifest, "..", "bin/vite.js");
  const how = ["--outDir", outDir, "--logLevel", "warn"];
  if (!runs([vite, "build", join(ROOT, "ui"), ...how])) return false;
  compressAssets(join(outDir, "assets"));
  return true;
}

function runs(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  process.stderr.write(stdout + stderr);
  return status === 0;
}

/** Compressed once and as well as can be, so that serving costs nothing. */
function compressAssets(folder) {
  for (const name of readdirSync(folder).filter((each) => COMPRESSED.test(each))) {
    const content = readFileSync(join(folder, name));
    if (content.length < COMPRESSED_BYTES_MIN) continue;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params }));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
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
  if (!stat.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : stat.mtimeMs;
  const inside = readdirSync(path).map((name) => newestMs(join(path, name)));
  return Math.max(stat.mtimeMs, ...inside);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const tools = process.argv.includes("--tools");
  const onlyIfStale = tools || process.argv.includes("--if-stale");
  const all = process.argv.includes("--server") ? ["dist"] : ["dist", "ui"];
  process.exitCode = build(tools ? ["tools"] : all, { onlyIfStale }) ? 0 : 1;
}
