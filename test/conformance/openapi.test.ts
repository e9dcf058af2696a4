import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { makeServer } from "../support/http.ts";
import { memoryStoreOn } from "../support/store-harness.ts";

interface Described {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: string[];
  readonly description?: string;
  readonly "x-alias-of"?: string;
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Described>>;
}

async function load(): Promise<{ text: string; document: Document }> {
  const { app } = await makeServer(memoryStoreOn);
  const { body } = await app.inject({ url: "/openapi.json", headers: { host: "localhost" } });
  await app.close();
  return { text: body, document: JSON.parse(body) as Document };
}

/** Every finding of the linter, warnings too, but for two rules that the contract overrules. */
async function lint(source: string): Promise<string[]> {
  const config = await createConfig({
    extends: ["recommended"],
    rules: {
      // The contract has /kv/ as the main path, next to /kv.
      "no-path-trailing-slash": "off",
      // DELETE /{key} is an alias that older clients use.
      "no-ambiguous-paths": "off",
    },
  });
  const problems = await lintFromString({ source, config, absoluteRef: "openapi.json" });
  return problems.map(({ ruleId, message, location }) => {
    return `${ruleId}: ${message} at ${location.map(({ pointer }) => pointer).join(" ")}`;
  });
}

test("the linter finds nothing in the document", async () => {
  const { text } = await load();
  expect(await lint(text)).toEqual([]);
});

test("the linter would find a response without a description", async () => {
  const { text } = await load();
  expect(await lint(text.replace('"description":"The entry;', '"x":"The entry;'))).not.toEqual([]);
});

test("every operation has its own name, a summary and a tag; aliases say what they stand for", async () => {
  const { document } = await load();
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const one of operations) {
    expect([one.operationId, one.summary, one.tags?.length]).toEqual([
      expect.any(String),
      expect.any(String),
      1,
    ]);
    const alias = one["x-alias-of"];
    if (alias !== undefined) expect(one.description).toContain(`Alias of \`${alias}\``);
  }
});

test("the document has every path of the contract", async () => {
  const { document } = await load();
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(
    [
      ...["GET /kv/", "POST /kv/", "GET /kv", "POST /kv", "POST /set", "POST /put"],
      ...["GET /kv/{key}", "HEAD /kv/{key}", "PUT /kv/{key}", "PATCH /kv/{key}"],
      ...["DELETE /kv/{key}", "POST /kv/{key}/incr", "POST /batch"],
      ...["GET /get/{key}", "HEAD /get/{key}", "DELETE /delete/{key}", "DELETE /{key}"],
      ...["GET /keys", "GET /namespaces", "GET /namespaces/{ns}/keys", "DELETE /namespaces/{ns}"],
      ...["GET /stats", "GET /performance", "GET /health", "GET /ready", "POST /compact"],
      ...["GET /metrics", "GET /openapi.json", "GET /events", "GET /config"],
      "GET /storage",
    ].sort(),
  );
});

test("every error is documented as problem details", async () => {
  const { document } = await load();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      for (const [status, { content = {} }] of Object.entries(responses)) {
        if (Number(status) < 400 || method === "head") continue;
        expect(Object.keys(content), `${method} ${path} ${status}`).toContain(
          "application/problem+json",
        );
      }
    }
  }
});
