/** A server for tests of the SDK: over a store in memory, listening on a free port. */
import type { AddressInfo } from "node:net";
import type { HttpOptions } from "../../src/http/context.ts";
import type { Store } from "../../src/store/store.ts";
import { makeServer } from "./http.ts";
import type { TestServer } from "./http.ts";
import { memoryStoreOn } from "./store-harness.ts";

export interface ClientServer extends TestServer<Store> {
  readonly url: string;
  close(): Promise<void>;
}

const VALUE_BYTES_MAX = 4 * 1024 * 1024;

export async function startClientServer(http: Partial<HttpOptions> = {}): Promise<ClientServer> {
  const options = { maxValueSizeBytes: VALUE_BYTES_MAX, ...http };
  const server = await makeServer(memoryStoreOn, options);
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.app.server.closeAllConnections();
    await server.app.close();
    await server.store.close();
  };
  return { ...server, url: `http://127.0.0.1:${port}`, close };
}

/** What an async iterable brings, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
