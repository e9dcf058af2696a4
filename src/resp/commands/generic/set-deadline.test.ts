import { expect, test } from "vitest";
import { recordKeyEvents } from "../../../../test/support/resp-key-events.ts";
import { respHarness, respHarnessOnDisk } from "../../../../test/support/resp-harness.ts";
import { ReplyError } from "../../../../test/support/resp-reply.ts";

const NOW_MS = 1_700_000_000_000;
const LAST_MS = 2 ** 48 - 1;
/** Each command with what makes a key last for 100 and for 50 seconds, and end in the past. */
const COMMANDS = [
  { name: "EXPIRE", late: 100, soon: 50, past: -1, last: Math.floor((LAST_MS - NOW_MS) / 1000) },
  { name: "PEXPIRE", late: 100_000, soon: 50_000, past: -1, last: LAST_MS - NOW_MS },
  {
    name: "EXPIREAT",
    late: NOW_MS / 1000 + 100,
    soon: NOW_MS / 1000 + 50,
    past: NOW_MS / 1000 - 1,
    last: Math.floor(LAST_MS / 1000),
  },
  {
    name: "PEXPIREAT",
    late: NOW_MS + 100_000,
    soon: NOW_MS + 50_000,
    past: NOW_MS - 1,
    last: LAST_MS,
  },
];
const SECONDS = new Set(["EXPIRE", "EXPIREAT"]);

for (const { name, late, soon, past, last } of COMMANDS) {
  const invalid = new ReplyError(`ERR invalid expire time in '${name.toLowerCase()}' command`);

  test(`${name} sets the deadline of a key, and moves it`, async () => {
    const { clock, client } = await respHarness();
    const one = client();
    expect(one.send(name, "k", late)).toBe(0);
    one.send("SET", "k", "v");
    expect(one.send(name, "k", late)).toBe(1);
    expect(one.send("PEXPIRETIME", "k")).toBe(NOW_MS + 100_000);
    expect(one.send(name, "k", soon)).toBe(1);
    expect(one.send("PEXPIRETIME", "k")).toBe(NOW_MS + 50_000);
    expect(one.send("GET", "k")).toBe("v");
    clock.advance(50_000);
    expect(one.send("GET", "k")).toBeNull();
    expect(one.send(name, "k", late + late)).toBe(0);
  });

  test(`${name} with a time that has passed removes the key`, async () => {
    const { door, store, client } = await respHarness();
    const one = client();
    for (const time of [past, 0, -1]) {
      one.send("SET", "k", "v");
      const events = recordKeyEvents(door);
      expect(one.send(name, "k", time)).toBe(1);
      expect(events).toEqual(["del default k"]);
      expect(store.keyCount("default")).toBe(0);
      expect(one.send(name, "k", time)).toBe(0);
    }
  });

  test(`${name} tells of the deadline, and of nothing when there is none set`, async () => {
    const { door, client } = await respHarness();
    const one = client();
    one.send("SET", "k", "v");
    const events = recordKeyEvents(door);
    one.send(name, "k", late);
    one.send(name, "k", late, "NX");
    one.send(name, "nothing", late);
    expect(events).toEqual(["expire default k"]);
  });

  test(`${name} with NX, XX, GT and LT`, async () => {
    const { client } = await respHarness();
    const one = client();
    const steps: readonly (readonly [time: number, options: readonly string[], reply: number])[] = [
      [soon, ["XX"], 0],
      [soon, ["GT"], 0],
      [soon, ["XX", "GT"], 0],
      [soon, ["xx", "lt"], 0],
      [soon, ["nx"], 1],
      [soon, ["NX"], 0],
      [soon, ["GT"], 0],
      [soon, ["LT"], 0],
      [late, ["LT"], 0],
      [late, ["XX", "LT"], 0],
      [late, ["XX", "GT"], 1],
      [soon, ["gt"], 0],
      [soon, ["LT", "LT"], 1],
      [late, ["xx"], 1],
      [past, ["NX"], 0],
      [past, ["GT"], 0],
      [past, ["LT"], 1],
    ];
    one.send("SET", "k", "v");
    for (const step of steps) {
      const [time, options, reply] = step;
      expect([step, one.send(name, "k", time, ...options)]).toEqual([step, reply]);
    }
    expect(one.send("EXISTS", "k")).toBe(0);
    expect(one.send(name, "k", late, "NX")).toBe(0);
    one.send("SET", "k", "v");
    expect(one.send(name, "k", late, "LT")).toBe(1);
  });

  test(`${name} refuses what makes no sense, whether the key is there or not`, async () => {
    const { client } = await respHarness();
    const one = client();
    one.send("SET", "k", "v");
    const nx = "ERR NX and XX, GT or LT options at the same time are not compatible";
    const gtLt = "ERR GT and LT options at the same time are not compatible";
    const integer = "ERR value is not an integer or out of range";
    const cases: readonly (readonly [args: readonly (string | number)[], error: string])[] = [
      [[late, "NX", "XX"], nx],
      [[late, "GT", "NX"], nx],
      [["x", "LT", "NX", "GT"], nx],
      [[late, "GT", "LT"], gtLt],
      [[late, "XX", "LT", "GT"], gtLt],
      [[late, "NX", "foo"], "ERR Unsupported option foo"],
      [["x"], integer],
      [["1.5"], integer],
      [[""], integer],
      [[" 1"], integer],
      [["9223372036854775808"], integer],
      [["-9223372036854775809", "NX"], integer],
    ];
    for (const key of ["k", "nothing"]) {
      for (const [args, error] of cases) {
        expect([args, one.send(name, key, ...args)]).toEqual([args, new ReplyError(error)]);
      }
    }
    expect(one.send("TTL", "k")).toBe(-1);
  });

  test(`${name} takes times up to the year 10889, and in the past as far as 64 bits go`, async () => {
    const { client } = await respHarness();
    const one = client();
    one.send("SET", "k", "v");
    expect(one.send(name, "k", last)).toBe(1);
    expect(one.send("PEXPIRETIME", "k")).toBeGreaterThan(LAST_MS - 1000);
    expect(one.send(name, "k", last + 1)).toEqual(invalid);
    expect(one.send(name, "k", "9007199254740993")).toEqual(invalid);
    expect(one.send(name, "nothing", "9223372036854775807")).toEqual(invalid);
    if (SECONDS.has(name)) {
      expect(one.send(name, "k", "-9223372036854775808")).toEqual(invalid);
      expect(one.send(name, "k", "-9223372036854776")).toEqual(invalid);
      expect(one.send(name, "k", "-9223372036854775")).toBe(1);
    } else expect(one.send(name, "k", "-9223372036854775808")).toBe(1);
    expect(one.send("EXISTS", "k")).toBe(0);
  });

  test(`${name} takes a name that no key can have for a key that is not there`, async () => {
    const client = (await respHarness()).client();
    expect(client.send(name, "", late)).toBe(0);
    expect(client.send(name, Buffer.alloc(65_536), past)).toBe(0);
  });

  test(`${name} wants a key and a time`, async () => {
    const client = (await respHarness()).client();
    const words = `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
    expect(client.send(name, "k")).toEqual(new ReplyError(words));
  });
}

test("a deadline that has waited for the log is set then", async () => {
  const { store, disk, client } = await respHarnessOnDisk({}, { unsyncedBytesMax: 65_536 });
  const one = client();
  one.feed("SET k v\r\n");
  await one.waitForReplies();
  const release = disk.hold("sync");
  one.feed(`SET large ${"x".repeat(65_400)}\r\nEXPIRE k 100 NX\r\nTTL k\r\n`);
  expect(one.replies()).toEqual([]);
  release();
  expect(await one.waitForReplies(3)).toEqual(["OK", 1, 100]);
  await store.close();
});
