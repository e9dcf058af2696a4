/**
 * Random commands, most of them right: a grammar of what the string, bitmap, key and transaction
 * commands take, and the values that are likely to find their limits.
 *
 *   template := word (space word)*     word := CAPITALS, sent as they are, with "|" between choices
 *                                            | placeholder, one of PLACEHOLDERS
 *                                            | "[" word+ "]", which may be left out
 */
import { pick, randomBelow } from "../support/random.ts";
import type { Random } from "../support/random.ts";

const TEMPLATES = [
  "SET k v",
  "SET k v",
  "SET k v [NX|XX] [GET] [EX ttl]",
  "SET k v [GET] [PX ttl] [NX|XX]",
  "SET k v [EXAT later] [PXAT laterms] [KEEPTTL]",
  "GET k",
  "GETSET k v",
  "GETDEL k",
  "GETEX k [EX ttl] [PX ttl] [EXAT at] [PXAT atms] [PERSIST]",
  "SETNX k v",
  "SETEX k ttl v",
  "PSETEX k ttl v",
  "MSET k v k v",
  "MSETNX k v [k v]",
  "MGET k k k",
  "APPEND k v",
  "STRLEN k",
  "GETRANGE k i i",
  "SUBSTR k i i",
  "SETRANGE k o v",
  "INCR k",
  "DECR k",
  "INCRBY k n",
  "DECRBY k n",
  "INCRBYFLOAT k f",
  "LCS k k [LEN] [IDX] [MINMATCHLEN i] [WITHMATCHLEN]",
  "SETBIT k o bit",
  "GETBIT k o",
  "BITCOUNT k",
  "BITCOUNT k i i [BYTE|BIT]",
  "BITPOS k bit [i]",
  "BITPOS k bit i i [BYTE|BIT]",
  "BITOP AND|OR|XOR|NOT k k",
  "BITOP AND|OR|XOR|NOT k k k",
  "BITFIELD k [GET type bo] [OVERFLOW WRAP|SAT|FAIL] [SET type bo n] [INCRBY type bo n]",
  "BITFIELD k [INCRBY type bo n] [OVERFLOW SAT|FAIL INCRBY type bo n] [GET type bo]",
  "BITFIELD_RO k [GET type bo] [GET type bo]",
  "DEL k [k]",
  "UNLINK k k",
  "EXISTS k k [k]",
  "TYPE k",
  "TOUCH k [k]",
  "KEYS glob",
  "SCAN 0 COUNT 1000 [MATCH glob] [TYPE string|hash|list|zset|nope]",
  "RANDOMKEY",
  "RENAME k k",
  "RENAMENX k k",
  "COPY k k [DB db] [REPLACE]",
  "MOVE k db",
  "DBSIZE",
  "FLUSHDB [ASYNC|SYNC]",
  "SWAPDB db db",
  "SELECT db",
  "OBJECT ENCODING|REFCOUNT|FREQ k",
  // Which of two times that both count from now is greater, is a matter of microseconds.
  "EXPIRE k ttl [NX|XX]",
  "PEXPIRE k ttl [NX] [XX]",
  "EXPIREAT k at [NX|XX|GT|LT]",
  "PEXPIREAT k atms [NX|XX|GT|LT]",
  "TTL k",
  "PTTL k",
  "EXPIRETIME k",
  "PEXPIRETIME k",
  "PERSIST k",
  "MULTI",
  "EXEC",
  "EXEC",
  "DISCARD",
  "WATCH k [k]",
  "UNWATCH",
  "PING [v]",
  "ECHO v",
];

/** The base of absolute times: far from now, so that nothing expires meanwhile. */
const FAR_S = 4_000_000_000;

const VALUES = ["", "0", "1", "-1", "12", "007", "1.5", "-0", "+5", " 1", "abc", "hello world"]
  .concat(["9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e3", "0.1"])
  .concat(["\xff\x00\r\n", "ohmytext", "mynewtext", "x".repeat(44), "y".repeat(45), "3.0e2", "inf"])
  .concat(["\x01\x02\x03\x80", "\xff\xff\xff\xff\xff\xff\xff\xff\xff", "z".repeat(300)]);
const INTEGERS = [
  "0",
  "1",
  "-1",
  "2",
  "5",
  "-2",
  "100",
  "-100",
  "3",
  "-3",
  "7",
  "8",
  "9",
  "16",
  "64",
].concat(["9223372036854775807", "-9223372036854775808", "4294967296", "x", "1.5", "", "01"]);
const PLACEHOLDERS: Readonly<Record<string, readonly string[]>> = {
  k: ["a", "b", "c", "a", "b", "{x}d", "\xff\x00"],
  v: VALUES,
  i: INTEGERS,
  n: INTEGERS,
  f: ["0", "1", "-1", "0.1", "1.5", "-2.25", "5.0e3", "200", "1e-5", "abc", "", "inf", "nan", "3"],
  o: ["0", "1", "2", "7", "8", "9", "31", "100", "1000", "-1", "x", "4294967296"],
  bit: ["0", "1", "0", "1", "2", "x"],
  type: ["u1", "u8", "i8", "i5", "u63", "i64", "u16", "u64", "i65", "i0", "x8", "u"],
  bo: ["0", "1", "5", "8", "#0", "#1", "#3", "63", "100", "-1", "#-1", "x", "#"],
  ttl: ["1000", "1000", "5000", "100000", "0", "-1", "9223372036854775807", "x"],
  at: [`${FAR_S}`, `${FAR_S + 1000}`, "1", "0", "-1", "x", "9223372036854775807"],
  atms: [`${FAR_S}000`, `${FAR_S + 1000}000`, "1", "0", "-1", "x"],
  later: [`${FAR_S}`, `${FAR_S + 1000}`, "0", "-1", "x", "9223372036854775807"],
  laterms: [`${FAR_S}000`, "0", "-1", "x"],
  db: ["0", "1", "1", "2", "15", "16", "-1", "x"],
  glob: ["*", "?", "a*", "[a-c]", "[^a]", "{x}*", "\\a", "*b", "", "[", "**", "a", "[b-a]", "*?*"],
};
const JUNK = ["", "NX", "GET", "EX", "x", "0", "-1", "a", "*", "LEN", "HELPME", "KEEPTTL", "BIT"];

/** A command with its arguments, a character a byte. */
export type Request = readonly string[];

export function randomRequest(random: Random): Request {
  const words: string[] = [];
  const parts = pick(random, TEMPLATES).match(/\[[^\]]*\]|[^ ]+/g)!;
  for (const part of parts) {
    if (!part.startsWith("[")) words.push(wordOf(random, part));
    else if (randomBelow(random, 3) === 0) {
      const inner = part.slice(1, -1).split(" ");
      words.push(...inner.map((each) => wordOf(random, each)));
    }
  }
  return randomBelow(random, 12) === 0 ? bent(random, words) : words;
}

function wordOf(random: Random, part: string): string {
  const values = PLACEHOLDERS[part];
  if (values !== undefined) return pick(random, values);
  const word = pick(random, part.split("|"));
  return randomBelow(random, 8) === 0 ? word.toLowerCase() : word;
}

/** An argument more, one less, or another. */
function bent(random: Random, words: readonly string[]): string[] {
  const at = 1 + randomBelow(random, words.length);
  const lost = randomBelow(random, 2);
  const put = randomBelow(random, 2) === 0 ? [] : [pick(random, JUNK)];
  return [...words.slice(0, at), ...put, ...words.slice(at + lost)];
}
