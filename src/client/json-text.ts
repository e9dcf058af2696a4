/**
 * Finds members of JSON by their place in its text.
 *
 * JSON.parse rounds integers beyond 2^53 and forgets how a value was written. Where that matters
 * (exact bytes, 64-bit counters) the value is cut out of the reply's text. It all runs over text that
 * JSON.parse has accepted, so a string ends at a quote that no odd run of backslashes precedes and
 * brackets balance; depth is a number, so nesting cannot exhaust anything.
 */

/** The members of the JSON object that is `text`, by name, each as the text of its value. */
export function memberTexts(text: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const part of parts(text)) {
    const nameEnd = skipString(part, 0);
    members.set(
      JSON.parse(part.slice(0, nameEnd)) as string,
      part.slice(part.indexOf(":", nameEnd) + 1).trim(),
    );
  }
  return members;
}

/** The elements of the JSON array that is `text`, each as its own text. */
export function elementTexts(text: string): string[] {
  return parts(text);
}

/** What the commas of the outermost brackets separate. */
function parts(text: string): string[] {
  const found: string[] = [];
  let start = text.search(/[[{]/) + 1;
  let depth = 1;
  for (let at = start; depth > 0 && at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = skipString(text, at) - 1;
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth === 0 || (depth === 1 && character === ",")) {
      const part = text.slice(start, at).trim();
      if (part !== "") found.push(part);
      start = at + 1;
    }
  }
  return found;
}

/** Past the string whose opening quote is at `at`. */
function skipString(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}
