/**
 * The one class of errors that the SDK rejects with.
 *
 * Its code is from the server's catalogue, whether the server said it or the SDK saw it before asking,
 * or one of four that only a client can know: that nobody answered, that the answer took too long,
 * that the caller ended the call, and that what answered is no PyKV server.
 */
import type { ErrorCode } from "../base/errors.ts";

const OWN_TITLES = {
  UNREACHABLE: "The server cannot be reached",
  TIMED_OUT: "The server did not answer in time",
  ABORTED: "The call was aborted",
  BAD_RESPONSE: "The answer is not a PyKV server's",
  INVALID_KEY: "The key is not valid",
  INVALID_VALUE: "The value is not valid",
  INVALID_JSON: "The text is not valid JSON",
  INVALID_TTL: "The ttl is not valid",
  INVALID_NAMESPACE: "The namespace is not valid",
  INVALID_REQUEST: "The request is not valid",
  INVALID_OPTION: "An option is not valid",
} as const satisfies Partial<Record<PyKVErrorCode, string>>;

export type PyKVErrorCode = ErrorCode | "UNREACHABLE" | "TIMED_OUT" | "ABORTED" | "BAD_RESPONSE";

/** The codes of errors that the SDK makes by itself. */
export type OwnCode = keyof typeof OWN_TITLES;

export interface FieldError {
  /** Such as `body/ttl`, `query/ns`, `path/key`. */
  readonly path: string;
  readonly message: string;
}

export interface ErrorFields {
  readonly code: PyKVErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly status: number | null;
  readonly url: string;
  readonly errors?: readonly FieldError[] | undefined;
}

export class PyKVError extends Error {
  override readonly name = "PyKVError";
  /** For deciding what to do; docs/errors.md and docs/sdk.md explain each. */
  readonly code: PyKVErrorCode;
  /** The same for every error of this code. */
  readonly title: string;
  /** HTTP status, or null when there was no reply. */
  readonly status: number | null;
  /** What is special to this occurrence. */
  readonly detail: string;
  /** The fields that are at fault, where the server named them. */
  readonly errors?: readonly FieldError[] | undefined;
  /** What was asked; empty when the mistake was seen before anything was. */
  readonly url: string;

  constructor(fields: ErrorFields, options?: ErrorOptions) {
    super(`${fields.title}: ${fields.detail}`, options);
    this.code = fields.code;
    this.title = fields.title;
    this.status = fields.status;
    this.detail = fields.detail;
    this.errors = fields.errors;
    this.url = fields.url;
  }
}

/** An error that the server did not send. */
export function ownError(
  code: OwnCode,
  detail: string,
  where: { readonly url?: string; readonly status?: number; readonly cause?: unknown } = {},
): PyKVError {
  const { url = "", status = null, cause } = where;
  const fields = { code, title: OWN_TITLES[code], detail, status, url };
  return new PyKVError(fields, cause === undefined ? undefined : { cause });
}
