import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

for (const name of ["REPLICAOF", "SLAVEOF"]) {
  test(`${name} NO ONE is fine, and anything else is refused`, async () => {
    const client = (await respHarness()).client();
    expect(client.send(name, "no", "One")).toBe("OK");
    expect(client.send(name, "127.0.0.1", "6379")).toBeInstanceOf(ReplyError);
    expect(client.send(name, "NO")).toEqual(
      new ReplyError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`),
    );
  });
}
