/** Brings the build up to date before the tests, which import from it (see vitest.config.ts). */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { TestProject } from "vitest/node";

const BUILD = resolve(import.meta.dirname, "../../scripts/build.mjs");

function build(): void {
  const { status } = spawnSync(process.execPath, [BUILD, "--if-stale"], { stdio: "inherit" });
  if (status !== 0) throw new Error("the build failed");
}

export default function setup(project: TestProject): void {
  build();
  project.onTestsRerun(build);
}
