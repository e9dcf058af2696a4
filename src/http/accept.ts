/**
 * Which form a read takes: the JSON envelope, or the bare value as bytes or as text.
 *
 * Content negotiation of RFC 9110, section 12.5.1: of the three forms the one with the highest
 * quality wins, and JSON wins a tie, because clients that list everything ("application/json,
 * text/plain, anything") mean JSON. What accepts none of the three gets JSON too: an envelope that was
 * not asked for helps more than an empty 406.
 */

export type ReplyForm = "json" | "bytes" | "text";

const TYPES: readonly (readonly [form: ReplyForm, type: string, range: string])[] = [
  ["json", "application/json", "application/*"],
  ["bytes", "application/octet-stream", "application/*"],
  ["text", "text/plain", "text/*"],
];

/** @param accept the header as it came, or undefined when there was none. */
export function negotiate(accept: string | undefined): ReplyForm {
  if (accept === undefined || accept === "*/*" || accept === "application/json") return "json";
  const qualities = parseAccept(accept);
  let best: ReplyForm = "json";
  let bestQuality = 0;
  for (const [form, type, range] of TYPES) {
    const quality = qualities.get(type) ?? qualities.get(range) ?? qualities.get("*/*") ?? 0;
    if (quality > bestQuality) [best, bestQuality] = [form, quality];
  }
  return best;
}

function parseAccept(accept: string): Map<string, number> {
  const qualities = new Map<string, number>();
  for (const part of accept.split(",")) {
    const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    qualities.set(range, Math.max(qualities.get(range) ?? 0, qualityOf(parameters)));
  }
  return qualities;
}

function qualityOf(parameters: readonly string[]): number {
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  if (quality === undefined) return 1;
  const value = Number(quality.slice(2));
  return value >= 0 && value <= 1 ? value : 0;
}
