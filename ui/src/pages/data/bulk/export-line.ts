/**
 * A line of an export, as `pykv export` writes and `pykv import` reads it: a record of JSON with the value
 * as the very text that the server sent, so that integers of 64 bits and the spelling of numbers
 * survive. `encoding` is `json` where that text has line breaks in it, which a line can't.
 */
import { memberTexts } from "../../../../../src/client/json-text.ts";

/** One result of a batch of reads as a line of an export; null when the key was not there. */
export function exportLine(resultText: string, namespace: string, nowMs: number): string | null {
  const members = memberTexts(resultText);
  const value = members.get("value");
  const key = members.get("key");
  if (value === undefined || key === undefined) return null;
  const isBase64 = members.get("encoding") === '"base64"';
  const breaksLines = /[\n\r]/.test(value);
  const encoding = isBase64 ? "base64" : breaksLines ? "json" : null;
  const ttl = members.get("ttl") ?? "null";
  const expiresAt = ttl === "null" ? null : new Date(nowMs + Number(ttl) * 1000).toISOString();
  return (
    `{"key":${key},"value":${breaksLines ? JSON.stringify(value) : value}` +
    (encoding === null ? "" : `,"encoding":"${encoding}"`) +
    `,"namespace":"${namespace}"` +
    (expiresAt === null ? "" : `,"expires_at":"${expiresAt}"`) +
    "}"
  );
}
