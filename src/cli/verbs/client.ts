/**
 * `pykv client`: the shell, the menu, and single operations as flags, for scripts that are written
 * that way. Each flag does what the verb of its name does.
 */
import { Command, Option } from "commander";
import { BENCHMARK_DEFAULTS, operationsFlag, runBenchmark, threadsFlag } from "../benchmark.ts";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT, UsageError } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { withTtl, type TtlFlag } from "../writing.ts";
import { deleteKeys } from "./delete.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";
import { set } from "./set.ts";

interface ClientFlags extends ConnectionFlags, TtlFlag {
  readonly interactive?: true;
  readonly menu?: true;
  readonly set?: string;
  readonly get?: string;
  readonly delete?: string;
  /** A prefix, or true for all. */
  readonly list?: string | true;
  readonly benchmark?: true;
  readonly operations: number;
  readonly threads: number;
}

const MODES = ["interactive", "menu", "set", "get", "delete", "list", "benchmark"] as const;

export function clientCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("client")
    .description("open the shell or a menu, or do one thing that a flag names")
    .argument("[value]", "of --set; - or nothing reads standard input")
    .option("--interactive", "the shell; so does no flag at all")
    .option("--menu", "a menu for the arrow keys")
    .option("--set <key>", "like pykv set")
    .option("--get <key>", "like pykv get")
    .option("--delete <key>", "like pykv delete")
    .option("--list [prefix]", "like pykv list")
    .option("--benchmark", "a quick benchmark, like pykv bench")
    .addOption(
      new Option("--operations <number>", "of each phase of the benchmark")
        .default(BENCHMARK_DEFAULTS.operations)
        .argParser(operationsFlag),
    )
    .addOption(
      new Option("--threads <number>", "connections of the benchmark")
        .default(BENCHMARK_DEFAULTS.threads)
        .argParser(threadsFlag),
    );
  withTtl(command, "of --set: expire after this long").action(
    async (value: string | undefined, flags: ClientFlags) => done(await client(value, flags, io)),
  );
  return withExamples(withConnection(command, io), [
    { line: "pykv client --interactive", does: "opens the shell" },
    { line: "pykv client --menu", does: "opens the menu" },
    { line: "pykv client --set user:123 alice", does: "sets a key" },
    { line: "pykv client --get user:123", does: "prints its value" },
    { line: "pykv client --benchmark --operations 10000 --threads 50", does: "measures" },
  ]);
}

async function client(value: string | undefined, flags: ClientFlags, io: CliIo): Promise<number> {
  const modes = MODES.filter((mode) => flags[mode] !== undefined);
  const [mode = "interactive"] = modes;
  if (modes.length > 1) {
    throw new UsageError(`one thing at a time: --${modes.join(" or --")}`);
  }
  if (value !== undefined && mode !== "set") throw new UsageError(`unexpected argument ${value}`);
  switch (mode) {
    case "interactive": {
      const { openShell } = await import("../shell/open.ts");
      return openShell(await connect(flags, io), flags, io);
    }
    case "menu": {
      const { runMenu } = await import("../menu/menu.ts");
      return runMenu(await connect(flags, io), flags, io);
    }
    case "benchmark":
      return benchmark(flags, io);
    default:
      return operate(mode, value, flags, io);
  }
}

function operate(
  mode: "set" | "get" | "delete" | "list",
  value: string | undefined,
  flags: ClientFlags,
  io: CliIo,
): Promise<number> {
  const { url, ns, timeout, token, json, ttl } = flags;
  const shared = {
    ...{ url, ns, timeout },
    ...(token === undefined ? {} : { token }),
    ...(json === undefined ? {} : { json }),
  };
  const key = flags[mode];
  if (mode === "list")
    return list(typeof key === "string" ? { ...shared, prefix: key } : shared, io);
  if (typeof key !== "string") throw new UsageError(`--${mode} needs a key`);
  if (mode === "get") return get([key], shared, io);
  if (mode === "delete") return deleteKeys([key], shared, io);
  return set(key, value, ttl === undefined ? shared : { ...shared, ttl }, io);
}

async function benchmark(flags: ClientFlags, io: CliIo): Promise<number> {
  const { text, json, errors } = await runBenchmark(flags, flags, io);
  io.out(flags.json === true ? json : text);
  return errors === 0 ? EXIT.fine : EXIT.failure;
}
