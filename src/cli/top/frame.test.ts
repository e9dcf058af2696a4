import { expect, test } from "vitest";
import type { LatencyReport, Stats } from "../../client/types.ts";
import { styleOf } from "../terminal/style.ts";
import { SORTS, frameLines, sparkline, type View } from "./frame.ts";
import { sampleJson, sampleOf, type Look } from "./sample.ts";

const STYLE = styleOf({ color: false });

function latencies(total: number): LatencyReport {
  return {
    total_operations: total,
    operations_per_second: 0,
    error_rate: 0,
    avg_latency_ms: 0.1,
    p50_latency_ms: 0.08,
    p95_latency_ms: 1.5,
    p99_latency_ms: 2.5,
    p999_latency_ms: 3.5,
  };
}

interface Counters {
  readonly atMs: number;
  readonly gets: number;
  readonly hits: number;
  readonly namespaces?: Stats["namespaces"];
  readonly redisGets?: number;
}

function look({ atMs, gets, hits, namespaces = {}, redisGets }: Counters): Look {
  const report = { ...latencies(gets), per_operation: { get: latencies(gets) } };
  return {
    atMs,
    stats: {
      total_keys: 1234,
      cache_hits: hits,
      cache_misses: gets - hits,
      hit_ratio: 0.5,
      evictions: 0,
      expired: 7,
      log_size: 500,
      log_bytes: 2048,
      last_compaction: new Date(atMs - 90_000).toISOString(),
      uptime_seconds: 3700,
      memory: {
        used_bytes: 95,
        max_bytes: 100,
        arena_bytes: 100,
        wasted_bytes: 0,
        index_bytes: 10,
      },
      namespaces,
      namespace: "default",
      namespace_stats: namespaceOf(0, 0, 0),
    },
    performance: {
      ...report,
      last_minute: report,
      ...(redisGets === undefined ? {} : { redis: { get: latencies(redisGets) } }),
    },
    health: { status: "healthy", store_size: 1234, log: "ok", version: "1.2.3" },
  };
}

function namespaceOf(keys: number, hits: number, bytes: number) {
  return { cache_hits: hits, cache_misses: 0, total_keys: keys, evictions: 0, bytes };
}

const AT_MS = Date.UTC(2027, 0, 1, 12, 30, 15);
const before = look({ atMs: AT_MS - 2000, gets: 1000, hits: 600, redisGets: 10 });
const now = look({ atMs: AT_MS, gets: 3000, hits: 2100, redisGets: 30 });

test("rates are what happened between two looks", () => {
  expect(sampleOf(before, now)).toMatchObject({
    restPerSecond: 1000,
    redisPerSecond: 10,
    hitsPerSecond: 750,
    missesPerSecond: 250,
    hitRatio: 0.75,
    operations: [
      { name: "get", door: "REST", perSecond: 1000 },
      { name: "get", door: "Redis", perSecond: 10 },
    ],
  });
});

test("a server that was restarted in between has not worked backwards", () => {
  const restarted = look({ atMs: AT_MS, gets: 50, hits: 50 });
  expect(sampleOf(before, restarted)).toMatchObject({
    restPerSecond: 25,
    hitsPerSecond: 25,
    redisPerSecond: null,
  });
});

test("nothing read is no ratio", () => {
  expect(sampleOf(now, { ...now, atMs: AT_MS + 1000 }).hitRatio).toBe(null);
});

test("for programs, names are as REST has them, and namespaces as they are", () => {
  const withNames = look({
    ...{ atMs: AT_MS, gets: 1, hits: 1 },
    namespaces: { myShop: namespaceOf(1, 1, 1) },
  });
  const sample = JSON.parse(sampleJson(sampleOf(before, withNames))) as object;
  expect(sample).toMatchObject({
    rest_per_second: 0.5,
    memory: { used_bytes: 95 },
    namespaces: [{ name: "myShop", reads_per_second: 0.5 }],
  });
});

function view(overrides: Partial<View> = {}): View {
  return {
    url: "http://h:1",
    sample: sampleOf(before, now),
    history: [0, 1, 2],
    sort: "reads",
    isPaused: false,
    isHelpShown: false,
    trouble: null,
    isInteractive: true,
    ...overrides,
  };
}

test("a frame says what matters", () => {
  const text = frameLines(view(), { columns: 100, rows: 30 }, STYLE).join("\n");
  for (const part of [
    /^PyKV 1\.2\.3 {2}http:\/\/h:1 {2}healthy {2}up 1h 1m {2}12:30:15 UTC$/m,
    /^operations +1\.0k\/s REST {2}10\/s Redis {2}▁▅█$/m,
    /^latency +p50 80 us {2}p95 1\.50 ms {2}p99 2\.50 ms/m,
    /^hit ratio +\[=+-+\] +75\.0 % {2}750\/s hits {2}250\/s misses$/m,
    /^memory +\[=+-\] +95\.0 % {2}95 B of 100 B$/m,
    /^keys +1,234 {2}evicted 0\/s \(0\) {2}expired 0\/s \(7\)$/m,
    /^log +500 records {2}2\.0 KiB {2}0\/s {2}compacted 1m 30s ago$/m,
    /^REST get +1\.0k\/s +80 us +2\.50 ms +0\.0 %$/m,
    /^q quit {3}p pause {3}s sort \(reads\) {3}\? help$/m,
  ]) {
    expect(text).toMatch(part);
  }
});

for (let rows = 1; rows <= 40; rows += 3) {
  for (const isInteractive of [true, false]) {
    test(`${rows} rows hold what fits${isInteractive ? "" : ", without keys"}`, () => {
      const names = Array.from({ length: 30 }, (_, i) => [`n${i}`, namespaceOf(i, i, i)] as const);
      const crowded = look({
        atMs: AT_MS,
        gets: 1,
        hits: 1,
        namespaces: Object.fromEntries(names),
      });
      const sample = sampleOf(before, crowded);
      const lines = frameLines(view({ sample, isInteractive }), { columns: 80, rows }, STYLE);
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(lines[0]).toContain("PyKV");
      if (isInteractive && rows >= 8) expect(lines.at(-1)).toContain("q quit");
      if (rows >= 19) expect(lines.some((line) => /^\.\.\. and \d+ more$/.test(line))).toBe(true);
    });
  }
}

test("namespaces are sorted by any column", () => {
  const namespaces = {
    a: namespaceOf(1, 10, 300),
    b: namespaceOf(2, 30, 200),
    c: namespaceOf(3, 20, 100),
  };
  const sample = sampleOf(before, look({ atMs: AT_MS, gets: 60, hits: 60, namespaces }));
  const orders = SORTS.map((sort) => {
    const lines = frameLines(view({ sample, sort }), { columns: 100, rows: 40 }, STYLE);
    return [sort, lines.flatMap((line) => /^([abc]) /.exec(line)?.[1] ?? []).join("")];
  });
  expect(Object.fromEntries(orders)).toEqual({
    reads: "bca",
    keys: "cba",
    size: "abc",
    evicted: "abc",
    name: "abc",
  });
});

test("trouble, a pause and help are shown", () => {
  const size = { columns: 100, rows: 30 };
  const first = (overrides: Partial<View>) => frameLines(view(overrides), size, STYLE)[0];
  expect(first({ trouble: "refused" })).toContain("not reachable: refused");
  expect(first({ isPaused: true })).toContain("paused");
  expect(frameLines(view({ isHelpShown: true }), size, STYLE).join("\n")).toContain("Ctrl-C");
});

test("a sparkline has as many blocks as it has room for, the newest last", () => {
  expect(sparkline([0, 0, 0], 10)).toBe("▁▁▁");
  expect(sparkline([1, 2, 4, 8], 2)).toBe("▅█");
  expect(sparkline([1, 2], 0)).toBe("");
  expect(sparkline([], 5)).toBe("");
});
