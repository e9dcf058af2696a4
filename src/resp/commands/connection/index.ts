/** The connection commands, in the order of docs/redis.md. */
import type { Command } from "../../command.ts";
import { auth } from "./auth.ts";
import { client } from "./client/index.ts";
import { command } from "./command/index.ts";
import { echo } from "./echo.ts";
import { hello } from "./hello.ts";
import { namespace } from "./namespace.ts";
import { ping } from "./ping.ts";
import { quit } from "./quit.ts";
import { reset } from "./reset.ts";
import { select } from "./select.ts";

export const CONNECTION_COMMANDS: readonly Command[] = [
  hello,
  auth,
  ping,
  echo,
  quit,
  reset,
  select,
  namespace,
  client,
  command,
];
