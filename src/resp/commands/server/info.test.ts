import { expect, test } from "vitest";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import type { TestClient } from "../../../../test/support/resp-harness.ts";

function info(client: TestClient, ...sections: string[]): string {
  return client.send("INFO", ...sections) as string;
}

function titles(text: string): string[] {
  return [...text.matchAll(/^# (\w+)\r$/gm)].map((match) => match[1]!);
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*)\r$`, "m").exec(text)?.[1];
}

const DEFAULT = [
  "Server",
  "Clients",
  "Memory",
  "Persistence",
  "Stats",
  "Replication",
  "CPU",
  "Modules",
  "Errorstats",
  "Cluster",
  "Keyspace",
];
const ALL = ["Commandstats", "Latencystats"];

const SECTIONS: [string[], string[]][] = [
  [[], DEFAULT],
  [["default"], DEFAULT],
  [["everything"], [...DEFAULT, ...ALL]],
  [["all"], [...DEFAULT, ...ALL].filter((title) => title !== "Modules")],
  [["server"], ["Server"]],
  [
    ["KEYSPACE", "cpu"],
    ["CPU", "Keyspace"],
  ],
  [["commandstats"], ["Commandstats"]],
  [
    ["default", "latencystats"],
    [...DEFAULT, "Latencystats"],
  ],
  [["nothing"], []],
];
for (const [sections, expected] of SECTIONS) {
  test(`INFO ${sections.join(" ")} shows ${expected.length} sections`, async () => {
    const text = info((await respHarness()).client(), ...sections);
    expect(titles(text).sort()).toEqual([...expected].sort());
    for (const line of text.split("\r\n")) expect(line).toMatch(/^$|^# \w+$|^[\w|.-]+:.*$/);
  });
}

test("has the fields that clients and exporters read", async () => {
  const text = info((await respHarness()).client());
  const names = [
    "redis_version redis_mode os arch_bits process_id run_id tcp_port uptime_in_seconds",
    "connected_clients maxclients blocked_clients used_memory used_memory_human used_memory_rss",
    "used_memory_peak maxmemory maxmemory_policy mem_fragmentation_ratio loading",
    "rdb_last_save_time rdb_last_bgsave_status rdb_changes_since_last_save aof_enabled",
    "total_connections_received total_commands_processed instantaneous_ops_per_sec",
    "keyspace_hits keyspace_misses expired_keys evicted_keys role connected_slaves",
    "used_cpu_sys cluster_enabled",
  ].flatMap((line) => line.split(" "));
  for (const name of names) expect(field(text, name), name).toBeDefined();
  expect(field(text, "loading")).toBe("0");
  expect(field(text, "role")).toBe("master");
  expect(field(text, "redis_mode")).toBe("standalone");
});

test("counts connections, commands, hits, misses and errors", async () => {
  const { client } = await respHarness();
  const one = client();
  client().close();
  one.send("SET", "k", "v");
  one.send("GET", "k");
  one.send("GET", "nothing");
  one.send("NOSUCH");
  one.send("INCR", "k");
  const text = info(one, "everything");
  expect(field(text, "connected_clients")).toBe("1");
  expect(field(text, "total_connections_received")).toBe("2");
  expect(field(text, "total_commands_processed")).toBe("4");
  expect(field(text, "keyspace_hits")).toBe("1");
  expect(field(text, "keyspace_misses")).toBe("1");
  expect(field(text, "total_error_replies")).toBe("2");
  expect(field(text, "errorstat_ERR")).toBe("count=2");
  expect(field(text, "cmdstat_get")).toMatch(
    /^calls=2,usec=\d+,usec_per_call=[\d.]+,rejected_calls=0/,
  );
  expect(field(text, "cmdstat_incr")).toMatch(/failed_calls=1$/);
  expect(field(text, "latency_percentiles_usec_get")).toMatch(/^p50=[\d.]+,p99=.*,p99\.9=[\d.]+$/);
});

test("tells of the databases that hold keys, and how many of those expire", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "a", "1");
  client.send("SET", "b", "1", "EX", 100);
  client.send("SELECT", 12);
  client.send("SET", "c", "1");
  client.send("NAMESPACE", "other");
  client.send("SET", "d", "1");
  expect(info(client, "keyspace")).toBe(
    "# Keyspace\r\ndb0:keys=2,expires=1,avg_ttl=0\r\ndb12:keys=1,expires=0,avg_ttl=0\r\n",
  );
  client.send("SELECT", 0);
  client.send("PERSIST", "b");
  expect(info(client, "keyspace")).toContain("db0:keys=2,expires=0,");
});

test("takes rates over the last seconds", async () => {
  const { client, door } = await respHarness();
  const one = client();
  door.traffic.sample(1000, { commands: 0, inputBytes: 0, outputBytes: 0 });
  door.traffic.sample(3000, { commands: 500, inputBytes: 4096, outputBytes: 1024 });
  const text = info(one, "stats");
  expect(field(text, "instantaneous_ops_per_sec")).toBe("250");
  expect(field(text, "instantaneous_input_kbps")).toBe("2.00");
  expect(field(text, "instantaneous_output_kbps")).toBe("0.50");
});

test("tells of the log where there is one", async () => {
  const inMemory = info((await respHarness()).client(), "persistence");
  expect(field(inMemory, "aof_enabled")).toBe("0");
  expect(field(inMemory, "aof_current_size")).toBeUndefined();
  const one = (await respHarnessOnDisk()).client();
  one.feed("SET k v\r\n");
  await one.waitForReplies();
  const onDisk = info(one, "persistence");
  expect(field(onDisk, "aof_enabled")).toBe("1");
  expect(field(onDisk, "rdb_changes_since_last_save")).toBe("1");
  expect(Number(field(onDisk, "aof_current_size"))).toBeGreaterThan(0);
});

test("is a verbatim string in RESP3", async () => {
  const client = (await respHarness()).client();
  client.send("HELLO", 3);
  client.feed("INFO cluster\r\n");
  client.connection.client.door.turn.flush();
  expect(client.wire.written).toBe("=34\r\ntxt:# Cluster\r\ncluster_enabled:0\r\n\r\n");
});
