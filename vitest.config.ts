import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const SOURCES = join(import.meta.dirname, "src/");
const BUILT = join(import.meta.dirname, "dist/");

/**
 * What a test imports of src/ it gets from dist/, the very files that are published, as Node itself
 * loads them. Put through vite, each use of an import would be a call of a getter, and the tests of
 * the table would take up to five times as long. Source maps lead a stack trace back to src/.
 */
const testWhatIsBuilt: Plugin = {
  name: "test-what-is-built",
  enforce: "pre",
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith(".") || !source.endsWith(".ts")) return null;
    const path = resolve(dirname(importer), source);
    if (!path.startsWith(SOURCES) || path.endsWith(".test.ts")) return null;
    return { id: `${BUILT}${path.slice(SOURCES.length, -".ts".length)}.js`, external: true };
  },
};

export default defineConfig({
  plugins: [testWhatIsBuilt],
  test: {
    globalSetup: "test/support/build-first.ts",
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Left to itself vitest leaves one processor out, and would take twice as long on two.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["src/**/*.test.ts", "ui/**/*.test.ts"],
          exclude: ["src/memory/**"],
          // A worker loads the sources once and not again for each file. It holds since no module
          // of ours has state of its own. Tests with tables of gigabytes are not among them: what
          // is left of those would add up.
          isolate: false,
          setupFiles: ["test/support/collect-garbage.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts", "bench/**/*.test.ts", "src/memory/**/*.test.ts"],
          // Browsers, terminals and servers wait for each other here; a CI machine may stop for
          // longer than any of them expects, once.
          retry: process.env.CI === "true" ? 1 : 0,
        },
      },
    ],
  },
});
