/** CONFIG REWRITE: writes what CONFIG SET has changed into the configuration file. */
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import type { Door } from "../../door.ts";
import type { ConfigFile } from "../../host.ts";
import { liveValues } from "../../live-options.ts";
import { ADMIN } from "./kind.ts";

export const rewrite: Command = {
  name: "rewrite",
  arity: 2,
  flags: ADMIN,
  group: "server",
  since: "2.8.0",
  summary: "Persists the effective configuration to file.",
  complexity: "O(1)",
  differs:
    "Writes what was changed into the file of `--config`, which keeps its format and comments; a " +
    "password only where there is one in it already.",
  run: (client) => {
    const { configFile } = client.door.host;
    if (configFile === null) {
      client.out.error("ERR The server is running without a config file");
    } else begin(client, configFile);
  },
};

function begin({ out, link, door, transaction }: Client, file: ConfigFile): void {
  const work = rewriteFile(door, file).then(
    () => null,
    (error: unknown) => {
      door.logger.error({ err: error }, "the configuration file could not be rewritten");
      return `ERR Rewriting config file: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
  if (transaction?.isExecuting === true) out.ok();
  else {
    link.block(work, (reply, problem) => {
      if (problem === null) reply.ok();
      else reply.error(problem);
    });
  }
}

async function rewriteFile(door: Door, file: ConfigFile): Promise<void> {
  const values = liveValues(door);
  const changed = [...values].filter(([name, value]) => value !== door.savedOptions.get(name));
  const text = await file.read();
  // Brings a parser of YAML with it, which hardly any server ever needs.
  const { rewriteConfig } = await import("../../../store/options/rewrite.ts");
  const rewritten = rewriteConfig({ path: file.path, text }, new Map(changed));
  if (rewritten !== text) await file.replace(rewritten);
  door.savedOptions = values;
}
