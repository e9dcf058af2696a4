/**
 * Problem details (RFC 9457): how every error looks over HTTP.
 *
 * The `type` is a URN built from the code. It identifies and is not meant to be fetched, since a
 * server on localhost has no stable address to point at; docs/errors.md explains each code. What is
 * not from the catalogue is a bug or the framework's own: the framework's are mapped here, and a bug
 * shows as INTERNAL with nothing of its message or stack.
 */
import { ERRORS, PyKVError, type ErrorCode } from "../base/errors.ts";

/** What is wrong with one field: `path` is like `body/ttl`, `query/ns`, `path/key`, `header/if-match`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors?: readonly FieldError[];
  /** The limit that was exceeded, in bytes. */
  readonly limit?: number;
}

export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** Seconds after which a client may try again when the server is stopping or not yet up. */
const RETRY_AFTER_SECONDS = 5;

/** An error of the request: from the catalogue, with the fields it is about. */
export class RequestError extends PyKVError {
  readonly errors: readonly FieldError[];

  constructor(code: ErrorCode, errors: readonly FieldError[]) {
    super(code, errors.map(({ path, message }) => `${path} ${message}`).join("; "));
    this.errors = errors;
  }
}

/** Something larger than a limit in bytes. */
export class TooLargeError extends PyKVError {
  readonly limit: number;

  constructor(what: string, limit: number) {
    super("VALUE_TOO_LARGE", `${what} is larger than the limit of ${limit} bytes`);
    this.limit = limit;
  }
}

/** A path that exists, asked with a method that it does not take. */
export class MethodNotAllowedError extends PyKVError {
  readonly allow: readonly string[];

  constructor(method: string, allow: readonly string[]) {
    super("METHOD_NOT_ALLOWED", `${method} is not among ${allow.join(", ")}`);
    this.allow = allow;
  }
}

/** The error of a single field. */
export function fieldError(code: ErrorCode, path: string, message: string): RequestError {
  return new RequestError(code, [{ path, message }]);
}

export function problemOf(error: PyKVError): Problem {
  const { http: status, title } = ERRORS[error.code];
  const { code, detail } = error;
  const problem = { type: `urn:pykv:error:${code}`, title, status, detail, code };
  if (error instanceof RequestError) return { ...problem, errors: error.errors };
  if (error instanceof TooLargeError) return { ...problem, limit: error.limit };
  return problem;
}

/** The headers that belong to an error, beyond the content type. */
export function problemHeaders(error: PyKVError): Record<string, string> {
  if (error instanceof MethodNotAllowedError) return { allow: error.allow.join(", ") };
  const retry = { "retry-after": String(RETRY_AFTER_SECONDS) };
  if (error.code === "SHUTTING_DOWN") return { ...retry, connection: "close" };
  return error.code === "NOT_READY" ? retry : {};
}

/** Whatever was thrown, as an error of the catalogue; INTERNAL when it is none that is known. */
export function toPyKVError(error: unknown, bodyBytesMax: number): PyKVError {
  if (error instanceof PyKVError) return error;
  const { code, statusCode } = frameworkFields(error);
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new TooLargeError("The body", bodyBytesMax);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new PyKVError("UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json");
  }
  if (code === "FST_ERR_BAD_URL") {
    return fieldError("INVALID_REQUEST", "path", "is not valid percent-encoded UTF-8");
  }
  if (statusCode >= 400 && statusCode < 500) {
    return new PyKVError("INVALID_REQUEST", "The request could not be read");
  }
  return new PyKVError("INTERNAL", "The server's log has the cause", { cause: error });
}

function frameworkFields(error: unknown): { code: unknown; statusCode: number } {
  if (!(error instanceof Error)) return { code: undefined, statusCode: 0 };
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  return { code, statusCode: typeof statusCode === "number" ? statusCode : 0 };
}
