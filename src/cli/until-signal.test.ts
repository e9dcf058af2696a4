import { expect, test } from "vitest";
import { FakeIo } from "../../test/support/cli-io.ts";
import type { StopSignal } from "./io.ts";
import { runUntilSignal } from "./until-signal.ts";

/** A server whose start and stop each end when the test says so. */
function fakeServer() {
  const events: string[] = [];
  const gates = { start: gate(), stop: gate() };
  const start = async () => {
    events.push("starting");
    await gates.start.passed;
    events.push("started");
    return {
      stop: async () => {
        events.push("stopping");
        await gates.stop.passed;
        events.push("stopped");
      },
    };
  };
  return { events, gates, start };
}

function gate(): { passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** Lets every promise that can settle do so. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`the first ${signal} stops the server in order, and the exit code is 0`, async () => {
    const io = new FakeIo();
    const { events, gates, start } = fakeServer();
    gates.start.open();
    gates.stop.open();
    const ending = runUntilSignal(start, io);
    await settled();
    expect(events).toEqual(["starting", "started"]);
    io.send(signal);
    expect(await ending).toBe(0);
    expect(events).toEqual(["starting", "started", "stopping", "stopped"]);
    expect(io.exits).toEqual([]);
    expect(io.send(signal)).toBe(false);
  });
}

const SECOND: [StopSignal, number, StopSignal, number[]][] = [
  ["SIGTERM", 0, "SIGTERM", [143]],
  ["SIGTERM", 0, "SIGINT", [130]],
  ["SIGINT", 0, "SIGTERM", [143]],
  ["SIGINT", 299, "SIGINT", []],
  ["SIGINT", 300, "SIGINT", [130]],
];
for (const [first, apartMs, second, exits] of SECOND) {
  const outcome = exits.length > 0 ? `ends the process with ${exits[0]}` : "is the same one";
  test(`a ${second} ${apartMs} ms after a ${first} ${outcome}`, async () => {
    const io = new FakeIo();
    const { gates, start } = fakeServer();
    gates.start.open();
    const ending = runUntilSignal(start, io);
    await settled();
    io.send(first);
    io.nowMs += apartMs;
    io.send(second);
    expect(io.exits).toEqual(exits);
    gates.stop.open();
    expect(await ending).toBe(0);
  });
}

test("a signal during the start stops the server once it has started, and says so", async () => {
  const io = new FakeIo();
  const { events, gates, start } = fakeServer();
  gates.stop.open();
  const ending = runUntilSignal(start, io);
  io.send("SIGTERM");
  await settled();
  expect(events).toEqual(["starting"]);
  expect(io.complained).toContain("stopping once the start is through");
  gates.start.open();
  expect(await ending).toBe(0);
  expect(events.at(-1)).toBe("stopped");
});

test("a start that fails is told, and leaves no listener behind", async () => {
  const io = new FakeIo();
  const failing = () => Promise.reject(new Error("no port"));
  await expect(runUntilSignal(failing, io)).rejects.toThrow("no port");
  expect(io.send("SIGINT")).toBe(false);
});
