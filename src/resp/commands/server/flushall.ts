/** FLUSHALL: empties every database, in one frame of the log. */
import { recordBytesMax } from "../../../store/record-bytes.ts";
import type { Command } from "../../command.ts";
import { DATABASES, databaseNamespace } from "../../databases.ts";
import { SYNTAX_ERROR } from "../../errors.ts";
import { MODE_ARGUMENT, hasMode } from "./flush-mode.ts";

const NAMESPACES = Array.from({ length: DATABASES }, (_, i) => databaseNamespace(i)!);
const RECORDS_BYTES = NAMESPACES.reduce((bytes, name) => bytes + recordBytesMax(name, 0, 0), 0);

export const flushall: Command = {
  name: "flushall",
  arity: -1,
  flags: ["write"],
  group: "server",
  categories: ["@keyspace", "@dangerous"],
  since: "1.0.0",
  summary: "Removes all keys from all databases.",
  complexity: "O(1) for each database",
  arguments: [MODE_ARGUMENT],
  differs: "Empties the databases 0 to 15; namespaces without a number are not touched.",
  run: (client, args) => {
    if (!hasMode(args)) return client.out.error(SYNTAX_ERROR);
    if (!client.begin(RECORDS_BYTES)) return;
    for (const namespace of NAMESPACES) if (!client.clear(namespace)) return;
    client.out.ok();
  },
};
