/**
 * `pykv client --menu`: what one does most, to be picked with the arrow keys.
 *
 * Esc or Ctrl-C leaves a question and comes back to the menu, and leaves from there. A mistake or a
 * server that is away is told, and the menu goes on.
 */
import * as prompts from "@clack/prompts";
import type { PyKV } from "../../client/index.ts";
import { PyKVError as ClientError } from "../../client/errors.ts";
import type { BenchmarkPlan } from "../benchmark.ts";
import type { ConnectionFlags } from "../connection.ts";
import { EXIT, Failure, UsageError } from "../exit.ts";
import type { CliIo } from "../io.ts";
import { metaText, valueText } from "../shell/shown.ts";
import { countText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import { safeLine } from "../values/escape.ts";
import { valueOfText } from "../values/given.ts";
import { ttlMsFlag, ttlSeconds, writtenText } from "../writing.ts";

interface Menu {
  readonly kv: PyKV;
  readonly io: CliIo;
  readonly flags: ConnectionFlags;
}

/** A prompt was left with Esc or Ctrl-C. */
class Left extends Error {}

const LISTED_MAX = 200;
const ROWS_MAX = 12;

const ACTIONS = {
  set: { label: "Set a key", run: set },
  get: { label: "Get a value", run: get },
  delete: { label: "Delete a key", run: remove },
  list: { label: "List all keys", run: list },
  namespace: { label: "Change the namespace", run: changeNamespace },
  benchmark: { label: "Benchmark", run: benchmark },
} as const;

type Action = keyof typeof ACTIONS;

/** Resolves with the exit code once the user leaves. Throws UsageError where there is no terminal. */
export async function runMenu(kv: PyKV, flags: ConnectionFlags, io: CliIo): Promise<number> {
  if (io.stdin.isTTY !== true || io.stdout.isTTY !== true) {
    throw new UsageError("--menu needs a terminal; scripts use --set, --get, --delete or --list");
  }
  let menu: Menu = { kv, io, flags };
  const { name } = styleOf(io);
  prompts.intro(`PyKV at ${name(kv.url)}`, { output: io.stdout });
  for (;;) {
    const action = await prompts.select<Action | "leave">({
      message: `In the namespace ${menu.kv.namespaceName}:`,
      options: [
        ...Object.entries(ACTIONS).map(([value, { label }]) => ({ value: value as Action, label })),
        { value: "leave" as const, label: "Leave" },
      ],
      ...streams(io),
    });
    if (prompts.isCancel(action) || action === "leave") break;
    menu = await carryOut(action, menu);
  }
  prompts.outro("Goodbye.", { output: io.stdout });
  return EXIT.fine;
}

/** The menu to go on with. */
async function carryOut(action: Action, menu: Menu): Promise<Menu> {
  try {
    return (await ACTIONS[action].run(menu)) ?? menu;
  } catch (error) {
    if (error instanceof Left) return menu;
    const isKnown = [ClientError, Failure, UsageError].some((each) => error instanceof each);
    if (!isKnown || !(error instanceof Error)) throw error;
    prompts.log.error(error.message, { output: menu.io.stdout });
    return menu;
  }
}

async function set({ kv, io }: Menu): Promise<void> {
  const key = await ask(io, "Key");
  const typed = await ask(io, "Value (an object or array is JSON)", { isOptional: true });
  const ttl = await ask(io, "Expires after, such as 60, 30m or 2h (empty for never)", {
    isOptional: true,
    check: ttlMsFlag,
  });
  const expiry = ttlSeconds(ttl === "" ? undefined : ttlMsFlag(ttl));
  const written = await kv.set(key, await valueOfText(typed), expiry);
  prompts.log.success(writtenText(written), { output: io.stdout });
}

async function get({ kv, io }: Menu): Promise<void> {
  const key = await ask(io, "Key");
  const entry = await kv.getBytes(key);
  if (entry === undefined) return tellMissing(key, io);
  const meta = styleOf(io).dim(metaText(entry));
  prompts.log.success(`${valueText(entry, io)}\n${meta}`, { output: io.stdout });
}

async function remove({ kv, io }: Menu): Promise<void> {
  const key = await ask(io, "Key");
  if (!(await kv.delete(key))) return tellMissing(key, io);
  prompts.log.success(`deleted ${safeLine(key)}`, { output: io.stdout });
}

async function list({ kv, io }: Menu): Promise<void> {
  const { keys, cursor } = await kv.listPage({ limit: LISTED_MAX });
  const lines = keys.sort().map(safeLine);
  const more = cursor === null ? "" : "\n... there are more: pykv list prints all of them";
  const title = `${countText(keys.length)} ${keys.length === 1 ? "key" : "keys"}`;
  const text = lines.length === 0 ? "(no keys)" : lines.join("\n") + more;
  prompts.note(text, title, { output: io.stdout });
}

async function changeNamespace(menu: Menu): Promise<Menu> {
  const { kv, io } = menu;
  const names = await kv.namespaces();
  const picked = await prompts.select({
    message: "Namespace",
    options: [...names.map((value) => ({ value, label: value })), { value: "", label: "another" }],
    maxItems: ROWS_MAX,
    ...streams(io),
  });
  if (prompts.isCancel(picked)) throw new Left();
  const ns = picked === "" ? await ask(io, "Its name") : picked;
  return { ...menu, kv: kv.namespace(ns), flags: { ...menu.flags, ns } };
}

async function benchmark({ io, flags }: Menu): Promise<void> {
  const { BENCHMARK_DEFAULTS, operationsFlag, threadsFlag, runBenchmark } =
    await import("../benchmark.ts");
  const { operations, threads } = BENCHMARK_DEFAULTS;
  const plan: BenchmarkPlan = {
    operations: operationsFlag(
      await ask(io, "Operations of each phase", {
        ...{ initialValue: String(operations), check: operationsFlag },
      }),
    ),
    threads: threadsFlag(
      await ask(io, "Connections", { initialValue: String(threads), check: threadsFlag }),
    ),
  };
  const { text } = await runBenchmark(plan, flags, io);
  prompts.log.message(text.trimEnd(), { output: io.stdout });
}

interface Asked {
  readonly isOptional?: true;
  readonly initialValue?: string;
  /** Throws for what can't be taken. */
  readonly check?: (text: string) => unknown;
}

/** What the user types. Throws Left when they would rather not. */
async function ask(io: CliIo, message: string, asked: Asked = {}): Promise<string> {
  const { isOptional, initialValue, check } = asked;
  const answer = await prompts.text({
    ...{ message, ...streams(io) },
    ...(initialValue === undefined ? {} : { initialValue }),
    validate: (text = "") => {
      if (text === "") return isOptional === true ? undefined : "It must not be empty.";
      return check === undefined ? undefined : complaintOf(() => check(text));
    },
  });
  if (prompts.isCancel(answer)) throw new Left();
  return answer;
}

function complaintOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tellMissing(key: string, io: CliIo): void {
  prompts.log.warn(`no such key: ${safeLine(key)}`, { output: io.stdout });
}

function streams(io: CliIo) {
  return { input: io.stdin, output: io.stdout };
}
