/**
 * Replies, and telling those of a PyKV server from what else may listen on a port.
 *
 * A wrong port or a proxy's login page answers too, often with 200. So nothing is believed unless it
 * is JSON and has the members that the caller needs; otherwise the error quotes what came.
 */
import type { ErrorCode } from "../base/errors.ts";
import { ownError, PyKVError } from "./errors.ts";
import type { FieldError } from "./errors.ts";

export interface Reply {
  /** What was asked, such as `GET http://127.0.0.1:8000/kv/a`. */
  readonly asked: string;
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly etag: string | null;
  readonly text: string;
}

type TypeName = "string" | "number" | "object" | "any";

/** Members that a body must have, each with its type. */
export type Shape = Readonly<Record<string, TypeName>>;

/** Of a body that is quoted in an error. */
const QUOTED_LENGTH_MAX = 120;
const URL_LENGTH_MAX = 200;

/** As it stands in messages: a key of thousands of characters would drown what they say. */
export function shownUrl(url: string): string {
  return url.length > URL_LENGTH_MAX ? `${url.slice(0, URL_LENGTH_MAX)}...` : url;
}

/**
 * The body of a reply as an object.
 *
 * @throws BAD_RESPONSE when it is no JSON object or lacks a member of `shape`.
 */
export function bodyOf(reply: Reply, shape: Shape): Record<string, unknown> {
  const body = parse(reply);
  if (body === null) throw unlikePyKV(reply);
  for (const [name, type] of Object.entries(shape)) {
    const has = Object.hasOwn(body, name) && (type === "any" || typeof body[name] === type);
    if (!has) throw unlikePyKV(reply);
  }
  return body;
}

/** Whether it is an error as PyKV sends it. */
export function isProblem(reply: Reply): boolean {
  const code = reply.contentType.includes("problem+json") ? parse(reply)?.code : undefined;
  return typeof code === "string";
}

/** The error of a reply for which `isProblem` holds. */
export function problemError(reply: Reply): PyKVError {
  return errorOf(parse(reply) ?? {}, reply.url);
}

/** A problem, from a reply or from the result of an operation of a batch. */
export function errorOf(problem: Readonly<Record<string, unknown>>, url: string): PyKVError {
  const { code, title, detail, status, errors } = problem;
  return new PyKVError({
    code: code as ErrorCode,
    title: typeof title === "string" ? title : String(code),
    detail: typeof detail === "string" ? detail : "",
    status: typeof status === "number" ? status : null,
    url,
    errors: Array.isArray(errors) ? (errors as FieldError[]) : undefined,
  });
}

/** The error of a reply that no PyKV server would have sent. */
export function unlikePyKV(reply: Reply): PyKVError {
  const { asked, url, status, contentType, location, text } = reply;
  const kind = contentType === "" ? "no content type" : contentType;
  const quote = text.trim().replace(/\s+/g, " ").slice(0, QUOTED_LENGTH_MAX);
  const said = quote === "" ? "an empty body" : `the body ${JSON.stringify(quote)}`;
  const to = location === null ? "" : `, a redirect to ${location},`;
  const detail = `${asked} was answered ${status}${to} with ${kind} and ${said}`;
  return ownError("BAD_RESPONSE", `${detail}; check the url and what is in front of it`, {
    ...{ url, status },
  });
}

function parse({ contentType, text }: Reply): Record<string, unknown> | null {
  if (!/[/+]json\b/i.test(contentType)) return null;
  try {
    const body: unknown = JSON.parse(text);
    const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
    return isObject ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
