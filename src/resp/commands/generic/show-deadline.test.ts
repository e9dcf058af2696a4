import { expect, test } from "vitest";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const NOW_MS = 1_700_000_000_000;

for (const name of ["TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"]) {
  test(`${name} is -2 for no key, -1 for no deadline`, async () => {
    const { clock, client } = await respHarness();
    const one = client();
    expect(one.send(name, "k")).toBe(-2);
    expect(one.send(name, "")).toBe(-2);
    one.send("SET", "k", "v");
    expect(one.send(name, "k")).toBe(-1);
    one.send("PEXPIRE", "k", 10);
    clock.advance(10);
    expect(one.send(name, "k")).toBe(-2);
  });

  test(`${name} counts as a hit or a miss`, async () => {
    const { door, store, client } = await respHarness();
    const one = client();
    const events = recordKeyEvents(door);
    one.send("SET", "k", "v");
    one.send(name, "k");
    one.send(name, "nothing");
    expect(store.stats()).toMatchObject({ hits: 1, misses: 1 });
    expect(events.at(-1)).toBe("keymiss default nothing");
  });

  test(`${name} takes exactly one key`, async () => {
    const client = (await respHarness()).client();
    const words = `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
    expect(client.send(name)).toEqual(new ReplyError(words));
    expect(client.send(name, "a", "b")).toEqual(new ReplyError(words));
  });
}

for (const [leftMs, seconds] of [
  [1, 0],
  [499, 0],
  [500, 1],
  [1499, 1],
  [1500, 2],
  [100_000, 100],
  [2 ** 31 * 1000, 2 ** 31],
] as const) {
  test(`${leftMs} ms left are rounded to ${seconds} s`, async () => {
    const client = (await respHarness()).client();
    client.send("SET", "k", "v", "PX", leftMs);
    expect(client.send("PTTL", "k")).toBe(leftMs);
    expect(client.send("TTL", "k")).toBe(seconds);
    expect(client.send("PEXPIRETIME", "k")).toBe(NOW_MS + leftMs);
    expect(client.send("EXPIRETIME", "k")).toBe(NOW_MS / 1000 + seconds);
  });
}
