/** The documents that are made from the sources: where each lies, and what makes its text. */
import { errorsMarkdown } from "./docs-errors.ts";
import { redisMarkdown } from "./docs-redis.ts";
import { configurationMarkdown } from "../src/store/options/document.ts";

export const GENERATED: readonly { readonly path: string; readonly text: () => string }[] = [
  { path: "docs/configuration.md", text: configurationMarkdown },
  { path: "docs/errors.md", text: errorsMarkdown },
  { path: "docs/redis.md", text: redisMarkdown },
];
