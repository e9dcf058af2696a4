import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";

test("answers master, with no replicas", async () => {
  expect((await respHarness()).client().send("ROLE")).toEqual(["master", 0, []]);
});
