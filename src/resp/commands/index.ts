/**
 * Every command, a folder for each of Redis's groups, a file for each command.
 */
import type { Command } from "../command.ts";
import { BITMAP_COMMANDS } from "./bitmap/index.ts";
import { CONNECTION_COMMANDS } from "./connection/index.ts";
import { GENERIC_COMMANDS } from "./generic/index.ts";
import { PUBSUB_COMMANDS } from "./pubsub/index.ts";
import { SERVER_COMMANDS } from "./server/index.ts";
import { STRING_COMMANDS } from "./string/index.ts";
import { TRANSACTIONS_COMMANDS } from "./transactions/index.ts";

export const COMMANDS: readonly Command[] = [
  ...STRING_COMMANDS,
  ...BITMAP_COMMANDS,
  ...GENERIC_COMMANDS,
  ...TRANSACTIONS_COMMANDS,
  ...PUBSUB_COMMANDS,
  ...CONNECTION_COMMANDS,
  ...SERVER_COMMANDS,
];
