/** CLIENT SETINFO: the library that the client uses, for CLIENT LIST. */
import { nameProblem } from "../../../client-names.ts";
import type { Command } from "../../../command.ts";
import { CLIENT_FLAGS } from "./kind.ts";

export const setinfo: Command = {
  name: "setinfo",
  arity: 4,
  flags: CLIENT_FLAGS,
  group: "connection",
  since: "7.2.0",
  summary: "Sets information specific to the client or connection.",
  complexity: "O(1)",
  arguments: [
    {
      name: "attr",
      type: "oneof",
      arguments: [
        { name: "libname", type: "string", token: "LIB-NAME" },
        { name: "libver", type: "string", token: "LIB-VER" },
      ],
    },
  ],
  run: (client, args) => {
    const { out } = client;
    const isName = args.is(2, "LIB-NAME");
    if (!isName && !args.is(2, "LIB-VER")) {
      out.error(`ERR Unrecognized option '${args.text(2)}'`);
      return;
    }
    const problem = nameProblem(args, 3, args.text(2));
    if (problem !== null) {
      out.error(problem);
      return;
    }
    if (isName) client.libraryName = args.latin1(3);
    else client.libraryVersion = args.latin1(3);
    out.ok();
  },
};
