/** A query string out of what is there, with its "?"; empty when nothing is. */
export function queryString(
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
