import { expect, test } from "vitest";
import type { Option } from "./server.ts";
import { groupsOf, matching, readable } from "./options.ts";

function option(name: string, group: string, source: Option["source"], description = ""): Option {
  const texts = { value: `${name}-value`, default: "", accepts: "", environment: `PYKV_${name}` };
  return { name, group, source, source_name: null, description, secret: false, ...texts };
}

const OPTIONS = [
  option("port", "Network", "flag", "The TCP port"),
  option("fsync", "Data", "default", "When a write is acknowledged"),
  option("host", "Network", "default"),
];
const names = (options: readonly Option[]) => options.map(({ name }) => name);

for (const [search, isSetOnly, expected] of [
  ["", false, ["port", "fsync", "host"]],
  ["", true, ["port"]],
  ["TCP", false, ["port"]],
  ["write  acknow", false, ["fsync"]],
  ["host-value", false, ["host"]],
  ["pykv_fsync", false, ["fsync"]],
  ["fsync", true, []],
] as const) {
  test(`"${search}"${isSetOnly ? " among the set ones" : ""} finds ${expected.join()}`, () => {
    expect(names(matching(OPTIONS, search, isSetOnly))).toEqual(expected);
  });
}

test("options of a group stand together, in their order", () => {
  const groups = groupsOf(OPTIONS).map(([group, members]) => [group, names(members)]);
  expect(groups).toEqual([
    ["Network", ["port", "host"]],
    ["Data", ["fsync"]],
  ]);
});

test("a size in bytes is told in units, any other number as it is", () => {
  expect(readable({ value: "3355439974", accepts: "a size from 1mb" })).toBe("3.12 GB");
  expect(readable({ value: "64mb", accepts: "a size from 1mb" })).toBe("64mb");
  expect(readable({ value: "10000", accepts: "a whole number" })).toBe("10000");
  expect(readable({ value: "", accepts: "host names" })).toBe("none");
});
