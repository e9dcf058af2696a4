/** Many keys in little time: MSET of ten thousand at once through the Redis door. */
import { once } from "node:events";
import { connect } from "node:net";

const KEYS_PER_COMMAND = 10_000;

/**
 * Stores `user:1`, `user:2` and so on in a namespace, each with its number as the value.
 *
 * @param address host and port of the Redis door.
 */
export async function seedKeys(address: string, namespace: string, count: number): Promise<void> {
  const [host = "", port = ""] = address.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");
  let replies = "";
  socket.on("data", (chunk: Buffer) => (replies += chunk.toString("latin1")));
  socket.write(command(["NAMESPACE", namespace]));
  for (let from = 1; from <= count; from += KEYS_PER_COMMAND) {
    const to = Math.min(count, from + KEYS_PER_COMMAND - 1);
    const words = ["MSET"];
    for (let each = from; each <= to; each++) words.push(`user:${each}`, String(each));
    if (!socket.write(command(words))) await once(socket, "drain");
  }
  socket.end(command(["QUIT"]));
  await once(socket, "close");
  const errors = replies.split("\r\n").filter((line) => line !== "" && line !== "+OK");
  if (errors.length > 0) throw new Error(errors[0]);
}

/** Of words in ASCII, whose length is their bytes. */
function command(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
}
