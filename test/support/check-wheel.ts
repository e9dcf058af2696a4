/** The part of the table check that is about deadlines. */
import { deadlineMs, hasDeadline } from "../../src/memory/entry.ts";
import { DEADLINE } from "../../src/memory/entry.ts";
import { TICK_MS } from "../../src/memory/expiry.ts";
import {
  COUNTER,
  TOTAL,
  WHEEL_AT,
  WHEEL_LEVELS,
  WHEEL_LISTS,
  WHEEL_TURN,
} from "../../src/memory/shard.ts";
import type { SlotRef } from "../../src/memory/slots.ts";
import { chain, equal, expect } from "./table-survey.ts";
import type { Survey } from "./table-survey.ts";

/** Checks that exactly the entries with a deadline are in the wheel, each where it is found in time. */
export function checkWheel(survey: Survey): void {
  const { table, slots } = survey;
  const { u32 } = table.shard;
  const found = new Set<SlotRef>();
  for (let level = 0; level < WHEEL_LEVELS; level++) {
    const before = found.size;
    for (let place = 0; place < WHEEL_LISTS; place++) checkWheelList(survey, level, place, found);
    const count = u32[WHEEL_AT + WHEEL_LEVELS * WHEEL_LISTS + level]!;
    equal(count, found.size - before, "entries on a level of the wheel");
  }
  equal(u32[COUNTER.deadlines]!, found.size, "entries in the wheel");
  let expected = 0;
  for (const block of slots.values()) if (hasDeadline(u32[block]!)) expected++;
  equal(found.size, expected, "entries with a deadline");
}

function checkWheelList(
  { table, slots }: Survey,
  level: number,
  place: number,
  found: Set<SlotRef>,
): void {
  const { u32, f64 } = table.shard;
  const now = f64[TOTAL.wheelTick]!;
  const span = WHEEL_TURN ** level;
  let opens = Math.ceil(now / span);
  opens += (place - (opens % WHEEL_LISTS) + WHEEL_LISTS) % WHEEL_LISTS;
  const list = level * WHEEL_LISTS + place;
  const blockOf = (slot: number): number => slots.get(slot as SlotRef) ?? 0;
  const members = chain(u32[WHEEL_AT + list]!, (slot) => u32[blockOf(slot) + DEADLINE.next]!);
  members.forEach((member, i) => {
    const slot = member as SlotRef;
    expect(slots.has(slot) && !found.has(slot), "what is in the wheel is a live slot, once");
    found.add(slot);
    const block = blockOf(slot);
    expect(hasDeadline(u32[block]!), "what is in the wheel has a deadline");
    equal(u32[block + DEADLINE.highAndList]! >>> 16, list, "list that an entry says it is in");
    equal(u32[block + DEADLINE.prev]!, members[i - 1] ?? 0, "link back in the wheel");
    const due = Math.max(now, Math.ceil(deadlineMs(u32, block) / TICK_MS));
    const isInTime = opens * span <= due && due < (opens + 1) * span;
    expect(isInTime, "the wheel comes to an entry in time");
  });
}
