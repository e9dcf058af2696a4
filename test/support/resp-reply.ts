/**
 * Replies of the Redis protocol, RESP2 and RESP3, as values for tests to compare.
 *
 * Strings of all kinds come as strings with a character a byte, integers as numbers (bigint beyond
 * 2^53), errors as ReplyError, maps as Map, sets as Set, nulls as null, pushes as Push.
 */
export class ReplyError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export class Push {
  readonly items: readonly Reply[];

  constructor(items: readonly Reply[]) {
    this.items = items;
  }
}

export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | ReplyError
  | Push
  | Reply[]
  | Map<Reply, Reply>
  | Set<Reply>;

interface Parsed {
  readonly value: Reply;
  readonly end: number;
}

/** All whole replies at the start of the text, and what is left behind them. */
export function parseReplies(text: string): { replies: Reply[]; rest: string } {
  const replies: Reply[] = [];
  let at = 0;
  for (;;) {
    const parsed = at < text.length ? parse(text, at) : null;
    if (parsed === null) return { replies, rest: text.slice(at) };
    replies.push(parsed.value);
    at = parsed.end;
  }
}

/** The whole replies at the start of the text, each as it was sent, and what is left behind them. */
export function splitReplies(text: string): { raw: string[]; rest: string } {
  const raw: string[] = [];
  let at = 0;
  for (;;) {
    const parsed = at < text.length ? parse(text, at) : null;
    if (parsed === null) return { raw, rest: text.slice(at) };
    raw.push(text.slice(at, parsed.end));
    at = parsed.end;
  }
}

function parse(text: string, at: number): Parsed | null {
  const lineEnd = text.indexOf("\r\n", at);
  if (lineEnd < 0) return null;
  const line = text.slice(at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (text[at]) {
    case "+":
      return { value: line, end };
    case "-":
      return { value: new ReplyError(line), end };
    case ":":
    case "(":
      return { value: integer(line), end };
    case "_":
      return { value: null, end };
    case "#":
      return { value: line === "t", end };
    case ",":
      return { value: Number(line.replace("inf", "Infinity")), end };
    case "$":
    case "=":
      return bulk(text, end, Number(line), text[at] === "=" ? 4 : 0);
    case "*":
    case "~":
    case ">":
    case "%":
      return aggregate(text, end, text.charAt(at), Number(line));
    default:
      throw new Error(`not a reply: ${JSON.stringify(text.slice(at, at + 40))}`);
  }
}

function integer(line: string): number | bigint {
  if (!/^-?\d+$/.test(line)) throw new Error(`not an integer: ${line}`);
  const value = Number(line);
  return Number.isSafeInteger(value) ? value : BigInt(line);
}

function bulk(text: string, at: number, length: number, skip: number): Parsed | null {
  if (length < 0) return { value: null, end: at };
  if (text.length < at + length + 2) return null;
  if (text.slice(at + length, at + length + 2) !== "\r\n")
    throw new Error("a bulk without its end");
  return { value: text.slice(at + skip, at + length), end: at + length + 2 };
}

function aggregate(text: string, from: number, type: string, count: number): Parsed | null {
  if (count < 0) return { value: null, end: from };
  const items: Reply[] = [];
  let at = from;
  for (let i = 0; i < (type === "%" ? count * 2 : count); i++) {
    const item = at < text.length ? parse(text, at) : null;
    if (item === null) return null;
    items.push(item.value);
    at = item.end;
  }
  return { value: collect(type, items), end: at };
}

function collect(type: string, items: Reply[]): Reply {
  if (type === "*") return items;
  if (type === "~") return new Set(items);
  if (type === ">") return new Push(items);
  const map = new Map<Reply, Reply>();
  for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
  return map;
}
