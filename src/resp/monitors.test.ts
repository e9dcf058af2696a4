/** What MONITOR shows is tested beside its command; here is what it does not. */
import { expect, test } from "vitest";
import { encodeRequest, respHarness } from "../../test/support/resp-harness.ts";
import { MiB } from "../base/units.ts";

test("shows the beginning of a request that is too long to be shown", async () => {
  const { client } = await respHarness();
  const [monitor, one] = [client(), client()];
  monitor.send("MONITOR");
  const binary = Buffer.alloc(64 * 1024);
  one.send("MSET", ...Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? `k${i}` : binary)));
  const [line] = monitor.replies() as string[];
  expect(line!.length).toBeLessThan(2 * MiB);
  expect(line).toMatch(/"MSET" "k0" "(\\x00)+" "k2" .*\.\.\. \(\d+ more arguments\)$/);
});

test("counts arguments that have no bytes too", async () => {
  const { client } = await respHarness();
  const [monitor, one] = [client(), client()];
  monitor.send("MONITOR");
  one.feed(encodeRequest(["MGET", ...Array<string>(200_000).fill("")]));
  expect((monitor.replies() as string[])[0]!.length).toBeLessThan(MiB);
});
