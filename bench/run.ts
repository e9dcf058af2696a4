/**
 * `npm run bench`: measures, prints a table for each benchmark, and writes JSON if asked to.
 *
 *   npm run bench                             all of them, some forty minutes
 *   npm run bench -- table rest               only these
 *   npm run bench -- --json results.json      figures of every round, for machines
 *   npm run bench -- --quick                  tiny sizes: whether they work, not how fast
 *   npm run bench -- table --profile dir      CPU profiles of the sides, for Chrome's developer tools
 *
 * An aim that is missed is a result, not a failure: the exit code is 0.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { BENCHMARKS } from "./registry.ts";
import type { Report } from "./support/benchmark.ts";
import { machine, machineText } from "./support/machine.ts";
import { SIDE_FLAG, sideArgs } from "./support/processes.ts";
import { Session } from "./support/session.ts";
import { reportText } from "./support/table-text.ts";

if (process.argv[2] === SIDE_FLAG) await runAsSide(process.argv[3], process.argv[4]);
else await runAll();

/** What a process started by processes.ts does: measures one side and reports to its parent. */
async function runAsSide(name: string | undefined, sideName = ""): Promise<void> {
  const benchmark = BENCHMARKS.find((each) => each.name === name);
  const side = benchmark?.sides[sideName];
  if (side === undefined) throw new Error(`there is no side ${sideName} of ${name ?? "nothing"}`);
  const figures = await side(sideArgs());
  process.send?.(figures);
  if (process.connected) process.disconnect();
}

async function runAll(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      profile: { type: "string" },
    },
  });
  const chosen = choose(positionals);
  if (chosen === null) return;
  const profileDirectory = values.profile === undefined ? null : resolve(values.profile);
  if (profileDirectory !== null) mkdirSync(profileDirectory, { recursive: true });
  const here = machine();
  console.log(`${machineText(here)}${values.quick ? ", QUICK: the figures mean nothing" : ""}\n`);
  const reports: Report[] = [];
  for (const benchmark of chosen) {
    const report = await new Session(benchmark, { quick: values.quick, profileDirectory }).run();
    console.log(reportText(report));
    reports.push(report);
  }
  if (values.json === undefined) return;
  const text = JSON.stringify({ machine: here, quick: values.quick, reports }, null, 2);
  writeFileSync(resolve(values.json), `${text}\n`);
}

function choose(names: readonly string[]): typeof BENCHMARKS | null {
  const unknown = names.filter((name) => !BENCHMARKS.some((each) => each.name === name));
  if (unknown.length === 0) {
    return names.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => names.includes(name));
  }
  const known = BENCHMARKS.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join("\n");
  console.error(`there is no benchmark ${unknown.join(", ")}; there are:\n${known}`);
  process.exitCode = 1;
  return null;
}
