/**
 * Query strings, read strictly: what is given twice or cannot be decoded must not pass for something
 * else. The router calls this before any handler can answer, so it reports instead of throwing: a
 * parameter given twice becomes an array and a malformed one null, and neither passes as a string
 * when the schema is checked.
 */

export type Query = Record<string, string | string[] | null>;

/** Parses what follows the "?"; a "+" is a space, as in forms. */
export function parseQuery(text: string): Query {
  const query = Object.create(null) as Query;
  if (text === "") return query;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const rawName = equals === -1 ? pair : pair.slice(0, equals);
    const name = decode(rawName);
    const value = equals === -1 ? "" : decode(pair.slice(equals + 1));
    add(query, name ?? rawName, name === null ? null : value);
  }
  return query;
}

function add(query: Query, name: string, value: string | null): void {
  const before = query[name];
  if (before === undefined) query[name] = value;
  else query[name] = [String(Array.isArray(before) ? before[0] : before), String(value)];
}

function decode(text: string): string | null {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}
