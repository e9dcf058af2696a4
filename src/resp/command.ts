/**
 * What a command is: its name and shape, what COMMAND tells of it, and the function that runs it.
 *
 * One file in commands/ each, its test beside it; commands/index.ts lists them. Everything that is
 * said of a command anywhere (arity checks, COMMAND, COMMAND DOCS, docs/redis.md, which keys a
 * transaction or a tracking client touches) comes from this one object.
 */
import type { Args } from "./args.ts";
import type { Client } from "./client.ts";

/**
 * Redis's own flags. The dispatcher acts on: `write` (waits its turn when the log is busy), `denyoom`,
 * `no_auth` (allowed before AUTH), `pubsub` (allowed while subscribed under RESP2), `no_multi` (refused
 * within MULTI), `skip_monitor`, `fast` (timed in runs, not one by one).
 */
export type CommandFlag =
  | "write"
  | "readonly"
  | "denyoom"
  | "admin"
  | "pubsub"
  | "noscript"
  | "blocking"
  | "loading"
  | "stale"
  | "skip_monitor"
  | "skip_slowlog"
  | "asking"
  | "fast"
  | "no_auth"
  | "may_replicate"
  | "no_mandatory_keys"
  | "no_async_loading"
  | "no_multi"
  | "allow_busy"
  | "movablekeys";

export type CommandGroup =
  "connection" | "generic" | "pubsub" | "server" | "string" | "bitmap" | "transactions";

/** Where the keys are: from `first` to `last` (negative counts from the end), each `step` apart. */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** What happens to them, in the words of Redis's key specifications. */
  readonly access: "RO" | "RW" | "OW" | "RM" | "not_key";
  /** access, update, insert or delete, for those that Redis describes so. */
  readonly effects?: readonly ("access" | "update" | "insert" | "delete")[];
}

/** An argument as COMMAND DOCS describes it. */
export interface Argument {
  readonly name: string;
  readonly type:
    | "string"
    | "integer"
    | "double"
    | "key"
    | "pattern"
    | "unix-time"
    | "pure-token"
    | "oneof"
    | "block";
  readonly token?: string;
  readonly optional?: true;
  readonly multiple?: true;
  /** Whether the token is given anew with each. */
  readonly multipleToken?: true;
  readonly since?: string;
  readonly arguments?: readonly Argument[];
}

export interface Command {
  /** In lower case; of a subcommand its own name alone. */
  readonly name: string;
  /** Arguments with the name; negative: at least so many. A subcommand counts its container's name. */
  readonly arity: number;
  readonly flags: readonly CommandFlag[];
  readonly group: CommandGroup;
  /** Access categories beyond those that follow from flags and group, such as `@dangerous`. */
  readonly categories?: readonly string[];
  /** One key range, several for such as BITOP or COPY; absent: no keys. */
  readonly keys?: KeyRange | readonly KeyRange[];
  /** Version of Redis that had it first; of our own commands "pykv". */
  readonly since: string;
  readonly summary: string;
  readonly complexity: string;
  readonly arguments?: readonly Argument[];
  /** How it differs from Redis, one sentence for docs/redis.md; absent when it does not. */
  readonly differs?: string;
  /**
   * Whether a transaction must reckon with records as long as the values that the keys have, or get
   * by `extentBytes`, and not only with what the arguments hold.
   */
  readonly rewrites?: true;
  /** The length that the command may grow a value to, such as the offset of SETRANGE. */
  readonly extentBytes?: (args: Args) => number;
  /** Of a container such as CLIENT; `run` is then called when no subcommand is meant, if ever. */
  readonly subcommands?: readonly Command[];
  /**
   * Runs the command: reads `args`, calls the engine through `client`, writes exactly one reply to
   * `client.out`. Synchronous. When the engine says "wait" it returns at once, having changed nothing;
   * what it has written is taken back and it is run again. May throw PyKVError, which becomes the
   * reply.
   */
  readonly run: (client: Client, args: Args) => void;
}
