import { expect, test } from "vitest";
import { UsageError } from "../exit.ts";
import { parseRedisUrl } from "./connection.ts";

test("an address has defaults for all but the host", () => {
  expect(parseRedisUrl("redis://localhost")).toEqual({
    host: "localhost",
    port: 6379,
    isTls: false,
    user: null,
    password: null,
    database: 0,
  });
  expect(parseRedisUrl("rediss://ada:p%40ss@[::1]:7000/5")).toEqual({
    host: "::1",
    port: 7000,
    isTls: true,
    user: "ada",
    password: "p@ss",
    database: 5,
  });
  expect(parseRedisUrl("redis://:secret@h/").password).toBe("secret");
});

for (const text of [
  "",
  "localhost:6379",
  "http://h",
  "redis://",
  "redis://h/x",
  "redis://h:99999",
]) {
  test(`${JSON.stringify(text)} is no address of a Redis server`, () => {
    expect(() => parseRedisUrl(text)).toThrow(UsageError);
  });
}

test("a mistake in the address does not show the password", () => {
  expect(() => parseRedisUrl("redis://:secret%@h/0")).toThrow(/percent-encoded/);
  expect(() => parseRedisUrl("redis://:secret%@h/0")).not.toThrow(/secret/);
});
