/** HELLO: which protocol to speak, who is there, and what the server is. */
import { authenticate } from "../../auth.ts";
import type { Args } from "../../args.ts";
import { nameProblem } from "../../client-names.ts";
import { MODE } from "../../client.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { REDIS_VERSION } from "../../compat.ts";
import { HELLO_NOT_AUTHENTICATED, WRONG_PASSWORD } from "../../errors.ts";

/** What the arguments ask for; numbers of arguments are 0 where there is none. */
interface Request {
  /** 0 to keep the one that is spoken. */
  version: number;
  user: number;
  name: number;
}

export const hello: Command = {
  name: "hello",
  arity: -1,
  flags: ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
  group: "connection",
  since: "6.0.0",
  summary: "Handshakes with the server.",
  complexity: "O(1)",
  arguments: [
    {
      name: "arguments",
      type: "block",
      optional: true,
      arguments: [
        { name: "protover", type: "integer" },
        {
          name: "auth",
          type: "block",
          token: "AUTH",
          optional: true,
          arguments: [
            { name: "username", type: "string" },
            { name: "password", type: "string" },
          ],
        },
        { name: "clientname", type: "string", token: "SETNAME", optional: true },
      ],
    },
  ],
  run: (client, args) => {
    const request = parse(args);
    const problem = typeof request === "string" ? request : greet(client, args, request);
    if (problem !== null) client.out.error(problem);
    else introduce(client);
  },
};

/** The request, or what is wrong with it. */
function parse(args: Args): Request | string {
  const request: Request = { version: 0, user: 0, name: 0 };
  if (args.count >= 2) {
    const version = args.integer(1);
    if (version === null) return "ERR Protocol version is not an integer or out of range";
    if (version < 2n || version > 3n) return "NOPROTO unsupported protocol version";
    request.version = Number(version);
  }
  for (let i = 2; i < args.count;) {
    const following = args.count - 1 - i;
    if (args.is(i, "AUTH") && following >= 2) {
      request.user = i + 1;
      i += 3;
    } else if (args.is(i, "SETNAME") && following >= 1) {
      const problem = nameProblem(args, i + 1);
      if (problem !== null) return problem;
      request.name = i + 1;
      i += 2;
    } else return `ERR Syntax error in HELLO option '${args.text(i)}'`;
  }
  return request;
}

/** Does what is asked for; what is wrong, or null. */
function greet(client: Client, args: Args, { version, user, name }: Request): string | null {
  if (user > 0 && !authenticate(client, args, user, user + 1)) return WRONG_PASSWORD;
  if ((client.mode & MODE.stranger) !== 0) return HELLO_NOT_AUTHENTICATED;
  if (name > 0) client.name = args.latin1(name);
  if (version > 0) {
    client.resp = version;
    client.out.resp = version;
  }
  return null;
}

function introduce({ out, id, resp }: Client): void {
  out.map(7);
  out.bulkLatin1("server");
  out.bulkLatin1("redis");
  out.bulkLatin1("version");
  out.bulkLatin1(REDIS_VERSION);
  out.bulkLatin1("proto");
  out.integer(resp);
  out.bulkLatin1("id");
  out.integer(id);
  out.bulkLatin1("mode");
  out.bulkLatin1("standalone");
  out.bulkLatin1("role");
  out.bulkLatin1("master");
  out.bulkLatin1("modules");
  out.array(0);
}
