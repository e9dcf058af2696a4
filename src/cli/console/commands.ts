/** What the management console can do besides what every shell can: the server is its own. */
import type { Options } from "../../store/options/declaration.ts";
import { OPTIONS } from "../../store/options/declaration.ts";
import type { RunningServer } from "../../server.ts";
import { UsageError } from "../exit.ts";
import type { CliIo } from "../io.ts";
import type { ShellCommand } from "../shell/command.ts";
import { countText, durationText, sizeText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import { tableText } from "../terminal/table.ts";

const NONE = { min: 0, max: 0 } as const;
const LABEL_WIDTH = 12;
const MS = 1000;

export function consoleCommands(server: RunningServer, options: Options): ShellCommand[] {
  return [statusOf(server, options), connectionsOf(server), logLevelOf(server), stop, quit];
}

function statusOf(server: RunningServer, options: Options): ShellCommand {
  return {
    name: "STATUS",
    usage: "",
    does: "shows the server: addresses, data, memory, health",
    arity: NONE,
    async run(_given, { io }) {
      const { status, reasons } = server.store.health();
      const stats = server.store.stats();
      const { rest, redis } = await server.connections();
      const used = `${sizeText(stats.memory.usedBytes)} of ${sizeText(stats.memory.maxBytes)}`;
      const fsync = options.dataDir === null ? "" : `, fsync ${options.fsync}`;
      const lines: [string, string][] = [
        ["health", healthText(status, reasons, io)],
        ["REST", server.address],
        ["Redis", server.respAddress ?? "off"],
        ["data", `${options.dataDir ?? "none: in memory only"}${fsync}`],
        ["keys", countText(stats.keys)],
        ["memory", used],
        ["connections", `${countText(rest)} REST, ${countText(redis.length)} Redis`],
        ["log level", server.logLevel],
        ["up", `${durationText(stats.uptimeSeconds * MS)}, process ${process.pid}`],
      ];
      const { dim } = styleOf(io);
      const text = lines.map(([label, value]) => `${dim(label.padEnd(LABEL_WIDTH))} ${value}`);
      return { text: text.join("\n") };
    },
  };
}

function healthText(status: string, reasons: readonly string[], io: CliIo): string {
  const { good, bad } = styleOf(io);
  return status === "healthy" ? good(status) : bad(`${status}: ${reasons.join("; ")}`);
}

function connectionsOf(server: RunningServer): ShellCommand {
  return {
    name: "CONNECTIONS",
    aliases: ["CLIENTS"],
    usage: "",
    does: "shows who is connected",
    notes: ["Of REST only the number is known, this console's own among them."],
    arity: NONE,
    async run(_given, { io }) {
      const { rest, redis } = await server.connections();
      const note = `${countText(rest)} at the REST door, ${countText(redis.length)} at the Redis door`;
      if (redis.length === 0) return { text: note };
      const titles = ["id", "addr", "name", "db", "age", "idle", "cmd"];
      const rows = redis.map((line) => {
        const fields = new Map(line.split(" ").map((field) => splitField(field)));
        return titles.map((title) => fields.get(title) ?? "");
      });
      const columns = titles.map((title) => ({ title }));
      return { text: tableText(columns, rows, io).trimEnd(), note };
    },
  };
}

function splitField(field: string): [string, string] {
  const at = field.indexOf("=");
  return [field.slice(0, at), field.slice(at + 1)];
}

function logLevelOf(server: RunningServer): ShellCommand {
  const levels = OPTIONS.logLevel.expects;
  return {
    name: "LOGLEVEL",
    aliases: ["LOG"],
    usage: "[level]",
    does: "shows or changes what is logged from now on",
    notes: [`The level is ${levels}.`],
    examples: ["LOGLEVEL debug"],
    arity: { min: 0, max: 1 },
    run(given, { io }) {
      const text = given.text(0);
      if (text === undefined) return Promise.resolve({ text: server.logLevel });
      const level = OPTIONS.logLevel.parse(text.toLowerCase());
      if (level === undefined) throw new UsageError(`the log level is ${levels}`);
      server.setLogLevel(level);
      return Promise.resolve({ text: styleOf(io).good(`the log level is ${level}`) });
    },
  };
}

const stop: ShellCommand = {
  name: "STOP",
  aliases: ["SHUTDOWN"],
  usage: "",
  does: "stops the server in order, as Ctrl-D does",
  arity: NONE,
  run(_given, { leave }) {
    leave();
    return Promise.resolve({ text: "" });
  },
};

/** In a shell it leaves; here that would be the server's end, which wants to be said. */
const quit: ShellCommand = {
  name: "QUIT",
  aliases: ["EXIT"],
  usage: "",
  does: "ends console and server, as STOP does",
  arity: NONE,
  run: (given, context) => stop.run(given, context),
};
