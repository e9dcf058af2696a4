/**
 * One record of the log as a line of JSON.
 *
 * Values look as they do in an export: JSON is the very text that is stored, bytes that are no UTF-8
 * are base64 and say so. So do keys, since the Redis protocol takes any.
 */
import { isUtf8 } from "node:buffer";
import type { LogRecord } from "../../store/log-records.ts";

/** Without a line break. */
export function recordText(record: LogRecord): string {
  const { seq, operation, namespace, reason } = record;
  return (
    `{"seq":${seq},"operation":"${operation}","namespace":${JSON.stringify(namespace)}` +
    keyMembers(record) +
    valueMembers(record) +
    deadlineMember(record) +
    (reason === null ? "" : `,"reason":"${reason}"`) +
    `,"timestamp":"${new Date(record.timestampMs).toISOString()}"}`
  );
}

function keyMembers({ operation, key }: LogRecord): string {
  if (key === null) return "";
  if (operation === "SWAP") return `,"other":${JSON.stringify(key.toString())}`;
  if (isUtf8(key)) return `,"key":${JSON.stringify(key.toString())}`;
  return `,"key":"${key.toString("base64")}","key_encoding":"base64"`;
}

function valueMembers({ value, kind }: LogRecord): string {
  if (value === null) return "";
  if (!isUtf8(value)) return `,"value":"${value.toString("base64")}","encoding":"base64"`;
  const text = value.toString();
  if (kind !== "json") return `,"value":${JSON.stringify(text)}`;
  return /[\n\r]/.test(text)
    ? `,"value":${JSON.stringify(text)},"encoding":"json"`
    : `,"value":${text}`;
}

/** What changes deadlines says which; null is that the key lives for ever from now on. */
function deadlineMember({ operation, deadlineMs }: LogRecord): string {
  if (deadlineMs > 0) return `,"deadline":"${new Date(deadlineMs).toISOString()}"`;
  return operation === "SET" || operation === "EXPIRE" ? ',"deadline":null' : "";
}
