/**
 * Request bodies: JSON in UTF-8, parsed once, with its text kept for the values in it.
 *
 * Names such as "__proto__" are data here, and safe as such: JSON.parse defines them as plain
 * members, schemas refuse unknown fields, and a value is stored as text, never merged into anything.
 */
import { isUtf8 } from "node:buffer";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { PyKVError } from "../base/errors.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it was sent; empty when there was none. */
    bodyText: string;
  }
}

/**
 * The largest body to take for values of at most `valueBytesMax` bytes. Base64 needs a third more,
 * quotes and line breaks in a string two bytes each, and key and envelope their own room. What needs
 * more than that as a JSON string is no text, and should come as base64.
 */
export function bodyBytesMaxFor(valueBytesMax: number): number {
  return 2 * valueBytesMax + 1024 * 1024;
}

/** Makes JSON the only content type; anything else is answered 415. */
export function acceptJsonBodies(app: FastifyInstance): void {
  app.decorateRequest("bodyText", "");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i,
    { parseAs: "buffer" },
    (request, body, done) => {
      try {
        done(null, parseBody(request, body));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
}

/** An empty body is no body: a schema that needs one says so. */
function parseBody(request: FastifyRequest, body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw new PyKVError("INVALID_JSON", "The body is not valid UTF-8");
  const text = body.toString("utf8");
  request.bodyText = text;
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message names the place and quotes only what the client has sent.
    throw new PyKVError("INVALID_JSON", (error as Error).message);
  }
}
