/** What INCR, DECR, INCRBY and DECRBY share; the sum is worked out by the engine. */
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";

/** @param by a number when it is exact as one: then no BigInt is made unless the value needs it */
export function increment(client: Client, args: Args, by: number | bigint): void {
  client.draftKey(args, 1);
  if (client.increment(by, "incrby")) client.out.integer(client.engine.integer);
}
