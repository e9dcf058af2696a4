/**
 * How long five million entries take to come back: from the start of the process to the first PING
 * that is answered with PONG, and DBSIZE is checked then.
 *
 * Our log against Redis's append-only file, without the RDB preamble, which would make it an RDB
 * file; our snapshot against its RDB file. Each directory is written once, through the protocol, and
 * read from the page cache.
 */
import type { Figures } from "../support/benchmark.ts";
import { ask, askLine, fillOver } from "../support/resp-client.ts";
import { column } from "../support/session.ts";
import type { Session } from "../support/session.ts";
import { SIDES, startServer } from "./servers.ts";
import type { DataServer, ServerName, ServerPlan } from "./servers.ts";

/** PyKV's time over Redis's. */
const TIME_AIM = 0.5;

export async function compareRecovery(session: Session): Promise<void> {
  const keys = session.size(5_000_000, 3000);
  const plans = new Map<string, ServerPlan>();
  for (const name of SIDES) {
    const plan = { persistence: "everysec", directory: session.directory() } as const;
    plans.set(name, plan);
    await withServer(session, name, plan, ({ socket }) => fillOver(socket, keys));
  }
  await compareSource(session, plans, keys, "log");
  await session.side("compact", { directory: plans.get("pykv")!.directory });
  await withServer(session, "redis", plans.get("redis")!, async ({ socket }) => {
    const reply = await ask(socket, "SAVE\r\n", (text) => text.endsWith("\r\n"));
    if (reply !== "+OK\r\n") throw new Error(`SAVE was answered ${reply}`);
  });
  await compareSource(session, plans, keys, "snapshot");
}

async function compareSource(
  session: Session,
  plans: ReadonlyMap<string, ServerPlan>,
  keys: number,
  source: "log" | "snapshot",
): Promise<void> {
  const results = await session.alternate(SIDES, session.rounds(), (name) => {
    const plan = { ...plans.get(name)!, source };
    return withServer(session, name as ServerName, plan, (server) => timed(server, keys));
  });
  const peer = {
    name: source === "log" ? "Redis, AOF" : "Redis, RDB",
    rounds: column(results.get("redis"), "seconds"),
  };
  const aim = { of: "ratio", atMost: TIME_AIM } as const;
  const what = `start with ${keys} entries, from ${source === "log" ? "the log" : "a snapshot"}`;
  session.row(what, "s", column(results.get("pykv"), "seconds"), { peer, aim });
}

async function timed(server: DataServer, keys: number): Promise<Figures> {
  const size = await askLine(server.socket, "DBSIZE");
  if (size !== `:${keys}`) throw new Error(`DBSIZE was answered ${size}`);
  return { seconds: server.startSeconds };
}

async function withServer<T>(
  session: Session,
  name: ServerName,
  plan: ServerPlan,
  use: (server: DataServer) => Promise<T>,
): Promise<T> {
  const server = await startServer(session, name, plan);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
