/** CONFIG: reads and changes parameters, see parameters.ts. */
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import type { Door } from "../../door.ts";
import { SYNTAX_ERROR, wrongArity } from "../../errors.ts";
import { globMatches } from "../../glob.ts";
import { Problem } from "../../parameter-kinds.ts";
import { PARAMETERS } from "../../parameters.ts";
import type { Parameter, Plan } from "../../parameters.ts";
import { rewrite } from "./config-rewrite.ts";
import { ADMIN, helpOf } from "./kind.ts";

const SHARED = { flags: ADMIN, group: "server", since: "2.0.0" } as const;
const GLOB = /[*?[]/;

const get: Command = {
  ...SHARED,
  name: "get",
  arity: -3,
  summary: "Returns the effective values of configuration parameters.",
  complexity: "O(N) when N is the number of configuration parameters provided",
  arguments: [
    {
      name: "parameter",
      type: "block",
      multiple: true,
      arguments: [{ name: "parameter", type: "string" }],
    },
  ],
  run: ({ out, door }, args) => {
    const found = matches(args);
    out.map(found.size);
    for (const [name, parameter] of found) {
      out.bulkText(name);
      out.bulkText(parameter.read(door));
    }
  },
};

const set: Command = {
  ...SHARED,
  name: "set",
  arity: -4,
  summary: "Sets configuration parameters in-flight.",
  complexity: "O(N) when N is the number of configuration parameters provided",
  arguments: [
    {
      name: "data",
      type: "block",
      multiple: true,
      arguments: [
        { name: "parameter", type: "string" },
        { name: "value", type: "string" },
      ],
    },
  ],
  run: (client, args) => {
    const plans = planAll(client.door, args);
    if (typeof plans === "string") client.out.error(plans);
    else carryOut(client, plans);
  },
};

const resetstat: Command = {
  ...SHARED,
  name: "resetstat",
  arity: 2,
  summary: "Resets the server's statistics.",
  complexity: "O(1)",
  run: ({ out, door }) => {
    door.resetStatistics();
    out.ok();
  },
};

const help = helpOf("CONFIG", "5.0.0", [
  "GET <pattern>",
  "    Return parameters matching the glob-like <pattern> and their values.",
  "SET <directive> <value>",
  "    Set the configuration <directive> to <value>.",
  "RESETSTAT",
  "    Reset statistics reported by the INFO command.",
  "REWRITE",
  "    Rewrite the configuration file.",
]);

export const config: Command = {
  name: "config",
  arity: -2,
  flags: [],
  group: "server",
  since: "2.0.0",
  summary: "A container for server configuration commands.",
  complexity: "Depends on subcommand.",
  differs:
    "Knows the options that have a name in Redis by that name, and all of them by their own (REST's " +
    "port and host as `rest-port` and `rest-host`). What can't change while the server runs is " +
    "refused, unless it is set to what it is. `maxmemory` may be raised up to what the server was " +
    "started with.",
  subcommands: [get, set, resetstat, rewrite, help],
  run: ({ out }) => out.error(wrongArity("config")),
};

/** By the names to show: one that was given without wildcards is shown as it was given. */
function matches(args: Args): Map<string, Parameter> {
  const found = new Map<string, Parameter>();
  for (let i = 2; i < args.count; i++) {
    const given = args.text(i);
    const parameter = PARAMETERS.get(given.toLowerCase());
    if (!GLOB.test(given)) {
      if (parameter !== undefined && !found.has(given)) found.set(given, parameter);
      continue;
    }
    for (const [name, each] of PARAMETERS) {
      const isMatch = globMatches(args.view(i), Buffer.from(name), 0, name.length, true);
      if (isMatch && !found.has(name)) found.set(name, each);
    }
  }
  return found;
}

/** How to do all of it, or what is wrong with some of it: then nothing is done. */
function planAll(door: Door, args: Args): readonly Plan[] | string {
  if (args.count % 2 !== 0) return SYNTAX_ERROR;
  const plans = new Map<Parameter, Plan>();
  for (let i = 2; i < args.count; i += 2) {
    const name = args.text(i);
    const parameter = PARAMETERS.get(name.toLowerCase());
    if (parameter === undefined) {
      return `ERR Unknown option or number of arguments for CONFIG SET - '${name}'`;
    }
    if (plans.has(parameter)) return failed(name, "duplicate parameter");
    const plan = parameter.plan(door, args.text(i + 1));
    if (plan instanceof Problem) return failed(name, plan.message);
    plans.set(parameter, plan);
  }
  return [...plans.values()];
}

function failed(name: string, reason: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
}

/** Answers when all of it holds, also for what was written before (`appendfsync always`). */
function carryOut({ out, link, transaction, door }: Client, plans: readonly Plan[]): void {
  const slow = plans.map((plan) => plan()).filter((work) => work !== undefined);
  if (slow.length === 0) {
    out.ok();
    return;
  }
  const work = Promise.all(slow);
  if (transaction?.isExecuting === true) {
    work.catch((error: unknown) => door.logger.error({ err: error }, "CONFIG SET failed"));
    out.ok();
  } else link.block(work, (reply) => reply.ok());
}
