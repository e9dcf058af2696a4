import { expect, test } from "vitest";
import { argsOf } from "./args.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { Registry } from "./registry.ts";

function command(name: string, fields: Partial<Command> = {}): Command {
  return {
    name,
    arity: 1,
    flags: [],
    group: "string",
    since: "1.0.0",
    summary: "",
    complexity: "O(1)",
    run: () => undefined,
    ...fields,
  };
}

test("finds every command by its name in any case, and by nothing else", () => {
  const registry = new Registry(COMMANDS);
  for (const { name } of COMMANDS) {
    for (const spelt of [name, name.toUpperCase(), name[0]!.toUpperCase() + name.slice(1)]) {
      expect(registry.find(argsOf([spelt]))?.command.name).toBe(name);
    }
    for (const other of [`${name}x`, `x${name}`, name.slice(1), ` ${name}`, `${name}\0`]) {
      const found = registry.find(argsOf([other]));
      expect(found?.command.name ?? other).toBe(other);
    }
  }
});

// names that a fold of case, or a hash of a few bytes, might take for "get"
for (const name of ["", "g", "gat", "ge\x54\x00", "g\x05t", "GE\x74t", "\xc7et", "g{t"]) {
  test(`does not take ${JSON.stringify(name)} for a command`, () => {
    const registry = new Registry([command("get"), command("g-t")]);
    expect(registry.find(argsOf([Buffer.from(name, "latin1")]))).toBeNull();
  });
}

test("finds commands whose names fall on the same place", () => {
  const names = Array.from(
    { length: 300 },
    (_, i) => `a${String.fromCharCode(97 + (i % 26))}${i}z`,
  );
  const registry = new Registry(names.map((name) => command(name)));
  for (const name of names) expect(registry.find(argsOf([name]))?.command.name).toBe(name);
});

test("has no two commands of a name, nor one whose name is longer than a word", () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z_-]*$/);
});

// arity, least and most arguments
for (const [arity, least, most] of [
  [2, 2, 2],
  [-2, 2, Infinity],
  [-1, 1, Infinity],
] as const) {
  test(`takes arity ${arity} as from ${least} to ${most} arguments`, () => {
    const entry = new Registry([command("x", { arity })]).named("x")!;
    expect([entry.arityMin, entry.arityMax]).toEqual([least, most]);
  });
}

test("finds subcommands by their full names, and lists them behind their container", () => {
  const registry = new Registry([
    command("client", { subcommands: [command("id"), command("list")] }),
    command("get"),
  ]);
  expect(registry.named("client|id")?.fullName).toBe("client|id");
  expect(registry.named("client")?.subcommands?.size).toBe(2);
  for (const name of ["client|nothing", "get|id", "nothing", "nothing|id", ""]) {
    expect(registry.named(name)).toBeNull();
  }
  const all = [...registry.all()].map(({ fullName }) => fullName);
  expect(all).toEqual(["client", "client|id", "client|list", "get"]);
});
