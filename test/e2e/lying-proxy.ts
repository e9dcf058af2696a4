/**
 * A proxy in front of the REST door that lies: it says that a write was done which it has not passed
 * on, or alters what is written, or answers a read with what it was before.
 */
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export type Lie = "none" | "drop a write" | "drop a delete" | "alter a write" | "read the past";

export interface LyingProxy {
  readonly url: string;
  /** How often it has lied. */
  readonly lies: () => number;
  close(): Promise<void>;
}

/** Every so many requests that it could lie about. */
const LIE_EVERY = 5;

/** @param target host and port of the server. */
export async function startLyingProxy(target: string, lie: Lie): Promise<LyingProxy> {
  let chances = 0;
  let lies = 0;
  const past = new Map<string, Answer>();
  const isLie = (wanted: Lie): boolean => {
    if (lie !== wanted || ++chances % LIE_EVERY !== 0) return false;
    lies++;
    return true;
  };
  const answer = async (incoming: IncomingMessage, body: string): Promise<Answer> => {
    const { method, url = "" } = incoming;
    if (method === "POST" && url.startsWith("/kv/")) {
      if (isLie("drop a write")) return { status: 200, body: '{"status":"replaced"}' };
      if (isLie("alter a write")) return forward(target, incoming, body.replace(/.("})?$/, "~$1"));
    }
    if (method === "DELETE" && isLie("drop a delete")) {
      return { status: 200, body: '{"status":"deleted"}' };
    }
    const real = await forward(target, incoming, body);
    if (method !== "GET" || real.status !== 200) return real;
    const before = past.get(url);
    past.set(url, real);
    if (before === undefined || before.body === real.body || !isLie("read the past")) return real;
    return before;
  };
  const server = createServer((incoming, reply) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { status, body } = await answer(incoming, Buffer.concat(chunks).toString());
      reply.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, lies: () => lies, close: () => closed(server) };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: string) {
  const [host, port] = target.split(":") as [string, string];
  const type = headers["content-type"];
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(
      {
        ...{ host, port, method, path: url },
        headers: body === "" ? {} : { "content-type": type, "content-length": body.length },
      },
      (reply) => {
        let text = "";
        reply.setEncoding("utf8");
        reply.on("data", (chunk: string) => (text += chunk));
        reply.on("end", () => resolve({ status: reply.statusCode ?? 0, body: text }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
