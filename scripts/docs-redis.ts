/**
 * docs/redis.md: what of Redis works, what differs, what is missing.
 *
 * What works and what differs come from the command table. What is missing is a list kept here; the
 * test beside the documents holds it against the table, so that a command is in one of the two.
 */
import type { Command, CommandGroup } from "../src/resp/command.ts";
import { COMMANDS } from "../src/resp/commands/index.ts";
import { REDIS_VERSION } from "../src/resp/compat.ts";

const GROUPS: readonly (readonly [CommandGroup, string])[] = [
  ["connection", "Connection"],
  ["string", "Strings"],
  ["bitmap", "Bitmaps"],
  ["generic", "Keys"],
  ["transactions", "Transactions"],
  ["pubsub", "Publish and subscribe"],
  ["server", "Server"],
];

/** The rest of the commands of that version of Redis, by its groups; internal ones are left out. */
const MISSING: readonly (readonly [string, string])[] = [
  [
    "Hashes",
    "hdel hexists hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hrandfield hscan hset " +
      "hsetnx hstrlen hvals",
  ],
  [
    "Lists",
    "blmove blmpop blpop brpop brpoplpush lindex linsert llen lmove lmpop lpop lpos lpush lpushx " +
      "lrange lrem lset ltrim rpop rpoplpush rpush rpushx",
  ],
  [
    "Sets",
    "sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember " +
      "smove spop srandmember srem sscan sunion sunionstore",
  ],
  [
    "Sorted sets",
    "bzmpop bzpopmax bzpopmin zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard " +
      "zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex " +
      "zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore " +
      "zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore",
  ],
  [
    "Streams",
    "xack xadd xautoclaim xclaim xdel xgroup xinfo xlen xpending xrange xread xreadgroup " +
      "xrevrange xsetid xtrim",
  ],
  [
    "Geospatial",
    "geoadd geodist geohash geopos georadius georadius_ro georadiusbymember " +
      "georadiusbymember_ro geosearch geosearchstore",
  ],
  ["HyperLogLog", "pfadd pfcount pfdebug pfmerge pfselftest"],
  ["Scripting", "eval eval_ro evalsha evalsha_ro fcall fcall_ro function script"],
  ["Cluster", "asking cluster readonly readwrite"],
  ["Keys", "migrate sort sort_ro"],
  ["Server", "acl failover lolwut module psync replconf sync"],
];

export const MISSING_NAMES: readonly string[] = MISSING.flatMap(([, names]) => names.split(" "));

const HEAD = `# Redis clients

<!-- Made by \`npm run docs\` from the command table and scripts/docs-redis.ts: edit those, not this. -->

PyKV speaks the Redis protocol, RESP2 and RESP3, on \`--resp-port\` (6380; \`0\` turns it off). To clients
it is a Redis ${REDIS_VERSION} for string data: any client works unchanged.

\`\`\`sh
redis-cli -p 6380 set greeting hello
\`\`\`

It is the same store as REST's: a key set through one door is read through the other.

## What is good to know

- **Databases are namespaces.** \`SELECT 0\` is the namespace \`default\`, \`SELECT n\` is \`db<n>\`, and there
  are 16. \`NAMESPACE name\` switches to any other.
- **Values** set here are bytes; REST shows them as text when they are UTF-8, else as base64. Text and
  JSON from the other doors are read here as their bytes.
- **Durability.** A reply is sent once what it shows is as safe as \`--fsync\` (\`appendfsync\`) says, and
  never shows what a crash could take back. Replies of a connection stay in order, and a pipeline waits
  once. The default is \`always\`; Redis's is \`everysec\`.
- **Transactions** are one frame of the log: after a crash all of EXEC is there or nothing.
- **Memory.** \`maxmemory\` is \`--max-memory\`; at the limit the least recently used key goes
  (\`allkeys-lru\`), or writes are refused (\`noeviction\`, \`--eviction none\`). No other policy exists.
- **Snapshots** take the place of RDB files and of the rewriting of an AOF: SAVE, BGSAVE and
  BGREWRITEAOF all take one. The files are PyKV's own.
- **DUMP** writes a format of our own, see [dump-format.md](dump-format.md), which Redis can't read;
  RESTORE also takes strings that Redis has dumped.
- **A command that does not exist** gets Redis's error for unknown commands.

## Limits

| what                            | limit                                       | option                |
| ------------------------------- | ------------------------------------------- | --------------------- |
| a key                           | 1 to 65,535 bytes; the empty key is refused |                       |
| a value, and any one argument   | 16 MiB                                      | \`--max-value-size\`    |
| arguments of a command          | 1,048,576                                   |                       |
| an unfinished request, a MULTI  | 256 MiB                                     | \`--max-query-buffer\`  |
| replies that a client must read | 256 MiB                                     | \`--max-output-buffer\` |
| connections                     | 10,000                                      | \`--max-connections\`   |
| before the password             | 10 arguments of at most 16 KiB              |                       |
| keys remembered for tracking    | 1,000,000                                   | \`--tracking-max-keys\` |
| a client that sends nothing     | stays connected                             | \`--resp-idle-timeout\` |

[configuration.md](configuration.md) tells of every option. CONFIG SET changes those that can change
while the server runs, CONFIG REWRITE puts them into the file of \`--config\`.

## Security

- The door listens on 127.0.0.1 (\`--resp-host\`). Without a password, everybody who reaches it can read,
  change and delete everything; the server warns when it is bound to more than loopback.
- \`--password\`, better \`PYKV_PASSWORD\`, asks every client for AUTH. There is one user, \`default\`, and
  there are no ACLs. REST knows no password: bind it to loopback or put a proxy in front.
- There is no TLS. Use a tunnel or a proxy where the network is not yours.
- A connection that speaks HTTP (\`POST\`, \`Host:\`) is closed: no web page reaches the store through it.
- DEBUG works only with \`--enable-debug\`. Passwords are shown neither by MONITOR nor by SLOWLOG.
`;

/** The whole of docs/redis.md. */
export function redisMarkdown(): string {
  const missing = MISSING.map(([title, names]) => `- **${title}**: ${inCapitals(names)}`);
  const parts = [
    HEAD.trimEnd(),
    "## What works",
    ...GROUPS.map(([group, title]) => groupMarkdown(group, title)),
    "## What differs",
    differences(),
    "## What is missing",
    missing.join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

function groupMarkdown(group: CommandGroup, title: string): string {
  const lines = COMMANDS.filter((command) => command.group === group).flatMap(linesOf);
  return `### ${title}\n\n${lines.join("\n")}`;
}

function linesOf(command: Command): string[] {
  const own = `- \`${command.name.toUpperCase()}\`: ${command.summary}`;
  const under = (command.subcommands ?? []).map(
    (each) => `  - \`${each.name.toUpperCase()}\`: ${each.summary}`,
  );
  return [own, ...under];
}

function differences(): string {
  const lines = COMMANDS.flatMap((command) => [
    differenceOf(command, command.name),
    ...(command.subcommands ?? []).map((each) =>
      differenceOf(each, `${command.name} ${each.name}`),
    ),
  ]);
  return lines.filter((line) => line !== null).join("\n");
}

function differenceOf({ differs }: Command, name: string): string | null {
  return differs === undefined ? null : `- \`${name.toUpperCase()}\`: ${differs}`;
}

function inCapitals(names: string): string {
  return names
    .split(" ")
    .map((name) => `\`${name.toUpperCase()}\``)
    .join(", ");
}
