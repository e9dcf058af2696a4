/**
 * How much a transaction may log, at most: what EXEC asks the log for before it runs anything.
 *
 * Most commands log what stands in their arguments. Some log values that they compute from those that
 * are there (APPEND, COPY, SETBIT: `rewrites`). No value can get longer than the longest that is there
 * now, plus all arguments of the transaction, plus the farthest offset that one of them names; so each
 * of their keys counts for that much. Commands that name no keys but write (FLUSHALL) count for the
 * namespaces that they may touch.
 */
import { NO_SLOT } from "../memory/slots.ts";
import { recordBytesMax } from "../store/record-bytes.ts";
import type { Args } from "./args.ts";
import type { Client } from "./client.ts";
import { databaseNamespace } from "./databases.ts";
import { eachKey } from "./keys.ts";
import type { Entry } from "./registry.ts";

/** See store/names.ts. */
const NAMESPACE_LENGTH_MAX = 64;
/** A record without its key and its value, whatever namespace it is of. */
const RECORD_BYTES_BESIDE_MAX = recordBytesMax("n".repeat(NAMESPACE_LENGTH_MAX), 0, 0);
/** A number that a command computes and logs as text has no more bytes. */
const NUMBER_BYTES_MAX = 512;
/** Commands with which later ones may act on another namespace. */
const NAMESPACE_CHANGERS: ReadonlySet<string> = new Set(["select", "move", "copy", "swapdb"]);

/** A command that waits for EXEC. */
export interface Queued {
  readonly entry: Entry;
  readonly args: Args;
}

/** An upper bound for the records of all that is queued. */
export function logBytesMax(client: Client, queued: readonly Queued[]): number {
  const rewriteBytes = longestResult(client, queued);
  let bytes = 0;
  for (const { entry, args } of queued) {
    if (!entry.isWrite) continue;
    const { command } = entry;
    let keys = 0;
    let keyBytes = 0;
    eachKey(command, args, (i) => {
      keys++;
      keyBytes += args.length[i]!;
    });
    // A key that moves is logged where it goes and where it came from.
    const records = keys * 2 + 2;
    bytes += records * RECORD_BYTES_BESIDE_MAX + argumentBytes(args) + keyBytes;
    bytes += NUMBER_BYTES_MAX;
    if (command.rewrites === true) bytes += keys * rewriteBytes;
    if (keys === 0) bytes += keylessBytes(client, entry);
  }
  return bytes;
}

/** The length that no value can exceed that is computed from others. */
function longestResult(client: Client, queued: readonly Queued[]): number {
  if (!queued.some(({ entry }) => entry.command.rewrites === true)) return 0;
  const { engine, table } = client;
  const namespaces = namespacesOf(client, queued);
  let longest = 0;
  let written = 0;
  let extent = 0;
  for (const { entry, args } of queued) {
    const { command } = entry;
    written += argumentBytes(args);
    extent = Math.max(extent, command.extentBytes?.(args) ?? 0);
    eachKey(command, args, (i) => {
      for (const namespace of namespaces) {
        const slot = engine.read(namespace, args.buffer, args.at[i]!, args.length[i]!, false);
        if (slot !== NO_SLOT) longest = Math.max(longest, table.valueLength(slot));
      }
    });
  }
  // What would get longer than a value may be is refused.
  return Math.max(longest, Math.min(longest + written + extent, client.door.valueBytesMax));
}

/** Every namespace that a queued command may act on. */
function namespacesOf(client: Client, queued: readonly Queued[]): ReadonlySet<string> {
  const names = new Set([client.namespace]);
  for (const { entry, args } of queued) {
    const { name } = entry.command;
    if (name === "namespace" && args.count === 2) names.add(args.latin1(1));
    if (name === "reset") names.add("default");
    if (!NAMESPACE_CHANGERS.has(name)) continue;
    for (let i = 1; i < args.count; i++) {
      const database = databaseNamespace(args.safeInteger(i));
      if (database !== null) names.add(database);
    }
  }
  return names;
}

function argumentBytes(args: Args): number {
  let bytes = 0;
  for (let i = 1; i < args.count; i++) bytes += args.length[i]!;
  return bytes;
}

/** Of a command that writes and names no keys: it may clear every namespace. SWAPDB logs two names. */
function keylessBytes(client: Client, entry: Entry): number {
  if (entry.command.name === "swapdb") return 0;
  return (client.table.namespaces.top + 1) * RECORD_BYTES_BESIDE_MAX;
}
