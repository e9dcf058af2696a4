/**
 * What EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT do; they differ in the unit and in what they count from.
 *
 * A deadline that has passed already ends the key. Options and numbers are checked before the key is
 * looked for, so a mistake is reported whether the key is there or not.
 */
import { NO_SLOT } from "../../../memory/slots.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Argument } from "../../command.ts";
import { deadlineError, parseDeadline } from "../../deadlines.ts";
import { mayExist } from "../../key-names.ts";

const NX_AND_OTHERS = "ERR NX and XX, GT or LT options at the same time are not compatible";
const GT_AND_LT = "ERR GT and LT options at the same time are not compatible";
/** Bits of the conditions. */
const NX = 1;
const XX = 2;
const GT = 4;
const LT = 8;

export const CONDITION_ARGUMENT: Argument = {
  name: "condition",
  type: "oneof",
  optional: true,
  since: "7.0.0",
  arguments: [
    { name: "nx", type: "pure-token", token: "NX" },
    { name: "xx", type: "pure-token", token: "XX" },
    { name: "gt", type: "pure-token", token: "GT" },
    { name: "lt", type: "pure-token", token: "LT" },
  ],
};

/**
 * @param unitMs of argument 2
 * @param baseMs what argument 2 counts from: the time now, or 0
 */
export function setDeadline(
  client: Client,
  args: Args,
  command: string,
  unitMs: number,
  baseMs: number,
): void {
  const { out } = client;
  let conditions = 0;
  if (args.count > 3) {
    const parsed = parseConditions(args);
    if (typeof parsed === "string") return out.error(parsed);
    conditions = parsed;
  }
  const deadlineMs = parseDeadline(args, 2, unitMs, baseMs);
  const error = deadlineError(deadlineMs, command);
  if (error !== null) return out.error(error);
  if (!mayExist(args, 1) || (conditions !== 0 && !holds(client, args, conditions, deadlineMs))) {
    return out.integer(0);
  }
  const draft = client.draftKey(args, 1);
  if (deadlineMs <= client.nowMs()) {
    if (!client.delete("del")) return;
  } else {
    draft.deadlineMs = deadlineMs;
    if (!client.expire("expire")) return;
  }
  out.flag(client.engine.isDone);
}

/** Bits of the conditions, or an error. */
function parseConditions(args: Args): number | string {
  let conditions = 0;
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, "NX")) conditions |= NX;
    else if (args.is(i, "XX")) conditions |= XX;
    else if (args.is(i, "GT")) conditions |= GT;
    else if (args.is(i, "LT")) conditions |= LT;
    else return `ERR Unsupported option ${args.text(i)}`;
  }
  if ((conditions & NX) !== 0 && conditions !== NX) return NX_AND_OTHERS;
  return (conditions & (GT | LT)) === (GT | LT) ? GT_AND_LT : conditions;
}

/** A key without a deadline counts as one that lasts for ever: nothing is later, everything earlier. */
function holds(client: Client, args: Args, conditions: number, deadlineMs: number): boolean {
  const slot = client.peek(args, 1);
  if (slot === NO_SLOT) return false;
  const presentMs = client.table.deadline(slot);
  const hasDeadline = presentMs > 0;
  if ((conditions & NX) !== 0 && hasDeadline) return false;
  if ((conditions & XX) !== 0 && !hasDeadline) return false;
  if ((conditions & GT) !== 0 && (!hasDeadline || deadlineMs <= presentMs)) return false;
  return (conditions & LT) === 0 || !hasDeadline || deadlineMs < presentMs;
}
