import { expect, test } from "vitest";
import { ERRORS, PyKVError, type ErrorCode } from "../base/errors.ts";
import {
  fieldError,
  MethodNotAllowedError,
  problemHeaders,
  problemOf,
  toPyKVError,
  TooLargeError,
} from "./problem.ts";

test("every code of the catalogue becomes a problem with its status and title", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    expect(problemOf(new PyKVError(code, "why"))).toEqual({
      type: `urn:pykv:error:${code}`,
      title: ERRORS[code].title,
      status: ERRORS[code].http,
      detail: "why",
      code,
    });
  }
});

test("errors of fields and limits carry them", () => {
  expect(problemOf(fieldError("INVALID_TTL", "body/ttl", "must be above 0"))).toMatchObject({
    detail: "body/ttl must be above 0",
    errors: [{ path: "body/ttl", message: "must be above 0" }],
  });
  expect(problemOf(new TooLargeError("The body", 10))).toMatchObject({ limit: 10, status: 413 });
});

const fastifyError = (code: string, statusCode: number): Error =>
  Object.assign(new Error("secret"), { code, statusCode });

const FOREIGN: readonly [title: string, error: unknown, code: ErrorCode][] = [
  ["a body over the limit", fastifyError("FST_ERR_CTP_BODY_TOO_LARGE", 413), "VALUE_TOO_LARGE"],
  [
    "an unknown content type",
    fastifyError("FST_ERR_CTP_INVALID_MEDIA_TYPE", 415),
    "UNSUPPORTED_MEDIA_TYPE",
  ],
  ["a malformed path", fastifyError("FST_ERR_BAD_URL", 400), "INVALID_REQUEST"],
  ["a connection that broke", fastifyError("ECONNRESET", 400), "INVALID_REQUEST"],
  ["a bug", new TypeError("secret"), "INTERNAL"],
  ["a framework's 500", fastifyError("FST_ERR_X", 500), "INTERNAL"],
  ["something that is no error", "secret", "INTERNAL"],
  ["nothing at all", undefined, "INTERNAL"],
];

for (const [title, error, code] of FOREIGN) {
  test(`${title} becomes ${code} and leaks nothing`, () => {
    const mapped = toPyKVError(error, 10);
    expect(mapped.code).toBe(code);
    expect(JSON.stringify(problemOf(mapped))).not.toContain("secret");
  });
}

const HEADERS: readonly [error: PyKVError, headers: Record<string, string>][] = [
  [new PyKVError("SHUTTING_DOWN", ""), { "retry-after": "5", connection: "close" }],
  [new PyKVError("NOT_READY", ""), { "retry-after": "5" }],
  [new MethodNotAllowedError("PUT", ["GET", "HEAD"]), { allow: "GET, HEAD" }],
  [new PyKVError("LOG_FAILED", ""), {}],
];

for (const [error, headers] of HEADERS) {
  test(`${error.code} comes with ${JSON.stringify(headers)}`, () =>
    expect(problemHeaders(error)).toEqual(headers));
}
