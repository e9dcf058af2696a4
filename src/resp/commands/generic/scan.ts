/**
 * SCAN: the keys of a database, some at a time.
 *
 * The walk is over the namespace's slots in the order of their pages (memory/slots.ts): every key that
 * is there from the first call to the last is returned, whatever is written meanwhile, and none twice
 * unless it was moved, or see scan-cursor.ts. A call looks at COUNT keys, and steps over a bounded
 * number of free places, so it may return no key and yet not be the last.
 */
import { NO_NAMESPACE } from "../../../memory/namespaces.ts";
import type { NamespaceId } from "../../../memory/namespaces.ts";
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotCursor, SlotRef } from "../../../memory/slots.ts";
import type { Table } from "../../../memory/table.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { NOT_AN_INTEGER, SYNTAX_ERROR } from "../../errors.ts";
import { decodeCursor, encodeCursor, parseCursor } from "../../scan-cursor.ts";
import { matchesKey, patternOf, writeKeys } from "./key-lists.ts";

const COUNT = 10;
/** Keys that a call looks at, however high its COUNT: about ten milliseconds. */
const COUNT_MAX = 16_384;
/** A call ends before its COUNT once it has so many bytes of keys. */
const KEY_BYTES_MAX = 4 * 1024 * 1024;
/** Free places that are stepped over for each key looked at. */
const LOOKS_MAX = 16;

interface ScanOptions {
  /** Keys to look at. */
  readonly count: number;
  readonly pattern: Uint8Array | null;
  /** False when keys of another type are wanted: there are none. */
  readonly isForStrings: boolean;
}

export const scan: Command = {
  name: "scan",
  arity: -2,
  flags: ["readonly"],
  group: "generic",
  since: "2.8.0",
  summary: "Iterates over the key names in the database.",
  complexity: "O(COUNT) for each call, O(N) for all of them with N the number of keys",
  arguments: [
    { name: "cursor", type: "integer" },
    { name: "pattern", type: "pattern", token: "MATCH", optional: true },
    { name: "count", type: "integer", token: "COUNT", optional: true },
    { name: "type", type: "string", token: "TYPE", optional: true, since: "6.0.0" },
  ],
  differs: `A call looks at no more than ${COUNT_MAX} keys, whatever its COUNT.`,
  run: (client, args) => {
    const { out } = client;
    const from = parseCursor(args.latin1(1));
    if (from === null) return out.error("ERR invalid cursor");
    const options = parseOptions(args);
    if (typeof options === "string") return out.error(options);
    const found: SlotRef[] = [];
    const next = walk(client, from, options, found);
    out.array(2);
    out.bulkLatin1(String(next));
    writeKeys(client, found);
  },
};

/** Or an error. */
function parseOptions(args: Args): ScanOptions | string {
  let count = COUNT;
  let pattern: Uint8Array | null = null;
  let isForStrings = true;
  for (let i = 2; i < args.count; i += 2) {
    if (i + 1 === args.count) return SYNTAX_ERROR;
    if (args.is(i, "COUNT")) {
      const wanted = args.integer(i + 1);
      if (wanted === null) return NOT_AN_INTEGER;
      if (wanted < 1n) return SYNTAX_ERROR;
      count = wanted > BigInt(COUNT_MAX) ? COUNT_MAX : Number(wanted);
    } else if (args.is(i, "MATCH")) pattern = patternOf(args.view(i + 1));
    else if (args.is(i, "TYPE")) isForStrings = args.is(i + 1, "STRING");
    else return SYNTAX_ERROR;
  }
  return { count, pattern, isForStrings };
}

/** Adds the keys of one call to `found`; returns the cursor for the next. */
function walk(
  client: Client,
  from: number,
  { count, pattern, isForStrings }: ScanOptions,
  found: SlotRef[],
): number {
  const { table } = client;
  const namespace = table.namespaces.find(client.namespace);
  // A key that is not returned is shown as missing.
  client.showing(table.namespaces.removalSeq(namespace));
  if (namespace === NO_NAMESPACE || from === Infinity) return 0;
  const cursor = decodeCursor(table, namespace, from);
  let bytes = 0;
  for (let looked = 0; looked < count && bytes < KEY_BYTES_MAX; looked++) {
    const slot = table.next(namespace, cursor, LOOKS_MAX);
    if (slot === NO_SLOT) {
      if (cursor.page === 0) return 0;
    } else if (table.isExpired(slot)) {
      // So is what gave the key the deadline that it has reached.
      client.showing(table.version(slot));
    } else if (isForStrings && matchesKey(table, slot, pattern)) {
      found.push(slot);
      bytes += table.keyLength(slot);
      client.showing(table.version(slot));
    }
  }
  return isAtEnd(table, namespace, cursor) ? 0 : encodeCursor(cursor);
}

/** Whether there is nothing behind the cursor, as far as a short look tells: saves an empty call. */
function isAtEnd(table: Table, namespace: NamespaceId, cursor: SlotCursor): boolean {
  const ahead = { ...cursor };
  return table.next(namespace, ahead, LOOKS_MAX) === NO_SLOT && ahead.page === 0;
}
