/** The bitmap commands, in the order of docs/redis.md. */
import type { Command } from "../../command.ts";
import { bitcount } from "./bitcount.ts";
import { bitfield } from "./bitfield.ts";
import { bitfieldRo } from "./bitfield-ro.ts";
import { bitop } from "./bitop.ts";
import { bitpos } from "./bitpos.ts";
import { getbit } from "./getbit.ts";
import { setbit } from "./setbit.ts";

export const BITMAP_COMMANDS: readonly Command[] = [
  setbit,
  getbit,
  bitcount,
  bitpos,
  bitop,
  bitfield,
  bitfieldRo,
];
