/** What `verify` and `salvage` share: they read a whole directory, and tell as they find. */
import type { CliIo } from "../io.ts";
import { Progress } from "../terminal/progress.ts";

/** Both are called as the work goes on, the second with the share that is done, 0 to 1. */
type Work<Report> = (
  found: (finding: string) => void,
  onProgress: (share: number) => void,
) => Promise<Report>;

/** Does the work with its progress shown; prints findings as they come, unless all is to be JSON. */
export async function withFindings<Report>(
  io: CliIo,
  json: true | undefined,
  work: Work<Report>,
): Promise<{ readonly report: Report; readonly findings: readonly string[] }> {
  const progress = new Progress(io, "records", { isQuiet: false });
  const findings: string[] = [];
  const found = (finding: string): void => {
    findings.push(finding);
    progress.clear();
    if (json !== true) io.out(`${finding}\n`);
  };
  try {
    const report = await work(found, (share) => progress.update({ count: null, share }));
    return { report, findings };
  } finally {
    progress.clear();
  }
}
