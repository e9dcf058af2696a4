/**
 * The OpenAPI document and Swagger UI, both made from the routes' schemas and served from here, so
 * that they work without any other network.
 */
import fastifyHelmet from "@fastify/helmet";
import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import { Type } from "typebox";
import type { App, HttpContext } from "./context.ts";
import { operation, replies, TAGS } from "./describe.ts";
import { send } from "./reply.ts";
import { NoQuery } from "./schemas.ts";

const DESCRIPTION = `A durable key-value server. Every acknowledged write is on disk; reads come from
memory. The paths under \`/kv\` are the ones to use; aliases serve clients of earlier versions and
behave the same.

Every error is problem details (RFC 9457) with a \`code\`. A reply waits until what it shows can no
longer be lost.`;

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40">
<text x="2" y="29" font-family="sans-serif" font-size="26" font-weight="700" fill="#fff">PyKV</text>
</svg>`;

/** Fastify renames operations of HEAD so that generated ones do not clash; ours have their own names. */
const HEAD_SUFFIX = "-head";

/** Collects what routes registered after it describe. */
export function describeApi(app: App, { version }: HttpContext): void {
  void app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "PyKV",
        version,
        description: DESCRIPTION,
        license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
      },
      servers: [{ url: "/", description: "This server" }],
      security: [],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    },
    refResolver: { buildLocalReference: (json) => json.$id as string },
    transformObject: (document) => tidy("openapiObject" in document ? document.openapiObject : {}),
  });
}

/** Serves the document, and the pages at /docs with the headers that pages need. */
export function docsRoutes(app: App): void {
  const schema = {
    ...operation({ id: "getOpenApi", summary: "This document", tag: "observability" }),
    querystring: NoQuery,
    response: replies({ 200: { description: "OpenAPI 3.1", schema: Type.Object({}) } }),
  };
  app.get("/openapi.json", { schema }, (_, reply) => {
    send(reply, 200, "application/json; charset=utf-8", JSON.stringify(app.swagger()));
  });
  void app.register(async (pages) => {
    await pages.register(fastifyHelmet, {
      contentSecurityPolicy: false,
      // Browsers ignore it over HTTP, and TLS ends at a proxy that knows whether to promise it.
      strictTransportSecurity: false,
    });
    await pages.register(fastifySwaggerUi, {
      routePrefix: "/docs",
      staticCSP: pageCsp(),
      logo: { type: "image/svg+xml", content: Buffer.from(LOGO) },
      theme: { title: "PyKV" },
      uiConfig: { deepLinking: true, tryItOutEnabled: true, validatorUrl: null },
    });
  });
}

/** Everything from here; styles inline, since Swagger UI writes them so. No upgrade to HTTPS. */
function pageCsp(): Record<string, string> {
  return {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
  };
}

interface Operation {
  operationId?: string;
  requestBody?: { required?: boolean };
}

function tidy<Document extends object>(document: Document): Document {
  const { paths = {} } = document as { paths?: Record<string, Record<string, Operation>> };
  for (const path of Object.values(paths)) {
    for (const one of Object.values(path)) {
      const { operationId, requestBody } = one;
      if (operationId?.endsWith(HEAD_SUFFIX)) {
        one.operationId = operationId.slice(0, -HEAD_SUFFIX.length);
      }
      if (operationId === "incrementKey" && requestBody) requestBody.required = false;
    }
  }
  return document;
}
