/** The transactions commands, in the order of docs/redis.md. */
import type { Command } from "../../command.ts";
import { discard } from "./discard.ts";
import { exec } from "./exec.ts";
import { multi } from "./multi.ts";
import { unwatch } from "./unwatch.ts";
import { watch } from "./watch.ts";

export const TRANSACTIONS_COMMANDS: readonly Command[] = [multi, exec, discard, watch, unwatch];
