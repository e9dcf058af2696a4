/** PyKV as a server over REST, and keys into it a batch at a time. */
import { join } from "node:path";
import { processIo } from "../../src/cli/io.ts";
import { runCli } from "../../src/cli/program.ts";
import type { Side } from "./benchmark.ts";
import { keyOf, valueOf } from "./data.ts";

const BATCH = 1000;

/** `pykv serve`, until it is told to stop. */
export const servePykv: Side = async ({ directory, fsync }) => {
  const dataDir = join(directory, "data");
  const exitCode = await runCli(
    ["serve", "--port", "0", "--resp-port", "0", "--fsync", fsync, "--data-dir", dataDir],
    processIo(),
  );
  return { exitCode };
};

/** Stores the first `keys` keys, each with its value, in the namespace `default`. */
export async function fillOver(address: string, keys: number): Promise<void> {
  for (let i = 0; i < keys; i += BATCH) {
    const length = Math.min(BATCH, keys - i);
    const operations = Array.from({ length }, (_, j) => ({
      op: "set",
      key: keyOf(i + j),
      value: valueOf(i + j),
    }));
    const reply = await post(`${address}/batch`, { operations });
    if (!reply.ok) throw new Error(`the batch was answered ${reply.status}`);
    await reply.arrayBuffer();
  }
}

export function post(url: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}
