/** What every route answers, good and bad: the contract as a table. */
import type { Case } from "./case.ts";
import { adding, location } from "./cases-adding.ts";
import { reading, listing } from "./cases-reading.ts";
import { replacing, patching, deleting, rootDelete, incrementing } from "./cases-changing.ts";
import { batching } from "./cases-batch.ts";
import { others } from "./cases-others.ts";

export const CASES: readonly Case[] = [
  ...adding,
  ...location,
  ...reading,
  ...listing,
  ...replacing,
  ...patching,
  ...deleting,
  ...rootDelete,
  ...incrementing,
  ...batching,
  ...others,
];
