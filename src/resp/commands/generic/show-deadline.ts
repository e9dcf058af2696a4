/** What TTL, PTTL, EXPIRETIME and PEXPIRETIME do; they differ in the unit and in what they count from. */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";

const NO_KEY = -2;
const NO_DEADLINE = -1;

/**
 * Answers the deadline of the key, rounded to the unit.
 *
 * @param unitMs 1 or SECOND_MS
 * @param baseMs what is counted from: the time now, or 0
 */
export function showDeadline(client: Client, args: Args, unitMs: number, baseMs: number): void {
  const { out, table } = client;
  const slot = client.look(args, 1);
  if (slot === NO_SLOT) return out.integer(NO_KEY);
  const deadlineMs = table.deadline(slot);
  if (deadlineMs === 0) return out.integer(NO_DEADLINE);
  const shownMs = Math.max(0, deadlineMs - baseMs);
  out.integer(unitMs === 1 ? shownMs : Math.floor((shownMs + unitMs / 2) / unitMs));
}
