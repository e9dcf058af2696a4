/**
 * Serves the web console: one page and its hashed assets, below /ui/.
 *
 * Every address below /ui/ that is no asset gives the page, which finds by itself what to show; no
 * address outside of it does, so that an unknown route of the API stays a problem and the console
 * can't shadow one. Assets have a hash in their names and are kept by browsers for ever; the page is
 * asked for anew each time, and then the policy's nonce is a fresh one. The nonce is for the style
 * elements that the component library makes; scripts come from files alone but for the few lines in
 * the page that choose the colours before the first paint.
 */
import fastifyStatic from "@fastify/static";
import type { FastifyReply } from "fastify";
import { randomBytes } from "node:crypto";
import type { App, ConsoleFiles } from "./context.ts";
import { send } from "./reply.ts";

const PAGE_TYPE = "text/html; charset=utf-8";
/** What the build leaves in the page where the nonce belongs. */
const NONCE_PLACEHOLDER = "__CSP_NONCE__";
const NONCE_BYTES = 18;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

const HIDDEN = { schema: { hide: true } } as const;

export function consoleRoutes(app: App, files: ConsoleFiles): void {
  const parts = files.page.split(NONCE_PLACEHOLDER);
  const sendPage = (reply: FastifyReply): void => {
    const nonce = randomBytes(NONCE_BYTES).toString("base64");
    void reply.headers(pageHeaders(nonce));
    send(reply, 200, PAGE_TYPE, parts.join(nonce));
  };
  // Relative, so that it holds behind a proxy that serves this under a path of its own.
  app.get("/", HIDDEN, (_, reply) => void reply.redirect("ui/", 302));
  app.get("/ui", HIDDEN, (_, reply) => void reply.redirect("ui/", 302));
  app.get("/ui/", HIDDEN, (_, reply) => sendPage(reply));
  app.get("/ui/*", HIDDEN, (_, reply) => sendPage(reply));
  void app.register(fastifyStatic, {
    root: files.assetsDir,
    prefix: "/ui/assets/",
    schemaHide: true,
    decorateReply: false,
    index: false,
    preCompressed: true,
    maxAge: YEAR_MS,
    immutable: true,
    setHeaders: (reply) => {
      void reply.header("x-content-type-options", "nosniff");
      void reply.header("cross-origin-resource-policy", "same-origin");
    },
  });
}

function pageHeaders(nonce: string): Record<string, string> {
  return {
    "cache-control": "no-cache",
    "content-security-policy": policy(nonce),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
  };
}

/**
 * Nothing but what this server sends. Style attributes are not allowed in markup; those that scripts
 * set through the object model, as the component library does, are no matter of the policy.
 */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
