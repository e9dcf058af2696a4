import { expect, test } from "vitest";
import { makeServer } from "../support/http.ts";
import { memoryStoreOn } from "../support/store-harness.ts";
import { fuzz } from "./fuzz.ts";

test("whatever is sent, the reply is one that the document describes, and never a 500", async () => {
  const { app, logger } = await makeServer(memoryStoreOn);
  await fuzz(app, 1000);
  expect(logger.errors).toEqual([]);
  await app.close();
});
