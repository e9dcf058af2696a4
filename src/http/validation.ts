/**
 * Requests checked against the very schemas that the OpenAPI document shows.
 *
 * TypeBox compiles a schema to a function; only when that says no are the errors looked for, worded
 * for people, and given the catalogue's code of the field they are about. Bodies are taken as they
 * are: a number in quotes is a string. Query parameters arrive as strings, so those that the schema
 * calls integers or booleans are converted first, strictly.
 */
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import type { ErrorCode } from "../base/errors.ts";
import { RequestError, type FieldError } from "./problem.ts";

/** The code of an error, when every field in question has the same one. */
const FIELD_CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ["key", "INVALID_KEY"],
  ["value", "INVALID_VALUE"],
  ["ttl", "INVALID_TTL"],
  ["ns", "INVALID_NAMESPACE"],
  ["namespace", "INVALID_NAMESPACE"],
  ["cursor", "INVALID_CURSOR"],
]);

/** What a validator answers: the value, perhaps converted, or the error that refuses it. */
export type Verdict = { value: unknown } | { error: RequestError };
export type Check = (value: unknown) => Verdict;

/** For Fastify: a check for each part of a request. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  // The router cannot hand over a path that has no such parameter, and fields.ts judges keys.
  if (httpPart === "params" || httpPart === "headers") return (value: unknown) => ({ value });
  if (httpPart === "querystring") return queryCheck(schema);
  return compileCheck(schema, "body");
};

/** @param at what a path of this value starts with, such as `body`. */
export function compileCheck(schema: TSchema, at: string): Check {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return { value };
    return { error: requestError(fieldErrors(validator.Errors(value), at, value)) };
  };
}

function queryCheck(schema: TSchema): Check {
  const check = compileCheck(schema, "query");
  const converters = queryConverters(schema);
  if (converters.length === 0) return check;
  return (value) => {
    const query = value as Record<string, unknown>;
    for (const [name, convert] of converters) {
      if (typeof query[name] === "string") query[name] = convert(query[name]);
    }
    return check(query);
  };
}

type Converter = readonly [name: string, convert: (text: string) => unknown];

function queryConverters(schema: TSchema): Converter[] {
  const { properties = {} } = schema as { properties?: Record<string, { type?: unknown }> };
  return Object.entries(properties).flatMap(([name, { type }]): Converter[] => {
    if (type === "integer") return [[name, toInteger]];
    return type === "boolean" ? [[name, toBoolean]] : [];
  });
}

function toInteger(text: string): unknown {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function toBoolean(text: string): unknown {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : text;
}

/** One error for the request; its code is that of the fields when they agree. */
export function requestError(errors: readonly FieldError[]): RequestError {
  const codes = new Set(errors.map(({ path }) => codeOf(path)));
  const [code = "INVALID_REQUEST"] = codes;
  return new RequestError(codes.size === 1 ? code : "INVALID_REQUEST", errors);
}

function codeOf(path: string): ErrorCode {
  return FIELD_CODES.get(path.slice(path.lastIndexOf("/") + 1)) ?? "INVALID_REQUEST";
}

function fieldErrors(
  errors: readonly TLocalizedValidationError[],
  at: string,
  value: unknown,
): FieldError[] {
  const fields = new Map<string, FieldError>();
  for (const error of errors) {
    for (const field of describe(error, at, value)) {
      if (!fields.has(field.path)) fields.set(field.path, field);
    }
  }
  return [...fields.values()];
}

function describe(error: TLocalizedValidationError, at: string, value: unknown): FieldError[] {
  const path = `${at}${decodePointer(error.instancePath)}`;
  switch (error.keyword) {
    case "boolean":
      return []; // Says again what additionalProperties says.
    case "required":
      return error.params.requiredProperties.map((name) => field(path, name, "is required"));
    case "additionalProperties":
      return error.params.additionalProperties.map((name) =>
        field(path, name, "is not known here"),
      );
    case "minLength":
      return [{ path, message: "must not be empty" }];
    case "type":
      return [
        { path, message: (at === "query" ? queryFault(value, path) : undefined) ?? error.message },
      ];
    default:
      return [{ path, message: error.message }];
  }
}

function field(path: string, name: string, message: string): FieldError {
  return { path: `${path}/${name}`, message };
}

/** What parseQuery reports by a type that no parameter has. */
function queryFault(value: unknown, path: string): string | undefined {
  const given = (value as Record<string, unknown>)[path.slice("query/".length)];
  if (Array.isArray(given)) return "is given more than once";
  return given === null ? "is not valid percent-encoded UTF-8" : undefined;
}

/** TypeBox writes paths as JSON Pointers in a URI fragment. */
function decodePointer(pointer: string): string {
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}
