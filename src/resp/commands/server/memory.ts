/** MEMORY: what is used, and by what. */
import { blockBytes } from "../../../memory/arena.ts";
import { entryBytes } from "../../../memory/entry.ts";
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER, SYNTAX_ERROR, wrongArity } from "../../errors.ts";
import { helpOf } from "./kind.ts";
import { memoryReport, writeMemoryStats } from "./memory-report.ts";

/** Of an entry beside its block: the slot, and its share of the index. */
const SLOT_BYTES = 24;
const INDEX_BYTES = 9;

const SHARED = { flags: [], group: "server", since: "4.0.0" } as const;

const usage: Command = {
  ...SHARED,
  name: "usage",
  arity: -3,
  flags: ["readonly"],
  keys: { first: 2, last: 2, step: 1, access: "RO" },
  summary: "Estimates the memory usage of a key.",
  complexity: "O(N) where N is the number of samples.",
  arguments: [
    { name: "key", type: "key" },
    { name: "count", type: "integer", token: "SAMPLES", optional: true },
  ],
  run: (client, args) => {
    const problem = samplesProblem(args);
    if (problem !== null) client.out.error(problem);
    else writeUsage(client, args);
  },
};

const stats: Command = {
  ...SHARED,
  name: "stats",
  arity: 2,
  summary: "Returns details about memory usage.",
  complexity: "O(1)",
  run: (client) => writeMemoryStats(client),
};

const doctor: Command = {
  ...SHARED,
  name: "doctor",
  arity: 2,
  summary: "Outputs a memory problems report.",
  complexity: "O(1)",
  run: ({ out, door }) => out.verbatim(memoryReport(door)),
};

const purge: Command = {
  ...SHARED,
  name: "purge",
  arity: 2,
  summary: "Asks the allocator to release memory.",
  complexity: "Depends on how much memory is allocated, could be slow",
  run: ({ out }) => out.ok(),
};

const mallocStats: Command = {
  ...SHARED,
  name: "malloc-stats",
  arity: 2,
  summary: "Returns the allocator statistics.",
  complexity: "Depends on how much memory is allocated, could be slow",
  run: ({ out }) => out.bulkLatin1("Stats not supported for the current allocator"),
};

const help = helpOf("MEMORY", "4.0.0", [
  "DOCTOR",
  "    Return memory problems reports.",
  "MALLOC-STATS",
  "    Return internal statistics report from the memory allocator.",
  "PURGE",
  "    Attempt to purge dirty pages for reclamation by the allocator.",
  "STATS",
  "    Return information about the memory usage of the server.",
  "USAGE <key> [SAMPLES <count>]",
  "    Return memory in bytes used by <key> and its value. Nested values are",
  "    sampled up to <count> times (default: 5, 0 means sample all).",
]);

export const memory: Command = {
  name: "memory",
  arity: -2,
  flags: [],
  group: "server",
  since: "4.0.0",
  summary: "A container for memory diagnostics commands.",
  complexity: "Depends on subcommand.",
  differs: "PURGE does nothing, and MALLOC-STATS has nothing to tell: the memory is one table.",
  subcommands: [usage, stats, doctor, purge, mallocStats, help],
  run: ({ out }) => out.error(wrongArity("memory")),
};

/** SAMPLES is for nested values, which there are none of; it is checked all the same. */
function samplesProblem(args: Args): string | null {
  for (let i = 3; i < args.count; i += 2) {
    if (!args.is(i, "SAMPLES") || i + 1 >= args.count) return SYNTAX_ERROR;
    const samples = args.integer(i + 1);
    if (samples === null) return NOT_AN_INTEGER;
    if (samples < 0n) return SYNTAX_ERROR;
  }
  return null;
}

function writeUsage(client: Client, args: Args): void {
  const { table, out } = client;
  const slot = client.peek(args, 2);
  if (slot === NO_SLOT) {
    out.nil();
    return;
  }
  const hasDeadline = table.deadline(slot) > 0;
  const bytes = entryBytes(table.keyLength(slot), table.valueLength(slot), hasDeadline);
  out.integer(blockBytes(bytes) + SLOT_BYTES + INDEX_BYTES);
}
