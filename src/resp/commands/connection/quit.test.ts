import { expect, test } from "vitest";
import { encodeRequest, respHarness } from "../../../../test/support/resp-harness.ts";

test("answers what came before, then OK, and closes; what comes after is not run", async () => {
  const { client, door } = await respHarness();
  const one = client();
  const requests = [
    ["SET", "a", "1"],
    ["QUIT", "whatever"],
    ["SET", "a", "2"],
  ];
  one.feed(Buffer.concat(requests.map((parts) => encodeRequest(parts))));
  expect(one.replies()).toEqual(["OK", "OK"]);
  expect(one.wire.isClosed).toBe(true);
  expect(door.clients.size).toBe(0);
  expect(client().send("GET", "a")).toBe("1");
});

test("is allowed before the password is said", async () => {
  const one = (await respHarness({ password: "p" })).client();
  expect(one.send("QUIT")).toBe("OK");
  expect(one.wire.isClosed).toBe(true);
});
