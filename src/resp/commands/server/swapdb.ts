/** SWAPDB: two databases exchange all their keys; who is connected to one sees those of the other. */
import type { Args } from "../../args.ts";
import type { Command } from "../../command.ts";
import { databaseNamespace } from "../../databases.ts";
import { DB_OUT_OF_RANGE } from "../../errors.ts";

const INVALID_FIRST = "ERR invalid first DB index";
const INVALID_SECOND = "ERR invalid second DB index";
const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);

export const swapdb: Command = {
  name: "swapdb",
  arity: 3,
  flags: ["write", "fast"],
  group: "server",
  categories: ["@keyspace", "@dangerous"],
  since: "4.0.0",
  summary: "Exchanges all keys of two databases.",
  complexity: "O(1)",
  arguments: [
    { name: "index1", type: "integer" },
    { name: "index2", type: "integer" },
  ],
  run: (client, args) => {
    const { out } = client;
    const first = index(args, 1);
    if (Number.isNaN(first)) return out.error(INVALID_FIRST);
    const second = index(args, 2);
    if (Number.isNaN(second)) return out.error(INVALID_SECOND);
    const one = databaseNamespace(first);
    const other = databaseNamespace(second);
    if (one === null || other === null) out.error(DB_OUT_OF_RANGE);
    else if (client.swap(one, other)) out.ok();
  },
};

/** NaN for what is no 32-bit integer, which Redis tells from a database that does not exist. */
function index(args: Args, i: number): number {
  const value = args.safeInteger(i);
  return value >= INT_MIN && value <= INT_MAX ? value : NaN;
}
