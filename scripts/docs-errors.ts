/**
 * The text of docs/errors.md, from the catalogue of errors. What each code means to its reader is told here;
 * the compiler sees to it that no code is left out and none is told of that does not exist.
 */
import { ERRORS, type ErrorCode } from "../src/base/errors.ts";

const HEAD = `# Errors

Every error has one of these codes, whichever way it reaches you. Over HTTP it is problem details with
\`type\` being \`urn:pykv:error:\` and the code.
`;

const ADVICE: Record<ErrorCode, string> = {
  INVALID_JSON: "The body could not be parsed, or is not UTF-8. `detail` names the place.",
  INVALID_REQUEST: "A field, parameter or header is unknown or wrong; `errors` names it.",
  INVALID_KEY: "Keys have 1 to 65,535 bytes of UTF-8.",
  INVALID_VALUE:
    "The value is missing, not base64 though marked so, or holds half of a surrogate pair.",
  INVALID_TTL: "A ttl is a number of seconds above 0 and up to 10,000,000,000, or null.",
  INVALID_NAMESPACE: "Names have 1 to 64 letters, digits and `. _ : -`; query and body must agree.",
  INVALID_CURSOR: "Use the cursor of the page before as it is, with the same server.",
  INVALID_OPTION: "An option of the command line, environment or file is unknown or out of range.",
  FORBIDDEN_HOST: "Add the name that clients use to `--allowed-hosts`.",
  FORBIDDEN_ORIGIN: "Add the page's origin to `--cors-origins`, if you trust it.",
  KEY_NOT_FOUND: "The key does not exist in this namespace, or has expired.",
  ROUTE_NOT_FOUND: "No route has this path; `/docs` lists them.",
  METHOD_NOT_ALLOWED: "The header `Allow` lists the methods that the path takes.",
  REQUEST_TIMEOUT: "Headers or body arrived too slowly; the connection is closed.",
  NOT_AN_INTEGER: "The stored value is no integer, or the sum leaves 64 bits. Nothing changed.",
  COMPACTION_RUNNING: "One compaction at a time; `/stats` shows when it is through.",
  CONDITION_FAILED: "Somebody changed the key first. Read it again and decide anew.",
  VALUE_TOO_LARGE: "`limit` tells how many bytes are allowed; see `--max-value-size`.",
  URI_TOO_LONG: "Send the key in a body, by `POST /kv/` or `POST /batch`.",
  UNSUPPORTED_MEDIA_TYPE: "Send the body as `application/json`.",
  EXPECTATION_FAILED: "Only `Expect: 100-continue` is understood.",
  HEADERS_TOO_LARGE: "Request line and headers together may have 16 KiB.",
  INTERNAL: "A bug. The server's log has the cause.",
  LOG_FAILED: "Writing or syncing failed. Reads go on; restart after mending the disk.",
  DISK_FULL: "Nothing was changed. Writing resumes when there is room.",
  SHUTTING_DOWN: "Try again after `Retry-After`, on a new connection.",
  TOO_MANY_SUBSCRIBERS: "64 clients may follow `GET /events` at once. Try again later.",
  NOT_READY: "Recovery is under way. Try again after `Retry-After`.",
  MEMORY_FULL: "Nothing was changed. Raise `--max-memory`, delete keys, or allow eviction.",
  TOO_MANY_NAMESPACES: "Nothing was changed. Clear namespaces that are no longer needed.",
  DATA_DIR_LOCKED: "Another server uses the data directory.",
  DATA_DIR_UNUSABLE: "The data directory cannot be created, read or written.",
  CORRUPTION: "A file fails its checksum. `pykv verify` examines, `pykv salvage` rescues.",
};

/** The whole of docs/errors.md. */
export function errorsMarkdown(): string {
  const sections = Object.entries(ERRORS).map(([code, { http, resp, title }]) => {
    const facts = `HTTP ${http}, Redis prefix \`${resp}\`: ${title}.`;
    return `## ${code}\n\n${facts}\n\n${ADVICE[code as ErrorCode]}\n`;
  });
  return [HEAD, ...sections].join("\n");
}
