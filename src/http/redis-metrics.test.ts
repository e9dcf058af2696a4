import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { Histogram } from "../base/histogram.ts";
import { addRedisDoor } from "./redis-metrics.ts";
import type { RedisFigures } from "./redis-metrics.ts";

const FIGURES: RedisFigures = {
  connections: 3,
  connectionsTotal: 7,
  connectionsRefused: 2,
  slowReaders: 1,
  rejected: 4,
  commands: [
    { name: "get", calls: 10, failed: 0, seconds: 0.5, kind: "get", latency: new Histogram() },
    {
      name: "client|id",
      calls: 2,
      failed: 1,
      seconds: 0.25,
      kind: "get",
      latency: new Histogram(),
    },
  ],
};

test("each scrape shows the figures of the moment", async () => {
  let figures = FIGURES;
  const registry = new Registry();
  addRedisDoor(registry, () => figures);
  const text = await registry.metrics();
  const expected = [
    "pykv_redis_connections 3",
    "pykv_redis_connections_total 7",
    "pykv_redis_connections_refused_total 2",
    "pykv_redis_slow_readers_total 1",
    "pykv_redis_rejected_total 4",
    'pykv_redis_commands_total{command="get"} 10',
    'pykv_redis_commands_total{command="client|id"} 2',
    'pykv_redis_command_errors_total{command="client|id"} 1',
    'pykv_redis_command_seconds_total{command="get"} 0.5',
  ];
  for (const line of expected) expect(text.split("\n")).toContain(line);
  figures = { ...FIGURES, connections: 0, commands: [] };
  const later = await registry.metrics();
  expect(later).toContain("pykv_redis_connections 0");
  expect(later).not.toContain('command="get"');
});
