/**
 * SET and GET over the Redis protocol: rates, latencies and processor time, at 1, 16 and 64 commands
 * in flight on each of fifty connections, for each promise about the disk.
 *
 * Both servers are up all the time and hold the same hundred thousand keys; the load goes to one
 * after the other. Before the first round each has had all the kinds of load, so that ours runs
 * compiled code and both have touched their memory.
 */
import { rmSync } from "node:fs";
import type { Aim, Figures } from "../support/benchmark.ts";
import { fillOver } from "../support/resp-client.ts";
import { column } from "../support/session.ts";
import type { Session } from "../support/session.ts";
import { applyRedisLoad } from "./load.ts";
import type { RedisLoad } from "./load.ts";
import { PERSISTENCES, SIDES, cpuMsOf, startServer } from "./servers.ts";
import type { DataServer, Persistence, ServerName } from "./servers.ts";

/** Requests of one measurement, by the commands in flight: about two seconds each. */
const REQUESTS = new Map([
  [1, 240_000],
  [16, 1_200_000],
  [64, 2_000_000],
]);
const COMMANDS = ["SET", "GET"] as const;
const QUICK_REQUESTS = 2000;
/** A part of a measurement that each server has of every kind before the first. */
const WARM_UP_SHARE = 1 / 2;
const US_PER_MS = 1000;

/** PyKV over Redis, at least. What is read is never waited for, so GET is judged in memory only. */
const AIMS: Readonly<Record<string, number>> = {
  "none SET 1": 0.95,
  "none SET 16": 1,
  "none SET 64": 1.2,
  "none GET 1": 0.95,
  "none GET 16": 1,
  "none GET 64": 1.2,
  "everysec SET 1": 0.9,
  "everysec SET 16": 1,
  "always SET 1": 1,
  "always SET 16": 1.3,
};

type Servers = Readonly<Record<ServerName, DataServer>>;
type Kind = Pick<RedisLoad, "command" | "inFlight">;

export async function compareSpeed(session: Session): Promise<void> {
  const policies = session.quick ? PERSISTENCES.slice(0, 2) : PERSISTENCES;
  for (const persistence of policies) await comparePolicy(session, persistence);
}

async function comparePolicy(session: Session, persistence: Persistence): Promise<void> {
  const started: DataServer[] = [];
  const directories: string[] = [];
  const start = async (name: ServerName): Promise<DataServer> => {
    const directory = session.directory();
    directories.push(directory);
    started.push(await startServer(session, name, { persistence, directory }));
    return started.at(-1)!;
  };
  try {
    const servers = { pykv: await start("pykv"), redis: await start("redis") };
    await compareServers(session, persistence, servers);
  } finally {
    await Promise.all(started.map((server) => server.stop()));
    // Gigabytes by now: not to be kept until the end.
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  }
}

async function compareServers(
  session: Session,
  persistence: Persistence,
  servers: Servers,
): Promise<void> {
  const keys = session.size(100_000, 500);
  const kinds = COMMANDS.flatMap((command) =>
    [...REQUESTS.keys()].map((inFlight) => ({ command, inFlight })),
  );
  const apply = async (name: string, kind: Kind, share: number): Promise<Figures> => {
    const server = servers[name as ServerName];
    const full = Math.ceil((REQUESTS.get(kind.inFlight) ?? 0) * share);
    const requests = session.size(full, QUICK_REQUESTS);
    const cpuMs = cpuMsOf(server);
    const figures = await applyRedisLoad({ ...kind, port: server.port, keys, requests });
    return { ...figures, cpuUs: ((cpuMsOf(server) - cpuMs) / requests) * US_PER_MS };
  };
  for (const name of SIDES) {
    await fillOver(servers[name].socket, keys);
    if (!session.quick) for (const kind of kinds) await apply(name, kind, WARM_UP_SHARE);
  }
  for (const kind of kinds) {
    const results = await session.alternate(SIDES, session.rounds(), (name) =>
      apply(name, kind, 1),
    );
    report(session, persistence, kind, results);
  }
}

function report(
  session: Session,
  persistence: Persistence,
  { command, inFlight }: Kind,
  results: ReadonlyMap<string, readonly Figures[]>,
): void {
  const own = results.get("pykv");
  const peerOf = (figure: string) => ({
    peer: { name: "Redis", rounds: column(results.get("redis"), figure) },
  });
  const atLeast = AIMS[`${persistence} ${command} ${inFlight}`];
  const aim: { aim?: Aim } = atLeast === undefined ? {} : { aim: { of: "ratio", atLeast } };
  const what = `${command}, ${persistence}, ${inFlight} in flight`;
  session.row(what, "/s", column(own, "rate"), { ...peerOf("rate"), ...aim });
  session.row("  latency p50", "ms", column(own, "p50Ms"), peerOf("p50Ms"));
  session.row("  latency p99", "ms", column(own, "p99Ms"), peerOf("p99Ms"));
  // Counted in hundredths of a second, which a quick run is over in.
  if (session.quick || column(own, "cpuUs").some(Number.isNaN)) return;
  session.row("  processor time for a command", "us", column(own, "cpuUs"), peerOf("cpuUs"));
}
