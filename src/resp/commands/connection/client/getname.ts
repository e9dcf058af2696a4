/** CLIENT GETNAME: what the connection was named by CLIENT SETNAME or HELLO. */
import type { Command } from "../../../command.ts";
import { CLIENT_FLAGS } from "./kind.ts";

export const getname: Command = {
  name: "getname",
  arity: 2,
  flags: CLIENT_FLAGS,
  group: "connection",
  since: "2.6.9",
  summary: "Returns the name of the connection.",
  complexity: "O(1)",
  run: ({ out, name }) => {
    if (name === "") out.nil();
    else out.bulkLatin1(name);
  },
};
