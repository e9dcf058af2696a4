/** The documents that are made from the sources: where each lies, and what makes its text. */
import { cliMarkdown } from "./docs-cli.ts";
import { errorsMarkdown } from "./docs-errors.ts";
import { redisMarkdown } from "./docs-redis.ts";
import { configurationMarkdown } from "../src/store/options/document.ts";

export const GENERATED: readonly { readonly path: string; readonly text: () => string }[] = [
  { path: "docs/cli.md", text: cliMarkdown },
  { path: "docs/configuration.md", text: configurationMarkdown },
  { path: "docs/errors.md", text: errorsMarkdown },
  { path: "docs/redis.md", text: redisMarkdown },
];
