import { expect, test } from "vitest";
import { negotiate, type ReplyForm } from "./accept.ts";

const CASES: readonly [accept: string | undefined, form: ReplyForm][] = [
  [undefined, "json"],
  ["", "json"],
  ["*/*", "json"],
  ["application/json", "json"],
  ["application/octet-stream", "bytes"],
  ["Application/Octet-Stream", "bytes"],
  ["text/plain", "text"],
  ["text/*", "text"],
  ["text/plain;charset=utf-8", "text"],
  ["application/*", "json"],
  ["application/json, text/plain, */*", "json"],
  ["text/plain, application/json;q=0.9", "text"],
  ["application/json;q=0.1, application/octet-stream;q=0.2", "bytes"],
  ["text/plain;q=0, */*", "json"],
  ["application/json;q=0, */*;q=0.1", "bytes"],
  ["application/json;q=0, application/octet-stream;q=0, */*", "text"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"],
  ["image/png", "json"],
  ["text/plain;q=2, application/json;q=0.1", "json"],
  [" text/plain ; q=1.0 , */* ; q=0.5", "text"],
];

for (const [accept, form] of CASES) {
  test(`Accept ${String(accept)} gets ${form}`, () => expect(negotiate(accept)).toBe(form));
}
