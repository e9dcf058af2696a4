import { expect, test } from "vitest";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

test("reads fields within a string, across its end and behind it", async () => {
  const client = (await respHarness()).client();
  client.send("SET", "k", Buffer.from([0x12, 0x34, 0xff]));
  const gets = ["GET", "u8", "0", "get", "u12", "4", "GET", "i16", "#1", "GET", "i64", "100"];
  expect(client.send("BITFIELD_RO", "k", ...gets)).toEqual([0x12, 0x234, -256, 0]);
});

test("answers zeros for a key that is not there, and nothing when nothing is asked", async () => {
  const client = (await respHarness()).client();
  expect(client.send("BITFIELD_RO", "k", "GET", "i64", "0")).toEqual([0]);
  expect(client.send("BITFIELD_RO", "k")).toEqual([]);
});

test("takes OVERFLOW, which means nothing here, but no change", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR BITFIELD_RO only supports the GET subcommand");
  expect(client.send("BITFIELD_RO", "k", "OVERFLOW", "SAT", "GET", "u1", "0")).toEqual([0]);
  expect(client.send("BITFIELD_RO", "k", "SET", "u1", "0", "1")).toEqual(error);
  expect(client.send("BITFIELD_RO", "k", "GET", "u1", "0", "INCRBY", "u1", "0", "1")).toEqual(
    error,
  );
});

test("takes at least a key", async () => {
  const client = (await respHarness()).client();
  const error = new ReplyError("ERR wrong number of arguments for 'bitfield_ro' command");
  expect(client.send("BITFIELD_RO")).toEqual(error);
});
