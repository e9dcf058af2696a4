import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
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
          // A worker loads the sources once and not again for each file, which is two thirds of
          // the time of these. It holds since no module of ours has state of its own. Tests with
          // tables of gigabytes are not among them: what is left of those would add up.
          isolate: false,
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
