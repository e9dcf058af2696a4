/**
 * The SDK: `import { PyKV } from "pykv/client"`.
 *
 *   const kv = new PyKV({ url: "http://127.0.0.1:8000" });
 *   await kv.set("user:1", { name: "Ada" }, { ttl: 3600 });
 *   await kv.get("user:1");
 *
 * It uses fetch and what else every platform of the web has, so that it runs in Node, in browsers and
 * on edge runtimes; nothing in this folder may import a module of node's or a package.
 */
export { PyKV } from "./client.ts";
export { PyKVError } from "./errors.ts";
export type { FieldError, PyKVErrorCode } from "./errors.ts";
export type * from "./types.ts";
export { rawJson } from "./values.ts";
export type { RawJson } from "./values.ts";
