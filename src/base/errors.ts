/**
 * The one catalogue of errors, for every door.
 *
 * Each code has an HTTP status, the prefix that Redis clients match on, and a title. A door never
 * invents an error of its own: it maps what the store reports through this table, so that the same
 * mistake reads the same over REST, over the Redis protocol and in process. docs/errors.md is
 * checked against it in both directions.
 */

interface ErrorSpec {
  /** HTTP status of a reply that carries this error. */
  readonly http: number;
  /** Prefix of the same error in the Redis protocol. */
  readonly resp: string;
  /** Short and constant; what is special to one occurrence goes into `detail`. */
  readonly title: string;
}

export const ERRORS = {
  INVALID_JSON: { http: 400, resp: "ERR", title: "The body is not valid JSON" },
  INVALID_REQUEST: { http: 400, resp: "ERR", title: "The request is not valid" },
  INVALID_KEY: { http: 400, resp: "ERR", title: "The key is not valid" },
  INVALID_VALUE: { http: 400, resp: "ERR", title: "The value is not valid" },
  INVALID_TTL: { http: 400, resp: "ERR", title: "The ttl is not valid" },
  INVALID_NAMESPACE: { http: 400, resp: "ERR", title: "The namespace is not valid" },
  INVALID_CURSOR: { http: 400, resp: "ERR", title: "The cursor is not valid" },
  INVALID_OPTION: { http: 400, resp: "ERR", title: "An option is not valid" },
  FORBIDDEN_HOST: { http: 403, resp: "ERR", title: "The Host header is not allowed" },
  FORBIDDEN_ORIGIN: { http: 403, resp: "ERR", title: "The Origin is not allowed" },
  KEY_NOT_FOUND: { http: 404, resp: "ERR", title: "The key does not exist" },
  ROUTE_NOT_FOUND: { http: 404, resp: "ERR", title: "There is no such route" },
  METHOD_NOT_ALLOWED: { http: 405, resp: "ERR", title: "The route does not take this method" },
  REQUEST_TIMEOUT: { http: 408, resp: "ERR", title: "The request took too long to arrive" },
  NOT_AN_INTEGER: { http: 409, resp: "ERR", title: "The value is not a 64-bit integer" },
  COMPACTION_RUNNING: { http: 409, resp: "ERR", title: "A compaction is running already" },
  CONDITION_FAILED: { http: 412, resp: "ERR", title: "The condition does not hold" },
  VALUE_TOO_LARGE: { http: 413, resp: "ERR", title: "The value or the body is too large" },
  URI_TOO_LONG: { http: 414, resp: "ERR", title: "The URL is too long" },
  UNSUPPORTED_MEDIA_TYPE: { http: 415, resp: "ERR", title: "The content type is not supported" },
  EXPECTATION_FAILED: { http: 417, resp: "ERR", title: "The expectation cannot be met" },
  HEADERS_TOO_LARGE: { http: 431, resp: "ERR", title: "The request headers are too large" },
  INTERNAL: { http: 500, resp: "ERR", title: "Something went wrong inside the server" },
  LOG_FAILED: {
    http: 503,
    resp: "MISCONF",
    title: "The log failed; writes are off until a restart",
  },
  DISK_FULL: { http: 503, resp: "MISCONF", title: "The disk is full; nothing was changed" },
  SHUTTING_DOWN: { http: 503, resp: "ERR", title: "The server is shutting down" },
  TOO_MANY_SUBSCRIBERS: { http: 503, resp: "ERR", title: "Too many clients follow the events" },
  NOT_READY: { http: 503, resp: "LOADING", title: "The server is not ready" },
  MEMORY_FULL: { http: 507, resp: "OOM", title: "The memory is full and nothing may be evicted" },
  TOO_MANY_NAMESPACES: { http: 507, resp: "OOM", title: "There is no room for another namespace" },
  DATA_DIR_LOCKED: { http: 500, resp: "ERR", title: "The data directory is in use" },
  DATA_DIR_UNUSABLE: { http: 500, resp: "ERR", title: "The data directory cannot be used" },
  CORRUPTION: { http: 500, resp: "ERR", title: "The data on disk is damaged" },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** What was thrown, as an Error: promises are rejected with nothing else. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** An error from the catalogue, with what is special to this occurrence in `detail`. */
export class PyKVError extends Error {
  override readonly name = "PyKVError";
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(`${ERRORS[code].title}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }

  get httpStatus(): number {
    return ERRORS[this.code].http;
  }
}
