/**
 * The version of this package, as package.json says, and where the package is.
 *
 * Asked for by the package's own name, so that it is found from the sources, from either build and
 * from node_modules alike.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";

const MANIFEST = "pykv/package.json";
const require = createRequire(import.meta.url);
const manifest: unknown = require(MANIFEST);

export const VERSION: string = versionOf(manifest);

/** The folder that holds package.json, and what was built beside it. */
export const PACKAGE_DIR = dirname(require.resolve(MANIFEST));

function versionOf(from: unknown): string {
  const named = typeof from === "object" && from !== null && "version" in from;
  return named && typeof from.version === "string" ? from.version : "unknown";
}
