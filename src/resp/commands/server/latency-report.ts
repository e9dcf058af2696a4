/** LATENCY DOCTOR: the samples in words. */
import type { Door } from "../../door.ts";

const ADVICE: ReadonlyMap<string, string> = new Map([
  ["command", "Look at SLOWLOG GET for the commands that take long."],
  ["fast-command", "Quick commands are slow when the machine is short of CPU or swaps."],
  ["aof-fsync-always", "The disk syncs slowly; `appendfsync everysec` does not wait for it."],
  ["aof-write", "Writes to the log are slow: the disk is busy."],
]);

export function latencyReport(door: Door): string {
  if (door.settings.latencyMonitorMs === 0) {
    return (
      "Latency monitoring is off. To turn it on: " +
      "CONFIG SET latency-monitor-threshold <milliseconds>.\n"
    );
  }
  const { events } = door.latency;
  if (events.size === 0) return "No latency spike was observed so far.\n";
  const lines = [...events].map(([name, { samples, maxMs }]) => {
    const sumMs = samples.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const averageMs = Math.round(sumMs / samples.length);
    const advice = ADVICE.get(name) ?? "";
    return `${name}: ${samples.length} spikes (average ${averageMs} ms, worst ${maxMs} ms). ${advice}`;
  });
  return `${lines.join("\n")}\n`;
}
