/** Reports in files: JSON for programs, HTML for people. */
import { constants } from "node:fs";
import { access, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Failure, UsageError } from "../exit.ts";
import { jsonText, type LoadReport } from "./report.ts";
import { reportPage } from "./report-page.ts";

/** Throws UsageError unless the files can be written: better before an hour of load than after it. */
export async function checkWritable(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await access(dirname(path), constants.W_OK);
    } catch {
      throw new UsageError(`--report ${path}: the directory ${dirname(path)} cannot be written to`);
    }
  }
}

/** Writes the report to each file, in the form that its name says. */
export async function writeReports(report: LoadReport, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await writeFile(path, path.endsWith(".html") ? reportPage(report) : jsonText(report, 2));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure(`the report could not be written: ${reason}`);
    }
  }
}
