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
          include: ["src/**/*.test.ts", "bench/**/*.test.ts", "ui/**/*.test.ts"],
          // A worker loads the sources once and not again for each file, which is two thirds of
          // the time of these. It holds since no module of ours has state of its own.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: "whole", include: ["test/**/*.test.ts"] },
      },
    ],
  },
});
