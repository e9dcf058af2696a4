/** COMMAND LIST: names of commands, subcommands among them. */
import type { Args } from "../../../args.ts";
import type { Command } from "../../../command.ts";
import { categoriesOf } from "../../../command-info.ts";
import { SYNTAX_ERROR } from "../../../errors.ts";
import { globMatches } from "../../../glob.ts";
import type { Entry } from "../../../registry.ts";
import { SHARED } from "./kind.ts";

export const list: Command = {
  ...SHARED,
  name: "list",
  arity: -2,
  since: "7.0.0",
  summary: "Returns a list of command names.",
  complexity: "O(N) where N is the total number of commands",
  arguments: [
    {
      name: "filterby",
      type: "oneof",
      token: "FILTERBY",
      optional: true,
      arguments: [
        { name: "module-name", type: "string", token: "MODULE" },
        { name: "category", type: "string", token: "ACLCAT" },
        { name: "pattern", type: "pattern", token: "PATTERN" },
      ],
    },
  ],
  run: ({ out, door }, args) => {
    const isWanted = filter(args);
    if (isWanted === null) out.error(SYNTAX_ERROR);
    else {
      const wanted = [...door.dispatcher.registry.all()].filter(isWanted);
      out.bulks(wanted.map(({ fullName }) => fullName));
    }
  },
};

/** What tells the commands that are asked for, or null when the arguments are wrong. */
function filter(args: Args): ((entry: Entry) => boolean) | null {
  if (args.count === 2) return () => true;
  if (args.count !== 5 || !args.is(2, "FILTERBY")) return null;
  switch (args.word(3)) {
    case "MODULE":
      return () => false;
    case "ACLCAT": {
      const category = `@${args.latin1(4).toLowerCase()}`;
      return (entry) => categoriesOf(entry).includes(category);
    }
    case "PATTERN": {
      const pattern = args.copy(4);
      return ({ fullName }) =>
        globMatches(pattern, Buffer.from(fullName), 0, fullName.length, true);
    }
    default:
      return null;
  }
}
