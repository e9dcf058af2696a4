/**
 * Whole sessions as they pass over the wire, in RESP2 and RESP3.
 *
 * A line is a command as typed (quotes as in an inline request) and the bytes of its reply with the
 * line ends left out where "|" stands; in RESP3 the reply is the third part where it differs.
 */
export type Line = readonly [command: string, resp2: string, resp3?: string];

export interface Session {
  readonly name: string;
  /** Whether redis-server 7.0 answers just so; not where 7.2 has changed something. */
  readonly isOldToo: boolean;
  readonly lines: readonly Line[];
}

const NOT_INTEGER = "-ERR value is not an integer or out of range|";

export const SESSIONS: readonly Session[] = [
  {
    name: "strings",
    isOldToo: true,
    lines: [
      ["PING", "+PONG|"],
      ["PING hi", "$2|hi|"],
      ['ECHO ""', "$0||"],
      ["GET k", "$-1|", "_|"],
      ["SET k v", "+OK|"],
      ["GET k", "$1|v|"],
      ["SET k w NX", "$-1|", "_|"],
      ["SET k w XX GET", "$1|v|"],
      ["SET k w NX XX", "-ERR syntax error|"],
      ["MGET k missing k", "*3|$1|w|$-1|$1|w|", "*3|$1|w|_|$1|w|"],
      ["APPEND k x", ":2|"],
      ["GETRANGE k -1 -1", "$1|x|"],
      ["INCR k", NOT_INTEGER],
      ["INCRBY n 9223372036854775807", ":9223372036854775807|"],
      ["INCR n", "-ERR increment or decrement would overflow|"],
      ["DECRBY m 3", ":-3|"],
      ["INCRBYFLOAT m 0.5", "$4|-2.5|"],
      ["GETDEL m", "$4|-2.5|"],
      ["MSETNX k 1 z 2", ":0|"],
      ["STRLEN k", ":2|"],
      ['SET bytes "\\x00\\xff\\r\\n"', "+OK|"],
      ["STRLEN bytes", ":4|"],
      ["GET", "-ERR wrong number of arguments for 'get' command|"],
      ["NOPE a b", "-ERR unknown command 'NOPE', with args beginning with: 'a' 'b' |"],
    ],
  },
  {
    name: "maps and arrays in arrays",
    isOldToo: true,
    lines: [
      ["MSET a ohmytext b mynewtext", "+OK|"],
      ["LCS a b", "$6|mytext|"],
      [
        "LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN",
        "*4|$7|matches|*1|*3|*2|:4|:7|*2|:5|:8|:4|$3|len|:6|",
        "%2|$7|matches|*1|*3|*2|:4|:7|*2|:5|:8|:4|$3|len|:6|",
      ],
      ["BITFIELD f SET u8 0 200 OVERFLOW FAIL INCRBY u8 0 100", "*2|:0|$-1|", "*2|:0|_|"],
      ["BITFIELD f", "*0|"],
      ["KEYS none*", "*0|"],
      ["SCAN 0 MATCH none*", "*2|$1|0|*0|"],
    ],
  },
  {
    name: "keys and deadlines",
    isOldToo: true,
    lines: [
      ["SET k v EXAT 4000000000", "+OK|"],
      ["EXPIRETIME k", ":4000000000|"],
      ["PEXPIRETIME k", ":4000000000000|"],
      ["EXPIREAT k 3900000000 GT", ":0|"],
      ["PERSIST k", ":1|"],
      ["TTL k", ":-1|"],
      ["TTL missing", ":-2|"],
      ["RENAME missing k", "-ERR no such key|"],
      ["COPY k l", ":1|"],
      ["COPY k l", ":0|"],
      ["TYPE k", "+string|"],
      ["TYPE missing", "+none|"],
      ["OBJECT ENCODING missing", "$-1|", "_|"],
      ["EXISTS k k l", ":3|"],
      ["SELECT 1", "+OK|"],
      ["DBSIZE", ":0|"],
      ["RANDOMKEY", "$-1|", "_|"],
      ["SELECT 16", "-ERR DB index is out of range|"],
      ["SELECT 0", "+OK|"],
      ["MOVE k 1", ":1|"],
      ["DEL k l", ":1|"],
    ],
  },
  {
    name: "transactions",
    isOldToo: true,
    lines: [
      ["EXEC", "-ERR EXEC without MULTI|"],
      ["MULTI", "+OK|"],
      ["MULTI", "-ERR MULTI calls can not be nested|"],
      ["SET k x", "+QUEUED|"],
      ["INCR k", "+QUEUED|"],
      ["GET missing", "+QUEUED|"],
      ["EXEC", `*3|+OK|${NOT_INTEGER}$-1|`, `*3|+OK|${NOT_INTEGER}_|`],
      ["MULTI", "+OK|"],
      ["GET", "-ERR wrong number of arguments for 'get' command|"],
      ["EXEC", "-EXECABORT Transaction discarded because of previous errors.|"],
      ["MULTI", "+OK|"],
      ["EXEC", "*0|"],
      ["WATCH k", "+OK|"],
      ["SET k y", "+OK|"],
      ["MULTI", "+OK|"],
      ["GET k", "+QUEUED|"],
      ["EXEC", "*-1|", "_|"],
      ["MULTI", "+OK|"],
      ["WATCH k", "-ERR WATCH inside MULTI is not allowed|"],
      ["DISCARD", "+OK|"],
      ["DISCARD", "-ERR DISCARD without MULTI|"],
    ],
  },
  {
    name: "subscriptions",
    isOldToo: true,
    lines: [
      ["SUBSCRIBE a", "*3|$9|subscribe|$1|a|:1|", ">3|$9|subscribe|$1|a|:1|"],
      ["PSUBSCRIBE b*", "*3|$10|psubscribe|$2|b*|:2|", ">3|$10|psubscribe|$2|b*|:2|"],
      ["PING", "*2|$4|pong|$0||", "+PONG|"],
      ["PING hi", "*2|$4|pong|$2|hi|", "$2|hi|"],
      ["UNSUBSCRIBE a", "*3|$11|unsubscribe|$1|a|:1|", ">3|$11|unsubscribe|$1|a|:1|"],
      ["PUNSUBSCRIBE", "*3|$12|punsubscribe|$2|b*|:0|", ">3|$12|punsubscribe|$2|b*|:0|"],
      ["UNSUBSCRIBE", "*3|$11|unsubscribe|$-1|:0|", ">3|$11|unsubscribe|_|:0|"],
      ["PUBLISH a x", ":0|"],
      ["PUBSUB NUMSUB a", "*2|$1|a|:0|"],
      ["PUBSUB CHANNELS", "*0|"],
    ],
  },
  {
    name: "the connection itself",
    isOldToo: true,
    lines: [
      ["CLIENT GETNAME", "$-1|", "_|"],
      ["CLIENT SETNAME me", "+OK|"],
      ["CLIENT GETNAME", "$2|me|"],
      [
        'CLIENT SETNAME "a b"',
        "-ERR Client names cannot contain spaces, newlines or special characters.|",
      ],
      ["CLIENT REPLY SKIP", ""],
      ["PING", ""],
      ["PING", "+PONG|"],
      ["CLIENT REPLY OFF", ""],
      ["SET k v", ""],
      ["CLIENT REPLY ON", "+OK|"],
      ["GET k", "$1|v|"],
      ["HELLO 4", "-NOPROTO unsupported protocol version|"],
      ["RESET", "+RESET|"],
      ["CLIENT GETNAME", "$-1|"],
      ["GET missing", "$-1|"],
    ],
  },
  {
    name: "what a client publishes to itself",
    isOldToo: false,
    lines: [
      ["SUBSCRIBE a", ">3|$9|subscribe|$1|a|:1|"],
      ["PUBLISH a x", ":1|>3|$7|message|$1|a|$1|x|"],
    ],
  },
];

/** Commands whose replies say much that is not the same everywhere, but have to be readable. */
export const LARGE_REPLIES: readonly string[] = [
  "HELLO",
  "INFO",
  "INFO everything",
  "COMMAND",
  "COMMAND DOCS",
  "COMMAND INFO get nope client",
  "COMMAND LIST",
  "CLIENT LIST",
  "CLIENT INFO",
  "CLIENT TRACKINGINFO",
  "CONFIG GET *",
  "MEMORY STATS",
  "MEMORY DOCTOR",
  "LATENCY HISTOGRAM",
  "LATENCY LATEST",
  "SLOWLOG GET",
  "OBJECT HELP",
  "ROLE",
  "TIME",
];
