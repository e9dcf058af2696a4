/** What SETEX and PSETEX share: a value with a deadline so many units from now. */
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import { readDeadline } from "../../deadlines.ts";

/**
 * @param unitMs 1 or 1000: of argument 2
 * @param command in lower case
 */
export function setExpiring(client: Client, args: Args, unitMs: number, command: string): void {
  const deadlineMs = readDeadline(client.out, args, 2, unitMs, client.nowMs(), command);
  if (deadlineMs === 0) return;
  const draft = client.draftSet(args, 1, 3);
  draft.deadlineMs = deadlineMs;
  if (!client.set("set")) return;
  client.notify("expire", args, 1);
  client.out.ok();
}
