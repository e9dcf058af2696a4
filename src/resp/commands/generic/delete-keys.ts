/**
 * What DEL and UNLINK do. They are the same here: memory is given back in constant time whatever the
 * value's length, so there is nothing to leave to another thread.
 */
import { recordBytesMax } from "../../../store/record-bytes.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import { mayExist } from "../../key-names.ts";

/** Deletes all keys of the arguments, in one frame of the log, and answers how many there were. */
export function deleteKeys(client: Client, args: Args): void {
  // The record of a single key needs no group to stay whole.
  if (args.count > 2 && !client.begin(bytesOfAll(client, args))) return;
  let deleted = 0;
  for (let i = 1; i < args.count; i++) {
    if (!mayExist(args, i)) continue;
    client.draftKey(args, i);
    if (!client.delete("del")) return;
    if (client.engine.isDone) deleted++;
  }
  client.out.integer(deleted);
}

/** An upper bound of the records' bytes. */
function bytesOfAll(client: Client, args: Args): number {
  let bytes = 0;
  for (let i = 1; i < args.count; i++) {
    if (mayExist(args, i)) bytes += recordBytesMax(client.namespace, args.length[i]!, 0);
  }
  return bytes;
}
