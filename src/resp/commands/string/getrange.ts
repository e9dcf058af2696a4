/** GETRANGE: the bytes of a value from one place to another. */
import type { Command } from "../../command.ts";
import { SUBSTRING_ARGUMENTS, SUBSTRING_COMPLEXITY, substring } from "./substring.ts";

export const getrange: Command = {
  name: "getrange",
  arity: 4,
  flags: ["readonly"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "2.4.0",
  summary: "Returns a substring of the string stored at a key.",
  complexity: SUBSTRING_COMPLEXITY,
  arguments: SUBSTRING_ARGUMENTS,
  run: substring,
};
