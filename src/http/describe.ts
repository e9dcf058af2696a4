/**
 * Short ways to describe routes for the OpenAPI document: who they are and what they answer.
 */
import { Type, type TSchema } from "typebox";
import { STATUS_CODES } from "node:http";

export const TAGS = {
  keys: "Read and write keys",
  batch: "Many operations in one request",
  namespaces: "Name spaces for keys",
  observability: "Statistics, health and metrics",
  administration: "Care of the store",
} as const;

export interface OperationDescription {
  readonly id: string;
  readonly summary: string;
  readonly tag: keyof typeof TAGS;
  readonly description?: string;
  /** The operation that this one is another path for, such as `GET /kv/{key}`. */
  readonly aliasOf?: string;
}

/** The fields of a Fastify schema that name an operation. */
export function operation({
  id,
  summary,
  tag,
  description,
  aliasOf,
}: OperationDescription): object {
  const alias = aliasOf === undefined ? [] : [`Alias of \`${aliasOf}\`.`];
  const text = [...alias, ...(description === undefined ? [] : [description])].join(" ");
  return {
    operationId: id,
    summary: aliasOf === undefined ? summary : `${summary} (alias)`,
    tags: [tag],
    ...(text === "" ? {} : { description: text }),
    ...(aliasOf === undefined ? {} : { "x-alias-of": aliasOf }),
  };
}

export interface ReplyDescription {
  readonly description: string;
  /** None for a reply without a body. */
  readonly schema?: TSchema;
  /** The data of server-sent events, where that is what is answered. */
  readonly events?: readonly TSchema[];
  /** Other content types that the same reply may have, all of plain bytes. */
  readonly bareTypes?: readonly string[];
  /** Names of response headers, and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const ETAG = { ETag: "The version in quotes" } as const;

/** What can go wrong with any request at all. */
const ERRORS_EVERYWHERE = [400, 403, 500, 503] as const;

/**
 * The `response` part of a Fastify schema. Its type says nothing on purpose: replies are sent as
 * ready text, which inference would refuse for not being the object described.
 */
export function replies(
  successes: Readonly<Record<number, ReplyDescription>>,
  errors: readonly number[] = [],
): unknown {
  const response: Record<number, object> = {};
  for (const status of [...ERRORS_EVERYWHERE, ...errors]) response[status] = problemReply(status);
  for (const [status, reply] of Object.entries(successes)) {
    response[Number(status)] = successReply(reply);
  }
  return response;
}

/** A degraded server answers 503 with a body of its own next to the problem of a stopping one. */
export function withProblem(reply: ReplyDescription): ReplyDescription & { problem: true } {
  return { ...reply, problem: true };
}

function successReply(reply: ReplyDescription & { problem?: true }): object {
  const { description, schema, events, bareTypes = [], headers = {}, problem } = reply;
  const content: Record<string, object> = {};
  if (schema !== undefined) content["application/json"] = { schema };
  if (events !== undefined) content["text/event-stream"] = { schema: Type.Union([...events]) };
  for (const type of bareTypes) content[type] = { schema: { type: "string" } };
  if (problem) content["application/problem+json"] = { schema: { $ref: "Problem#" } };
  return {
    description,
    ...(Object.keys(content).length > 0 ? { content } : { type: "null" }),
    ...(Object.keys(headers).length > 0 ? { headers: describeHeaders(headers) } : {}),
  };
}

function describeHeaders(headers: Readonly<Record<string, string>>): object {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, description]) => [name, { type: "string", description }]),
  );
}

function problemReply(status: number): object {
  return {
    description: STATUS_CODES[status] ?? "Error",
    content: { "application/problem+json": { schema: { $ref: "Problem#" } } },
  };
}
