/** The pubsub commands, in the order of docs/redis.md. */
import type { Command } from "../../command.ts";
import { psubscribe } from "./psubscribe.ts";
import { publish } from "./publish.ts";
import { pubsub } from "./pubsub.ts";
import { punsubscribe } from "./punsubscribe.ts";
import { spublish } from "./spublish.ts";
import { ssubscribe } from "./ssubscribe.ts";
import { subscribe } from "./subscribe.ts";
import { sunsubscribe } from "./sunsubscribe.ts";
import { unsubscribe } from "./unsubscribe.ts";

export const PUBSUB_COMMANDS: readonly Command[] = [
  publish,
  subscribe,
  unsubscribe,
  psubscribe,
  punsubscribe,
  pubsub,
  spublish,
  ssubscribe,
  sunsubscribe,
];
