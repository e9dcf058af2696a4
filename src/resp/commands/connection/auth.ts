/** AUTH: says the password. */
import { authenticate } from "../../auth.ts";
import type { Command } from "../../command.ts";
import { NO_PASSWORD_SET, SYNTAX_ERROR, WRONG_PASSWORD } from "../../errors.ts";

export const auth: Command = {
  name: "auth",
  arity: -2,
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  group: "connection",
  since: "1.0.0",
  summary: "Authenticates the connection.",
  complexity: "O(N) where N is the number of passwords defined for the user",
  arguments: [
    { name: "username", type: "string", since: "6.0.0", optional: true },
    { name: "password", type: "string" },
  ],
  differs: "There is one user, `default`, with one password.",
  run: (client, args) => {
    const { out, door } = client;
    if (args.count > 3) out.error(SYNTAX_ERROR);
    else if (args.count === 2 && door.settings.password === null) out.error(NO_PASSWORD_SET);
    else if (authenticate(client, args, args.count - 2, args.count - 1)) out.ok();
    else out.error(WRONG_PASSWORD);
  },
};
