/** BITFIELD_RO: BITFIELD for reading alone, which a read-only replica may serve. */
import type { Command } from "../../command.ts";
import { GET_BLOCK, readFields } from "./bitfield.ts";
import { extentOf, parseFields } from "./fields.ts";

const ONLY_GET = "ERR BITFIELD_RO only supports the GET subcommand";

export const bitfieldRo: Command = {
  name: "bitfield_ro",
  arity: -2,
  flags: ["readonly", "fast"],
  group: "bitmap",
  keys: { first: 1, last: 1, step: 1, access: "RO", effects: ["access"] },
  since: "6.0.0",
  summary: "Reads integers of any width at any bit of a string.",
  complexity: "O(1) for each GET.",
  arguments: [
    { name: "key", type: "key" },
    { ...GET_BLOCK, optional: true, multiple: true },
  ],
  run: (client, args) => {
    const operations = parseFields(args, client.door.valueBytesMax);
    if (typeof operations === "string") client.out.error(operations);
    else if (extentOf(operations) > 0) client.out.error(ONLY_GET);
    else readFields(client, args, operations);
  },
};
