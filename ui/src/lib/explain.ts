/** What an error means for whoever reads it: what happened, and what to do about it. */
import { ApiError, messageOf } from "./api.ts";

const ADVICE: Readonly<Partial<Record<string, string>>> = {
  UNREACHABLE: "The server does not answer. Start it again; nothing that you typed is lost.",
  TIMED_OUT: "The server is slow or stuck. See Overview, then try again.",
  BAD_RESPONSE:
    "Something between the console and the server answers in its place, such as a proxy.",
  INVALID_KEY: "A key is 1 to 65,535 bytes of UTF-8.",
  INVALID_VALUE: "Send text, any JSON, or base64 with its encoding named.",
  INVALID_JSON: "Check quotes, commas and brackets where the message points.",
  INVALID_TTL: "A ttl is in seconds, above 0; leave it empty for a key that stays.",
  INVALID_NAMESPACE: "A namespace is 1 to 64 of letters, digits and . _ : -",
  INVALID_CURSOR: "Start the listing again, without a cursor.",
  KEY_NOT_FOUND: "It may have been deleted, or have expired. SET adds it.",
  NOT_AN_INTEGER: "Only a whole number of 64 bits can be incremented. SET the key to one first.",
  CONDITION_FAILED: "Somebody changed the key, or it is there already. Read it and decide again.",
  VALUE_TOO_LARGE: "Raise --max-value-size on the server, or store less in one key.",
  URI_TOO_LONG: "Send the key in the body: POST /batch takes any key.",
  MEMORY_FULL: "Raise --max-memory, choose an eviction policy, or delete keys.",
  TOO_MANY_NAMESPACES: "Clear a namespace that is not needed.",
  DISK_FULL: "Make room on the disk of the data directory; writes go on by themselves then.",
  LOG_FAILED: "The log can't be written. Look at the disk, then restart the server.",
  SHUTTING_DOWN: "The server is stopping. Try again when it is back.",
  NOT_READY: "The server is still loading its data. Try again in a moment.",
};

/** What to do about an error with this code, or null when its message says it all. */
export function adviceFor(code: string): string | null {
  return Object.hasOwn(ADVICE, code) ? (ADVICE[code] ?? null) : null;
}

/** The error in a sentence or two, for a notice. */
export function explain(error: unknown): string {
  const code = codeOf(error);
  if (code === "UNREACHABLE") return ADVICE.UNREACHABLE!;
  const advice = adviceFor(code);
  return advice === null ? messageOf(error) : `${messageOf(error)}. ${advice}`;
}

function codeOf(error: unknown): string {
  if (error instanceof ApiError) return error.code;
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === "string" ? code : "";
}
