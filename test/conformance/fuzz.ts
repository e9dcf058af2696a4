/**
 * Requests drawn from the OpenAPI document, and then bent.
 *
 * For a random operation, parameters and a body that its schemas allow are made up; in half of the
 * requests something is then damaged. Whatever is sent, the reply must be one that the document
 * describes for that operation, and never a 500.
 */
import fc from "fast-check";
import { Compile, type Validator } from "typebox/compile";
import { expect } from "vitest";
import type { App } from "../../src/http/context.ts";
import { arbitraryOf, type Schema } from "../support/schema-arbitrary.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
  readonly responses: Record<
    string,
    { readonly content?: Record<string, { readonly schema: Schema }> }
  >;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly body: string | null;
  readonly headers: Record<string, string>;
  readonly operation: Operation;
}

const CONTENT_TYPES = ["application/json", "text/plain", "application/octet-stream", "x", "*/*"];
const TAGS = ["*", '"1"', 'W/"2"', '"3", "4","5"', "1", '"', "\u00ff", ","];

/** @param runs requests to send, one after the other to one server, so that they find data. */
export async function fuzz(app: App, runs: number): Promise<void> {
  const { body } = await app.inject({ url: "/openapi.json", headers: { host: "localhost" } });
  const document = JSON.parse(body) as Document;
  const validators = new Map<Schema, Validator>();
  await fc.assert(
    fc.asyncProperty(requestOf(document), async (request) => {
      const { method, url, headers, body: payload } = request;
      const reply = await app.inject({
        method: method as "GET",
        url,
        headers: { host: "localhost", ...headers },
        ...(payload === null ? {} : { payload }),
      });
      expectDescribed(request, reply, document, validators);
    }),
    { numRuns: runs, endOnFailure: true },
  );
}

function requestOf(document: Document): fc.Arbitrary<Request> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return fc
    .constantFrom(...operations.filter(({ operation }) => !isEndless(operation)))
    .chain(({ path, method, operation }) =>
      fc
        .record({
          url: urlOf(path, operation.parameters ?? []),
          body: bodyOf(operation),
          headers: headersOf(operation),
        })
        .map((parts) => ({ method: method.toUpperCase(), path, operation, ...parts })),
    );
}

/** Events go on for as long as somebody listens; their own tests follow them. */
function isEndless({ responses }: Operation): boolean {
  return responses["200"]?.content?.["text/event-stream"] !== undefined;
}

function urlOf(path: string, parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const values = parameters.filter(({ in: place }) => place !== "header").map(parameterOf);
  const strays = fc.option(fc.constantFrom("x=1", "ns=a&ns=b", "%zz", "=", "&", "ns=%ff"), {
    freq: 6,
  });
  return fc.tuple(strays, ...values).map(([stray, ...given]) => {
    let url = path;
    const query: string[] = stray === null ? [] : [stray];
    for (const [i, { name, in: place }] of parameters
      .filter(({ in: where }) => where !== "header")
      .entries()) {
      const text = given[i];
      if (text === null || text === undefined) continue;
      if (place === "path") url = url.replace(`{${name}}`, () => text);
      else query.push(`${name}=${text}`);
    }
    return query.length === 0 ? url : `${url}?${query.join("&")}`;
  });
}

function parameterOf({ schema, in: place }: Parameter): fc.Arbitrary<string | null> {
  const good = arbitraryOf(schema).map((value) => encode(String(value)));
  const bent = fc.oneof(fc.string(), fc.string({ unit: "binary" })).map(encode);
  const either = fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: bent });
  // An empty key or dots make the path of another operation.
  const segment = either.map((text) => (/^\.*$/.test(text) ? "k" : text));
  return place === "path" ? segment : fc.option(either, { freq: 2 });
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function bodyOf({ requestBody }: Operation): fc.Arbitrary<string | null> {
  const schema = requestBody?.content["application/json"]?.schema;
  if (schema === undefined) return fc.constant(null);
  const good = arbitraryOf(schema);
  const bent = good.chain(bend);
  return fc.oneof<fc.WeightedArbitrary<string | null>[]>(
    { weight: 5, arbitrary: good.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: bent },
    { weight: 1, arbitrary: fc.oneof(fc.string(), fc.json(), fc.constant(null)) },
  );
}

/** Drops, adds or swaps something in a body, or damages its text. */
function bend(value: unknown): fc.Arbitrary<string> {
  const members = Object.keys(value as object);
  const name = members.length > 0 ? fc.constantFrom(...members) : fc.constant("x");
  const swapped = fc.tuple(name, fc.jsonValue()).map(([member, other]) => ({
    ...(value as object),
    [member]: other,
  }));
  const added = fc.tuple(fc.string(), fc.jsonValue()).map(([member, other]) => {
    return { ...(value as object), [member]: other };
  });
  const dropped = name.map((member) => ({ ...(value as object), [member]: undefined }));
  const text = JSON.stringify(value);
  const damaged = fc
    .tuple(fc.nat(text.length), fc.string({ maxLength: 2 }))
    .map(([at, stray]) => text.slice(0, at) + stray + text.slice(at + 1));
  return fc.oneof(
    fc.oneof(swapped, added, dropped).map((bentValue) => JSON.stringify(bentValue)),
    damaged,
  );
}

function headersOf({ requestBody }: Operation): fc.Arbitrary<Record<string, string>> {
  const json = fc.constant("application/json");
  const type = fc.oneof({ weight: 9, arbitrary: json }, fc.constantFrom(...CONTENT_TYPES));
  const headers = fc.record(
    {
      "if-match": fc.constantFrom(...TAGS),
      "if-none-match": fc.constantFrom(...TAGS),
      accept: fc.oneof(fc.constantFrom(...CONTENT_TYPES), fc.string({ unit: "grapheme-ascii" })),
    },
    { requiredKeys: [] },
  );
  const some = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: headers },
  );
  if (requestBody === undefined) return some;
  return fc.tuple(some, type).map(([given, contentType]) => ({
    ...given,
    "content-type": contentType,
  }));
}

interface Reply {
  readonly statusCode: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
}

function expectDescribed(
  request: Request,
  reply: Reply,
  document: Document,
  validators: Map<Schema, Validator>,
): void {
  const { statusCode, body, headers } = reply;
  expect(statusCode, body).not.toBe(500);
  const type = String(headers["content-type"]).split(";")[0] ?? "";
  if (request.method === "HEAD" || body === "") return;
  const isProblem = type === "application/problem+json";
  // Damage can turn a request into one for another path; a problem is described everywhere alike.
  const content = isProblem
    ? { [type]: { schema: document.components.schemas.Problem! } }
    : request.operation.responses[statusCode]?.content;
  const schema = content?.[type]?.schema;
  if (isProblem) expect(statusCode).toBeGreaterThanOrEqual(400);
  expect(schema, `${request.method} ${request.url}: ${statusCode} ${type}`).toBeDefined();
  if (!type.endsWith("json")) return;
  const validator = validators.get(schema!) ?? compile(schema!, document);
  validators.set(schema!, validator);
  const errors = validator.Errors(JSON.parse(body));
  expect(errors, `${request.method} ${request.url}: ${body}`).toEqual([]);
}

/** References are written out, since each schema is compiled by itself. */
function compile(schema: Schema, { components }: Document): Validator {
  const text = JSON.stringify(schema, (_, value: unknown) => {
    const { $ref } = (value ?? {}) as Schema;
    return $ref?.endsWith("/Problem") === true ? components.schemas.Problem : value;
  });
  return Compile(JSON.parse(text) as object);
}
