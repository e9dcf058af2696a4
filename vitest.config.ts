import { availableParallelism } from "node:os";
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

/**
 * Tests beside the sources that need a worker of their own. Each table reserves addresses up to its
 * limit, and vitest holds on to those of tests that have ended. Of tables with gigabytes too much
 * would be left; and from a process that has reserved more than the machine's memory the kernel starts
 * no program (`spawn ENOMEM`).
 */
const ALONE = [
  "src/memory/**/*.test.ts",
  "src/cli/browser.test.ts",
  "src/cli/reload.test.ts",
  "src/disk/node-disk.test.ts",
];

export default defineConfig({
  plugins: [testWhatIsBuilt],
  test: {
    globalSetup: "test/support/build-first.ts",
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    // One more than the processors of a small machine: servers and browsers are waited for a lot.
    maxWorkers: Math.max(3, availableParallelism()),
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["src/**/*.test.ts", "ui/**/*.test.ts"],
          exclude: ALONE,
          // A worker loads the sources once and not again for each file, which halves the time. It
          // holds since no module of ours has state of its own.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts", "bench/**/*.test.ts", ...ALONE],
          // Browsers, terminals and servers wait for each other here; a CI machine may stop for
          // longer than any of them expects, once.
          retry: process.env.CI === "true" ? 1 : 0,
        },
      },
    ],
  },
});
