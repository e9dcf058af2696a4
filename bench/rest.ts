/**
 * REST against a bare node:http handler at 50 connections: what does everything cost that a request
 * passes here and not there?
 *
 * The bare handler looks at nothing, and answers with a body of the same size and a content type; for
 * POST it reads the body first. Server, peer and load are each a process of their own; the two servers
 * run in turns, never at once. The time that each has of the processor is counted as well: it tells
 * the cost of a request where the processors are shared with others. Keys are asked for all over a hundred thousand.
 */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FsyncPolicy } from "../src/log/journal.ts";
import type { Benchmark, Figures, Side } from "./support/benchmark.ts";
import { keyOf, valueOf } from "./support/data.ts";
import { CONNECTIONS, LOADER, applyLoad } from "./support/load.ts";
import { fillOver, post, servePykv } from "./support/rest-server.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";

const GET_AIM = 0.85;
const WARM_UP_SECONDS = 2;
const US_PER_MS = 1000;

/** The same, until it is told to stop. */
const bare: Side = ({ bytes }) => {
  const body = Buffer.alloc(bytes, "x");
  const headers = { "content-type": "application/json; charset=utf-8", "content-length": bytes };
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, headers);
    response.end(body);
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.method === "GET") return answer(response);
    request.on("data", () => undefined);
    request.on("end", () => answer(response));
  });
  return new Promise((settle) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      process.stdout.write(`http://127.0.0.1:${port}\n`);
    });
    process.once("SIGTERM", () => {
      server.closeAllConnections();
      server.close(() => settle({}));
    });
  });
};

/** Bytes of the body that a GET, and a POST of a key that is there, is answered with. */
async function bodyBytes(address: string, method: "GET" | "POST"): Promise<number> {
  const reply =
    method === "GET"
      ? await fetch(`${address}/kv/${keyOf(0)}`)
      : await post(`${address}/kv/`, { key: keyOf(0), value: valueOf(0) });
  if (!reply.ok) throw new Error(`a ${method} was answered ${reply.status}`);
  return (await reply.arrayBuffer()).byteLength;
}

async function compare(
  session: Session,
  fsync: FsyncPolicy,
  method: "GET" | "POST",
): Promise<void> {
  const keys = session.size(100_000, 500);
  const seconds = session.size(5, 1);
  const directory = session.directory();
  const server = await session.server("pykv", { directory, fsync });
  await fillOver(server.address, keys);
  const bytes = await bodyBytes(server.address, method);
  const peer = await session.server("bare", { bytes });
  try {
    const apply = async (side: string, forSeconds: number): Promise<Figures> => {
      const target = side === "bare" ? peer : server;
      const before = target.cpuSeconds();
      const { address } = target;
      const figures = await applyLoad({ method, keys, directory, address, seconds: forSeconds });
      return { ...figures, cpuMs: (target.cpuSeconds() - before) * 1000 };
    };
    const sides = ["pykv", "bare"];
    if (!session.quick) for (const side of sides) await apply(side, WARM_UP_SECONDS);
    const rounds = session.rounds(method === "GET" ? 5 : 3);
    const results = await session.alternate(sides, rounds, (side) => apply(side, seconds));
    report(session, `${method}, ${fsync}`, method, results);
  } finally {
    await Promise.all([server.stop(), peer.stop()]);
  }
}

function report(
  session: Session,
  what: string,
  method: "GET" | "POST",
  results: ReadonlyMap<string, readonly Figures[]>,
): void {
  const [own, bareRounds] = [results.get("pykv"), results.get("bare")];
  const aim = method === "GET" ? { aim: { of: "ratio", atLeast: GET_AIM } as const } : {};
  const peerOf = (figure: string) => ({
    peer: { name: "bare node:http", rounds: column(bareRounds, figure) },
  });
  session.row(what, "/s", column(own, "rate"), { ...peerOf("rate"), ...aim });
  const cpuOf = (rounds: readonly Figures[] = []): number[] =>
    rounds.map(({ cpuMs = Number.NaN, requests = 0 }) => (cpuMs / requests) * US_PER_MS);
  if (cpuOf(own).some(Number.isNaN)) session.skip("processor time: the system does not tell");
  else {
    const peer = { name: "bare node:http", rounds: cpuOf(bareRounds) };
    session.row("  processor time for a request", "us", cpuOf(own), { peer });
  }
  session.row("  latency p50", "ms", column(own, "p50Ms"), peerOf("p50Ms"));
  session.row("  latency p99", "ms", column(own, "p99Ms"), peerOf("p99Ms"));
}

async function run(session: Session): Promise<void> {
  if (LOADER === "autocannon") session.skip("wrk is not on the PATH: autocannon took its place");
  const policies = ["everysec", "always"] as const;
  for (const fsync of session.quick ? policies.slice(0, 1) : policies) {
    for (const method of ["GET", "POST"] as const) await compare(session, fsync, method);
  }
  session.note(`load by ${LOADER}, ${CONNECTIONS} connections, one thread`);
}

export const rest: Benchmark = {
  name: "rest",
  title: "REST against a bare node:http handler",
  sides: { pykv: servePykv, bare },
  run,
};
