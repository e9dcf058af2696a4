/**
 * Lays out JSON anew without touching what it says: only the white space between tokens changes.
 *
 * JSON.parse and JSON.stringify would round integers beyond 2^53, turn 1.0 into 1 and drop members
 * that come twice; what a user did not touch must not change. Both functions take text that JSON.parse
 * accepts and run over it once.
 */

/** Deeper levels are indented no further: text of nothing but brackets would grow with its square. */
const INDENT_DEPTH_MAX = 64;
const INDENT = "  ";

/** One member or element to a line. */
export function prettyJson(text: string): string {
  const out: string[] = [];
  let depth = 0;
  let last = "";
  const newLine = (): void => {
    out.push("\n", INDENT.repeat(Math.min(depth, INDENT_DEPTH_MAX)));
  };
  for (const token of tokensOf(text)) {
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    const isEmpty = closes && (last === "{" || last === "[");
    const opened = last === "{" || last === "[";
    if (!isEmpty && (closes || opened || last === ",")) newLine();
    out.push(token === ":" ? ": " : token);
    if (token === "{" || token === "[") depth += 1;
    last = token;
  }
  return out.join("");
}

/** No white space but that in strings. */
export function compactJson(text: string): string {
  return [...tokensOf(text)].join("");
}

/** Whether the text is JSON; if not, why not. */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether text looks like an object or array of JSON, and is one. */
export function isJsonDocument(text: string): boolean {
  return /^\s*[{[]/.test(text) && jsonFault(text) === null;
}

/**
 * Strings are cut out by hand: a group repeated over a megabyte exhausts the stack of the regular
 * expression machine.
 */
function* tokensOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const end = character === '"' ? endOfString(text, at) : endOfToken(text, at);
    yield text.slice(at, end);
    at = end;
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

const STRUCTURE = new Set("{}[],:");

function endOfToken(text: string, start: number): number {
  if (STRUCTURE.has(text[start]!)) return start + 1;
  let at = start;
  while (at < text.length && !STRUCTURE.has(text[at]!) && !/[\s"]/.test(text[at]!)) at += 1;
  return at;
}
