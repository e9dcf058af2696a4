/**
 * KEYS: every key that matches a pattern, in one go.
 *
 * As in Redis it holds up all others meanwhile, for some tenths of a second with a million keys; SCAN
 * does not. The header of the reply tells how many keys there are, so the matches are found first and
 * written then: nothing else runs in between, so their slots stay good.
 */
import { NO_NAMESPACE } from "../../../memory/namespaces.ts";
import { NO_SLOT } from "../../../memory/slots.ts";
import type { SlotRef } from "../../../memory/slots.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { matchesKey, patternOf, writeKeys } from "./key-lists.ts";

/** Bytes of a reply beside each key: the header and line ends, and some room. */
const BESIDE_KEY_BYTES = 16;

export const keys: Command = {
  name: "keys",
  arity: 2,
  flags: ["readonly"],
  group: "generic",
  categories: ["@dangerous"],
  since: "1.0.0",
  summary: "Returns all key names that match a pattern.",
  complexity: "O(N) with N the number of keys in the database",
  arguments: [{ name: "pattern", type: "pattern" }],
  differs: "A reply longer than the output buffer may be is refused with an error.",
  run: (client, args) => {
    const found = find(client, patternOf(args.view(1)));
    if (found !== null) return writeKeys(client, found);
    const { outputBytesMax } = client.door.settings;
    client.out.error(`ERR the reply has more than ${outputBytesMax} bytes; use SCAN`);
  },
};

/** Slots of the keys; null when they are too many for a reply. */
function find(client: Client, pattern: Uint8Array | null): SlotRef[] | null {
  const { engine, table, namespace } = client;
  const found: SlotRef[] = [];
  // What is not in the reply is shown as missing, so everything must be acknowledged.
  client.showing(engine.journal.lastSeq);
  const id = table.namespaces.find(namespace);
  if (id === NO_NAMESPACE) return found;
  let bytesLeft = client.door.settings.outputBytesMax;
  const cursor = { ordinal: 0, page: 0, place: 0 };
  for (;;) {
    const slot = table.next(id, cursor, Infinity);
    if (slot === NO_SLOT) return found;
    if (table.isExpired(slot) || !matchesKey(table, slot, pattern)) continue;
    bytesLeft -= table.keyLength(slot) + BESIDE_KEY_BYTES;
    if (bytesLeft < 0) return null;
    found.push(slot);
  }
}
