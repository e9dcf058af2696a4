/**
 * The version of this package, as package.json says.
 *
 * Asked for by the package's own name, so that it is found from the sources, from either build and
 * from node_modules alike.
 */
import { createRequire } from "node:module";

const manifest: unknown = createRequire(import.meta.url)("pykv/package.json");

export const VERSION: string = versionOf(manifest);

function versionOf(from: unknown): string {
  const named = typeof from === "object" && from !== null && "version" in from;
  return named && typeof from.version === "string" ? from.version : "unknown";
}
