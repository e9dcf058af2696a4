/** The server commands, in the order of docs/redis.md. */
import type { Command } from "../../command.ts";
import { bgrewriteaof } from "./bgrewriteaof.ts";
import { bgsave } from "./bgsave.ts";
import { config } from "./config.ts";
import { dbsize } from "./dbsize.ts";
import { debug } from "./debug.ts";
import { flushall } from "./flushall.ts";
import { flushdb } from "./flushdb.ts";
import { info } from "./info.ts";
import { lastsave } from "./lastsave.ts";
import { latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { monitor } from "./monitor.ts";
import { replicaof, slaveof } from "./replicaof.ts";
import { role } from "./role.ts";
import { save } from "./save.ts";
import { shutdown } from "./shutdown.ts";
import { slowlog } from "./slowlog.ts";
import { swapdb } from "./swapdb.ts";
import { time } from "./time.ts";
import { wait } from "./wait.ts";
import { waitaof } from "./waitaof.ts";

export const SERVER_COMMANDS: readonly Command[] = [
  dbsize,
  flushall,
  flushdb,
  swapdb,
  info,
  config,
  time,
  slowlog,
  latency,
  memory,
  monitor,
  save,
  bgsave,
  bgrewriteaof,
  lastsave,
  shutdown,
  debug,
  wait,
  waitaof,
  role,
  replicaof,
  slaveof,
];
