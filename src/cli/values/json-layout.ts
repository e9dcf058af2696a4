/**
 * Lays JSON out over lines without parsing it into numbers, which would lose digits beyond 2^53, and
 * without recursion or repeated groups in a pattern, which deep or long values would exhaust.
 */
const INDENT = "  ";
const MARKS = "[]{},:";
const SPACES = " \t\r\n";

export type TokenKind = "name" | "string" | "word" | "mark";

type Paint = (token: string, kind: TokenKind) => string;

/**
 * `{"a":[1]}` becomes five lines, or `{"a": [1]}` on one; an empty object or array always takes one.
 *
 * @param text valid JSON.
 * @param paint may put colours around a token.
 */
export function layOutJson(
  text: string,
  paint: Paint = (token) => token,
  over: "lines" | "line" = "lines",
): string {
  const tokens = tokensOf(text);
  const out: string[] = [];
  let depth = 0;
  const breakLine = (instead: string) => {
    if (over === "line") out.push(instead);
    else out.push("\n", INDENT.repeat(depth));
  };
  tokens.forEach((token, at) => {
    const isOpening = token === "{" || token === "[";
    const isClosing = token === "}" || token === "]";
    const isEmpty = isOpening
      ? isClosingToken(tokens[at + 1])
      : isClosing && isOpeningToken(tokens[at - 1]);
    if (isClosing && !isEmpty) {
      depth--;
      breakLine("");
    }
    out.push(paint(token, kindOf(token, tokens[at + 1])));
    if (isOpening && !isEmpty) depth++;
    if (token === ",") breakLine(" ");
    else if (isOpening && !isEmpty) breakLine("");
    else if (token === ":") out.push(" ");
  });
  return out.join("");
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const start = at;
    const character = text[at] ?? "";
    if (SPACES.includes(character)) {
      at++;
      continue;
    }
    if (character === '"') at = stringEnd(text, at);
    else if (MARKS.includes(character)) at++;
    else while (at < text.length && !`${MARKS}${SPACES}"`.includes(text[at] ?? "")) at++;
    tokens.push(text.slice(start, at));
  }
  return tokens;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isOpeningToken(token: string | undefined): boolean {
  return token === "{" || token === "[";
}

function isClosingToken(token: string | undefined): boolean {
  return token === "}" || token === "]";
}

function kindOf(token: string, next: string | undefined): TokenKind {
  if (token.startsWith('"')) return next === ":" ? "name" : "string";
  return MARKS.includes(token) ? "mark" : "word";
}
