/** SUBSTR: the older name of GETRANGE. */
import type { Command } from "../../command.ts";
import { SUBSTRING_ARGUMENTS, SUBSTRING_COMPLEXITY, substring } from "./substring.ts";

export const substr: Command = {
  name: "substr",
  arity: 4,
  flags: ["readonly"],
  group: "string",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "1.0.0",
  summary: "Returns a substring of a string value; GETRANGE is its newer name.",
  complexity: SUBSTRING_COMPLEXITY,
  arguments: SUBSTRING_ARGUMENTS,
  run: substring,
};
