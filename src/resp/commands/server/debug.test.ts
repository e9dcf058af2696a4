import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("is refused unless the server allows it", async () => {
  const client = (await respHarness()).client();
  const reply = client.send("DEBUG", "SLEEP", "0") as ReplyError;
  expect(reply.message).toMatch(/^ERR DEBUG command not allowed\. If the enable-debug-command/);
});

test("SLEEP takes seconds, and what is no number counts as none", async () => {
  const client = (await respHarness({ isDebugAllowed: true })).client();
  for (const seconds of ["0", "0.001", "-1", "x"]) {
    expect(client.send("DEBUG", "sleep", seconds)).toBe("OK");
  }
});

const WRONG: [string[], string][] = [
  [["SLEEP"], "SLEEP"],
  [["SLEEP", "0", "0"], "SLEEP"],
  [["jmap"], "jmap"],
];
for (const [args, name] of WRONG) {
  test(`DEBUG ${args.join(" ")} is told to ask for help`, async () => {
    const client = (await respHarness({ isDebugAllowed: true })).client();
    const error = `ERR unknown subcommand or wrong number of arguments for '${name}'. Try DEBUG HELP.`;
    expect(client.send("DEBUG", ...args)).toEqual(new ReplyError(error));
  });
}

test("HELP lists what there is", async () => {
  const client = (await respHarness({ isDebugAllowed: true })).client();
  expect(client.send("DEBUG", "HELP")).toContain("SLEEP <seconds>");
});
