/** CLIENT SETNAME: names the connection; an empty name takes the name away. */
import { nameProblem } from "../../../client-names.ts";
import type { Command } from "../../../command.ts";
import { CLIENT_FLAGS } from "./kind.ts";

export const setname: Command = {
  name: "setname",
  arity: 3,
  flags: CLIENT_FLAGS,
  group: "connection",
  since: "2.6.9",
  summary: "Sets the connection name.",
  complexity: "O(1)",
  arguments: [{ name: "connection-name", type: "string" }],
  run: (client, args) => {
    const problem = nameProblem(args, 2);
    if (problem !== null) client.out.error(problem);
    else {
      client.name = args.latin1(2);
      client.out.ok();
    }
  },
};
