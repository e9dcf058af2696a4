/** SHUTDOWN: stops the server in order. Nothing is lost by it, asked for or not. */
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import { SYNTAX_ERROR } from "../../errors.ts";

const NEVER = new Promise<never>(() => undefined);

interface Request {
  save: boolean;
  nosave: boolean;
  force: boolean;
  now: boolean;
  abort: boolean;
}

export const shutdown: Command = {
  name: "shutdown",
  arity: -1,
  flags: ["admin", "noscript", "loading", "stale", "no_multi", "allow_busy"],
  group: "server",
  since: "1.0.0",
  summary: "Makes everything durable and shuts down the server.",
  complexity:
    "O(N) when saving, where N is the total number of keys in all databases, otherwise O(1)",
  arguments: [
    {
      name: "save-selector",
      type: "oneof",
      optional: true,
      arguments: [
        { name: "nosave", type: "pure-token", token: "NOSAVE" },
        { name: "save", type: "pure-token", token: "SAVE" },
      ],
    },
    { name: "now", type: "pure-token", token: "NOW", since: "7.0.0", optional: true },
    { name: "force", type: "pure-token", token: "FORCE", since: "7.0.0", optional: true },
    { name: "abort", type: "pure-token", token: "ABORT", since: "7.0.0", optional: true },
  ],
  differs:
    "The log is made durable in any case; SAVE takes a snapshot before. A stop that has begun can't " +
    "be aborted.",
  run: (client, args) => {
    const request = parse(args);
    if (request === null) client.out.error(SYNTAX_ERROR);
    else if (request.abort) client.out.error("ERR No shutdown in progress.");
    else begin(client, request);
  },
};

/** Null for what makes no sense together. */
function parse(args: Args): Request | null {
  const request = { save: false, nosave: false, force: false, now: false, abort: false };
  for (let i = 1; i < args.count; i++) {
    const word = args.word(i).toLowerCase();
    if (!isOption(request, word)) return null;
    request[word] = true;
  }
  if (request.save && request.nosave) return null;
  const hasOthers = request.save || request.nosave || request.force || request.now;
  return request.abort && hasOthers ? null : request;
}

function isOption(request: Request, word: string): word is keyof Request {
  return Object.hasOwn(request, word);
}

/** Answers only when it fails: who asks for a stop is told by the connection's end. */
function begin({ door, link }: Client, { save, force }: Request): void {
  const { saves, host, logger } = door;
  const saved = save && saves.isPossible ? saves.run("save") : Promise.resolve();
  const stopped = saved.then(
    () => null,
    (error: unknown) => (force ? null : error),
  );
  const work = stopped.then((error) => {
    if (error !== null) return "ERR Errors trying to SHUTDOWN. Check logs.";
    logger.info({ client: link.remoteAddress }, "asked to stop by a client");
    host.shutDown();
    return NEVER;
  });
  link.block(work, (out, problem) => out.error(problem));
}
