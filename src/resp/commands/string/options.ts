/**
 * The options that SET and GETEX share: in any order and each as often as one likes, as long as
 * they do not contradict each other.
 */
import type { Condition } from "../../../store/types.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import { SECOND_MS, readDeadline } from "../../deadlines.ts";

/** Bits of StringOptions.flags. */
export const OPTION = {
  nx: 1,
  xx: 2,
  ifEqual: 4,
  get: 8,
  ex: 16,
  px: 32,
  exAt: 64,
  pxAt: 128,
  keepTtl: 256,
  persist: 512,
} as const;

const EXPIRY = OPTION.ex | OPTION.px | OPTION.exAt | OPTION.pxAt;
/** Of these only one may be given, if several times. */
const LIFETIME = EXPIRY | OPTION.keepTtl | OPTION.persist;
const CONDITION = OPTION.nx | OPTION.xx | OPTION.ifEqual;

export const SET_OPTIONS = CONDITION | OPTION.get | EXPIRY | OPTION.keepTtl;
export const GETEX_OPTIONS = EXPIRY | OPTION.persist;

export const IF_ABSENT: Condition = { ifAbsent: true };
export const IF_PRESENT: Condition = { ifPresent: true };

interface Spelling {
  readonly word: string;
  readonly bit: number;
  /** Bits of those that may not stand before it. */
  readonly conflicts: number;
  readonly hasValue: boolean;
}

const SPELLINGS: readonly Spelling[] = [
  { word: "EX", bit: OPTION.ex, conflicts: LIFETIME & ~OPTION.ex, hasValue: true },
  { word: "PX", bit: OPTION.px, conflicts: LIFETIME & ~OPTION.px, hasValue: true },
  { word: "NX", bit: OPTION.nx, conflicts: CONDITION & ~OPTION.nx, hasValue: false },
  { word: "XX", bit: OPTION.xx, conflicts: CONDITION & ~OPTION.xx, hasValue: false },
  { word: "GET", bit: OPTION.get, conflicts: 0, hasValue: false },
  { word: "EXAT", bit: OPTION.exAt, conflicts: LIFETIME & ~OPTION.exAt, hasValue: true },
  { word: "PXAT", bit: OPTION.pxAt, conflicts: LIFETIME & ~OPTION.pxAt, hasValue: true },
  { word: "IFEQ", bit: OPTION.ifEqual, conflicts: CONDITION, hasValue: true },
  { word: "KEEPTTL", bit: OPTION.keepTtl, conflicts: LIFETIME & ~OPTION.keepTtl, hasValue: false },
  { word: "PERSIST", bit: OPTION.persist, conflicts: LIFETIME & ~OPTION.persist, hasValue: false },
];

/** What was given; one object serves all commands, since each has read it before the next runs. */
export class StringOptions {
  /** Bits of OPTION. */
  flags = 0;
  /** Argument that holds the deadline, and the one to compare with; 0 when there is none. */
  deadlineAt = 0;
  comparisonAt = 0;

  has(bit: number): boolean {
    return (this.flags & bit) !== 0;
  }

  /** Reads the arguments from number `from`; false when they are not options in `allowed`. */
  parse(args: Args, from: number, allowed: number): boolean {
    this.flags = 0;
    this.deadlineAt = 0;
    this.comparisonAt = 0;
    for (let i = from; i < args.count; i++) {
      const option = spelled(args, i);
      if (option === null || (option.bit & allowed) === 0 || this.has(option.conflicts))
        return false;
      this.flags |= option.bit;
      if (!option.hasValue) continue;
      if (++i === args.count) return false;
      if (option.bit === OPTION.ifEqual) this.comparisonAt = i;
      else this.deadlineAt = i;
    }
    return true;
  }

  /** The deadline given, as `readDeadline` tells it. */
  deadlineMs(client: Client, args: Args, command: string): number {
    const unitMs = this.has(OPTION.ex | OPTION.exAt) ? SECOND_MS : 1;
    const baseMs = this.has(OPTION.ex | OPTION.px) ? client.nowMs() : 0;
    return readDeadline(client.out, args, this.deadlineAt, unitMs, baseMs, command);
  }
}

function spelled(args: Args, i: number): Spelling | null {
  for (const spelling of SPELLINGS) if (args.is(i, spelling.word)) return spelling;
  return null;
}
