/** Values and lists on the screen of the shell: coloured, and cut where they would flood it. */
import type { BytesEntry } from "../../client/types.ts";
import type { CliIo } from "../io.ts";
import { countText, durationText, sizeText } from "../terminal/figures.ts";
import { styleOf } from "../terminal/style.ts";
import { hexDump, safeText } from "../values/escape.ts";
import { layOutJson, type TokenKind } from "../values/json-layout.ts";
import type { StoredValue } from "../values/shown.ts";

/** Of a value: more is told by its size. */
const SHOWN_BYTES_MAX = 16 * 1024;
const SHOWN_DUMP_BYTES_MAX = 512;
/** JSON up to this long stays on its line. */
const JSON_LINE_LENGTH_MAX = 72;

/** A value over one or more lines; whole and as it is stored, unless it is for a terminal. */
export function valueText({ bytes, kind }: StoredValue, io: CliIo): string {
  const { value, dim, warning } = styleOf(io);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === "binary") return hexDump(bytes, SHOWN_DUMP_BYTES_MAX).trimEnd();
  if (io.stdout.isTTY !== true) return buffer.toString();
  if (bytes.length === 0) return dim("(empty)");
  if (bytes.length > SHOWN_BYTES_MAX) {
    const start = safeText(buffer.toString("utf8", 0, SHOWN_BYTES_MAX));
    return `${value(start)}\n${warning(`... ${countText(bytes.length - SHOWN_BYTES_MAX)} more bytes`)}`;
  }
  const text = safeText(buffer.toString());
  return kind === "json" ? jsonText(text, io) : value(text);
}

/** JSON with its colours; laid out over lines when it is long or was already. */
function jsonText(text: string, io: CliIo): string {
  const style = styleOf(io);
  const paint = (token: string, kind: TokenKind): string => {
    if (kind === "mark") return style.dim(token);
    if (kind === "name") return style.name(token);
    return kind === "string" ? style.value(token) : style.warning(token);
  };
  const isLong = text.length > JSON_LINE_LENGTH_MAX || text.includes("\n");
  return layOutJson(text, paint, isLong ? "lines" : "line");
}

/** `version 3, 59.2 s left, 14 B, json`. */
export function metaText({ version, ttl, bytes, kind }: BytesEntry): string {
  return `version ${version}, ${leftText(ttl)}, ${sizeText(bytes.length)}, ${kind}`;
}

export function leftText(ttlSeconds: number | null): string {
  return ttlSeconds === null ? "never expires" : `${durationText(ttlSeconds * 1000)} left`;
}
