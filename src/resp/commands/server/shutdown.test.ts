import { expect, test } from "vitest";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const OPTIONS = [[], ["NOSAVE"], ["save"], ["NOW"], ["FORCE"], ["SAVE", "NOW", "FORCE"]];
for (const options of OPTIONS) {
  test(`SHUTDOWN ${options.join(" ")} asks the server to stop, and answers nothing`, async () => {
    const stops: number[] = [];
    const host = { shutDown: () => void stops.push(1) };
    const client = (await respHarness({}, {}, host)).client();
    client.feed(`SHUTDOWN ${options.join(" ")}\r\nPING\r\n`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stops).toEqual([1]);
    expect(client.replies()).toEqual([]);
  });
}

test("SAVE takes a snapshot before", async () => {
  let lastAtMs: number | null = null;
  const stopped = new Promise<void>((resolve) => {
    const host = {
      shutDown: () => {
        ({ lastAtMs } = harness.store.stats().compaction);
        resolve();
      },
    };
    void start(host);
  });
  let harness: Awaited<ReturnType<typeof respHarnessOnDisk>>;
  async function start(host: { shutDown: () => void }): Promise<void> {
    harness = await respHarnessOnDisk({}, {}, host);
    harness.client().feed("SHUTDOWN SAVE\r\n");
  }
  await stopped;
  expect(lastAtMs).not.toBeNull();
});

const WRONG: [string, string][] = [
  ["FOO", "ERR syntax error"],
  ["SAVE NOSAVE", "ERR syntax error"],
  ["ABORT NOW", "ERR syntax error"],
  ["constructor", "ERR syntax error"],
  ["ABORT", "ERR No shutdown in progress."],
];
for (const [options, error] of WRONG) {
  test(`SHUTDOWN ${options} is refused`, async () => {
    const client = (await respHarness()).client();
    expect(client.send("SHUTDOWN", ...options.split(" "))).toEqual(new ReplyError(error));
  });
}

test("is refused within a transaction", async () => {
  const client = (await respHarness()).client();
  client.send("MULTI");
  expect(client.send("SHUTDOWN")).toEqual(
    new ReplyError("ERR Command not allowed inside a transaction"),
  );
});
