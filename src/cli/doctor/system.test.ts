import { describe, expect, test } from "vitest";
import { GiB } from "../../base/units.ts";
import { completeOptions } from "../../store/options/load.ts";
import { checkClock, checkFiles, checkMemory, checkNode } from "./system.ts";

const { options } = completeOptions(
  { memoryBytesMax: GiB, connectionsMax: 1000 },
  {
    memoryBytes: 8 * GiB,
  },
);

test.each([
  ["18.20.0", "x64", "fail"],
  ["20.18.3", "x64", "fail"],
  ["20.19.0", "x64", "ok"],
  ["22.0.0", "arm64", "ok"],
  ["24.1.0", "arm", "fail"],
])("Node %s on %s: %s", (version, arch, status) => {
  expect(checkNode(version, arch).status).toBe(status);
});

test.each([
  [null, "ok"],
  [Infinity, "ok"],
  [2064, "ok"],
  [2063, "warn"],
  [256, "warn"],
])("a limit of %s open files for 1000 connections at each door: %s", (limit, status) => {
  const { status: found, advice } = checkFiles(limit, options);
  expect(found).toBe(status);
  if (limit === 256) expect(advice).toContain("--max-connections 96");
});

describe("--max-memory 1gb", () => {
  const none = { limitBytes: null, overcommit: "0" };
  test.each([
    [{ totalBytes: 8 * GiB, ...none }, ["ok"]],
    [{ totalBytes: 1.4 * GiB, ...none }, ["warn"]],
    [{ totalBytes: GiB, ...none }, ["fail"]],
    [{ totalBytes: 8 * GiB, limitBytes: GiB, overcommit: null }, ["fail"]],
    [{ totalBytes: 8 * GiB, limitBytes: null, overcommit: "2" }, ["ok", "warn"]],
  ])("with %o: %s", (facts, statuses) => {
    const findings = checkMemory(facts, options);
    expect(findings.map(({ status }) => status)).toEqual(statuses);
  });

  test("the advice fits into what there is", () => {
    const [finding] = checkMemory({ totalBytes: GiB, ...none }, options);
    expect(finding?.advice).toContain("--max-memory 619mb");
  });
});

test("a clock that is behind the data, or behind this program, is told", () => {
  const nowMs = Date.UTC(2027, 0, 1);
  expect(checkClock(nowMs, null).status).toBe("ok");
  expect(checkClock(nowMs, nowMs - 1).status).toBe("ok");
  expect(checkClock(nowMs, nowMs + 60_000).status).toBe("warn");
  expect(checkClock(0, null).status).toBe("fail");
});
