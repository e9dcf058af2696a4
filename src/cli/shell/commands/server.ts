/** Commands of the shell about the server: NS, STATS, PERFORMANCE, HEALTH, COMPACT. */
import { healthText, namespacesText, performanceText, statsText } from "../../terminal/reports.ts";
import { styleOf } from "../../terminal/style.ts";
import type { ShellCommand } from "../command.ts";

export const ns: ShellCommand = {
  name: "NS",
  aliases: ["NAMESPACE", "NAMESPACES", "USE"],
  usage: "[name]",
  does: "works in another namespace, or shows which there are",
  arity: { min: 0, max: 1 },
  places: ["namespace"],
  notes: ["A namespace needs no making: it is there once it holds a key."],
  examples: ["NS", "NS shop"],
  async run(given, { kv, io, namespace, switchTo, signal }) {
    const name = given.text(0);
    if (name !== undefined) {
      switchTo(name);
      return { text: styleOf(io).good(`in ${name}`) };
    }
    const { namespaces } = await kv.stats({ signal });
    const here = Object.hasOwn(namespaces, namespace) ? "" : " (no keys yet)";
    return { text: namespacesText(namespaces, io).trimEnd(), note: `in ${namespace}${here}` };
  },
};

export const stats: ShellCommand = {
  name: "STATS",
  aliases: ["INFO"],
  usage: "",
  does: "shows keys, hits, memory, log and namespaces",
  arity: { min: 0, max: 0 },
  run: async (_given, { kv, io, signal }) => ({
    text: statsText(await kv.stats({ signal }), io).trimEnd(),
  }),
};

export const performance: ShellCommand = {
  name: "PERFORMANCE",
  aliases: ["PERF"],
  usage: "",
  does: "shows rates and latencies",
  arity: { min: 0, max: 0 },
  run: async (_given, { kv, io, signal }) => ({
    text: performanceText(await kv.performance({ signal }), io).trimEnd(),
  }),
};

export const health: ShellCommand = {
  name: "HEALTH",
  aliases: ["PING"],
  usage: "",
  does: "tells whether the server is well",
  arity: { min: 0, max: 0 },
  async run(_given, { kv, io, signal }) {
    const report = await kv.health({ signal });
    const text = healthText(report, io).trimEnd();
    return report.status === "healthy" ? { text } : { text, isNo: true };
  },
};

export const compact: ShellCommand = {
  name: "COMPACT",
  usage: "",
  does: "starts a snapshot that retires the log",
  arity: { min: 0, max: 0 },
  async run(_given, { kv, io, signal }) {
    await kv.compact({ signal });
    return { text: styleOf(io).good("compaction started") };
  },
};
