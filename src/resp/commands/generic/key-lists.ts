/** What KEYS and SCAN share: matching keys where they lie, and writing them out. */
import type { SlotRef } from "../../../memory/slots.ts";
import type { Table } from "../../../memory/table.ts";
import type { Client } from "../../client.ts";
import { globMatches } from "../../glob.ts";

const STAR = 0x2a;

/** The pattern; null for the one that every key matches. */
export function patternOf(bytes: Uint8Array): Uint8Array | null {
  return bytes.length === 1 && bytes[0] === STAR ? null : bytes;
}

export function matchesKey(table: Table, slot: SlotRef, pattern: Uint8Array | null): boolean {
  if (pattern === null) return true;
  return globMatches(pattern, table.shard.u8, table.keyAt(slot), table.keyLength(slot));
}

export function writeKeys({ out, table }: Client, slots: readonly SlotRef[]): void {
  out.array(slots.length);
  for (const slot of slots) out.bulk(table.shard.u8, table.keyAt(slot), table.keyLength(slot));
}
