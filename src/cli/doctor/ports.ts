/**
 * Checks of the two ports: free, or who answers there. A PyKV that is running is fine; anything else
 * would keep a server from starting.
 */
import { createServer } from "node:net";
import { ANY_PORT } from "../../store/options/kinds.ts";
import type { Options } from "../../store/options/declaration.ts";
import { RedisConnection } from "../redis/connection.ts";
import { fail, ok, warn, type Finding } from "./check.ts";

const ASK_MS = 1500;

/** How listening ends: "free", or node's code for why not. */
export type Listening = "free" | (string & {});

export async function checkRestPort({ host, port }: Options): Promise<Finding> {
  const name = "REST port";
  if (port === 0) return ok(name, "any free one (--port 0)");
  const where = `${host} port ${port}`;
  const listening = await tryListening(host, port);
  if (listening !== "EADDRINUSE") return listenFinding(name, where, listening, "");
  const answer = await askRest(host, port);
  if (answer !== null) return answer(name, where);
  const advice = "stop it, or choose another with --port";
  return fail(name, `${where} is in use, and not by a PyKV`, advice);
}

export async function checkRedisPort({ respHost, respPort }: Options): Promise<Finding> {
  const name = "Redis port";
  if (respPort === 0) return ok(name, "off (--resp-port 0)");
  if (respPort === ANY_PORT) return ok(name, "any free one (--resp-port any)");
  const where = `${respHost} port ${respPort}`;
  const listening = await tryListening(respHost, respPort);
  if (listening !== "EADDRINUSE") return listenFinding(name, where, listening, "resp-");
  const answer = await askRedis(respHost, respPort);
  if (answer === "pykv") return ok(name, `${where}: a PyKV runs there`);
  const who = answer === "redis" ? "by a Redis server" : "and not by a PyKV";
  const advice = "stop it, choose another with --resp-port, or --resp-port 0 for none";
  return fail(name, `${where} is in use, ${who}`, advice);
}

function listenFinding(name: string, where: string, listening: Listening, flag: string): Finding {
  switch (listening) {
    case "free":
      return ok(name, `${where} is free`);
    case "EACCES":
      return fail(name, `${where} is not allowed`, `choose one from 1024 with --${flag}port`);
    default:
      return fail(
        name,
        `${where} can't be listened on (${listening})`,
        `choose an address of this machine with --${flag}host`,
      );
  }
}

async function tryListening(host: string, port: number): Promise<Listening> {
  const server = createServer();
  try {
    return await new Promise<Listening>((settle) => {
      server.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
      server.listen(port, host, () => settle("free"));
    });
  } finally {
    if (server.listening) await new Promise((closed) => server.close(closed));
  }
}

/** What a PyKV says of itself; null when none answers. */
async function askRest(
  host: string,
  port: number,
): Promise<((name: string, where: string) => Finding) | null> {
  const { PyKV } = await import("../../client/index.ts");
  try {
    const url = `http://${urlHost(host)}:${port}`;
    const { version, status, reason } = await new PyKV({ url, timeoutMs: ASK_MS }).health();
    const who = `a PyKV ${version} runs there`;
    return (name, where) =>
      status === "healthy"
        ? ok(name, `${where}: ${who}, healthy`, { version, status })
        : warn(name, `${where}: ${who}, ${status}: ${reason ?? ""}`, "see its log", { version });
  } catch {
    return null;
  }
}

async function askRedis(host: string, port: number): Promise<"pykv" | "redis" | null> {
  const address = { host: askedHost(host), port, isTls: false, database: 0 };
  try {
    const connection = await RedisConnection.open(
      { ...address, user: null, password: null },
      ASK_MS,
    );
    try {
      const [info] = await connection.pipeline([["INFO", "server"]]);
      // One that wants a password first speaks the protocol too.
      if (!(info instanceof Buffer)) return "redis";
      return info.includes("pykv_version:") ? "pykv" : "redis";
    } finally {
      connection.close();
    }
  } catch {
    return null;
  }
}

/** Where to ask what listens on every address. */
function askedHost(host: string): string {
  return host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
}

function urlHost(host: string): string {
  const asked = askedHost(host);
  return asked.includes(":") ? `[${asked}]` : asked;
}
