import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";

test("answers seconds and microseconds as strings", async () => {
  const { clock, client } = await respHarness();
  clock.setWallMs(1_700_000_000_250);
  expect(client().send("TIME")).toEqual(["1700000000", "250000"]);
});
