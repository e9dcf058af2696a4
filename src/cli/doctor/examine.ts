/** The verb `doctor` itself: all checks in order, and their findings for people or programs. */
import type { Options } from "../../store/options/declaration.ts";
import { EXIT } from "../exit.ts";
import type { CliIo } from "../io.ts";
import { loadServerOptions } from "../server-options.ts";
import { printJson } from "../terminal/output.ts";
import { styleOf, type Style } from "../terminal/style.ts";
import { ok, type Finding, type Status } from "./check.ts";
import { checkDataDir, newestWriteMs } from "./data-dir.ts";
import { checkFileSystem, checkSpace, checkSyncs, existingDirectory } from "./disk.ts";
import { checkRedisPort, checkRestPort } from "./ports.ts";
import { checkClock, checkFiles, checkMemory, checkNode } from "./system.ts";
import { readFileLimit, readMemoryFacts } from "./system.ts";

type Show = (finding: Finding) => void;

const MARKS: Readonly<Record<Status, string>> = { ok: "ok", warn: "WARN", fail: "FAIL" };
const MARK_WIDTH = 5;
const NAME_WIDTH = 16;

/** Checks what a server with these options would meet. Resolves with the exit code. */
export async function examine(
  argv: readonly string[],
  { json }: { readonly json?: true },
  io: CliIo,
): Promise<number> {
  const { options } = loadServerOptions(argv, io);
  const findings: Finding[] = [];
  const style = styleOf(io);
  await checkAll(options, io, (finding) => {
    findings.push(finding);
    if (json !== true) io.out(findingText(finding, style));
  });
  const count = (status: Status): number =>
    findings.filter((finding) => finding.status === status).length;
  const failures = count("fail");
  const warnings = count("warn");
  if (json === true) printJson(io, { ok: failures === 0, failures, warnings, checks: findings });
  else io.out(`\n${summaryText(failures, warnings, style)}\n`);
  return failures === 0 ? EXIT.fine : EXIT.failure;
}

async function checkAll(options: Options, io: CliIo, show: Show): Promise<void> {
  const { dataDir } = options;
  show(checkNode(process.versions.node, process.arch));
  if (dataDir === null) show(ok("data directory", "none: in memory only (--data-dir none)"));
  else await checkDisk(dataDir, show);
  for (const finding of checkMemory(readMemoryFacts(), options)) show(finding);
  show(checkFiles(readFileLimit(), options));
  show(await checkRestPort(options));
  show(await checkRedisPort(options));
  const newestMs = dataDir === null ? null : await newestWriteMs(dataDir);
  show(checkClock(io.clock.nowMs(), newestMs));
}

async function checkDisk(dataDir: string, show: Show): Promise<void> {
  const existing = await existingDirectory(dataDir);
  for (const finding of await checkDataDir(dataDir, existing)) show(finding);
  show(await checkFileSystem(existing));
  show(await checkSpace(existing));
  show(await checkSyncs(existing));
}

function findingText({ name, status, detail, advice }: Finding, style: Style): string {
  const paint = { ok: style.good, warn: style.warning, fail: style.bad }[status];
  const mark = paint(MARKS[status].padEnd(MARK_WIDTH));
  const line = `${mark} ${name.padEnd(NAME_WIDTH)} ${detail}\n`;
  const indent = " ".repeat(MARK_WIDTH + NAME_WIDTH + 2);
  return advice === undefined ? line : `${line}${indent}${style.bold("->")} ${advice}\n`;
}

function summaryText(failures: number, warnings: number, style: Style): string {
  if (failures + warnings === 0) return style.good("all is well");
  const parts = [
    ...(failures > 0 ? [style.bad(`${failures} to mend before a server can run`)] : []),
    ...(warnings > 0 ? [style.warning(`${warnings} to know about`)] : []),
  ];
  return parts.join(", ");
}
