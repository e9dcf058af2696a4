/** Checks of the data directory: there, usable, whose, and intact. */
import { access, constants, stat } from "node:fs/promises";
import { MiB } from "../../base/units.ts";
import { verifyDataDir } from "../../store/inspect.ts";
import { surveyDataDir, type DataDirSurvey } from "../../store/survey.ts";
import { countText, sizeText } from "../terminal/figures.ts";
import { fail, ok, reasonOf, warn, type Finding } from "./check.ts";

/** Verified on the way; larger ones take their time, and have a verb of their own. */
const VERIFY_BYTES_MAX = 256 * MiB;

/** @param existing the directory, or the nearest of its parents that is there. */
export async function checkDataDir(dir: string, existing: string): Promise<Finding[]> {
  const name = "data directory";
  const isThere = await stat(dir).then(
    () => true,
    () => false,
  );
  try {
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const advice = "give it to the user that runs the server (chown), or choose --data-dir";
    return [fail(name, `${existing}: ${reasonOf(error)}`, advice)];
  }
  if (!isThere) return [ok(name, `${dir} is not there yet, and can be made`)];
  let survey: DataDirSurvey;
  try {
    survey = await surveyDataDir(dir);
  } catch (error) {
    return [fail(name, reasonOf(error), "choose another with --data-dir")];
  }
  return [directoryFinding(dir, survey), ...tornFindings(survey), await checkData(dir, survey)];
}

function directoryFinding(dir: string, survey: DataDirSurvey): Finding {
  const { holderPid, segments, snapshots, bytes } = survey;
  const what =
    segments + snapshots === 0
      ? "empty"
      : `${sizeText(bytes)} in ${countText(segments + snapshots)} files`;
  const whose = holderPid === null ? "no server runs on it" : `process ${holderPid} runs on it`;
  return ok("data directory", `${dir}: ${what}; ${whose}`, { bytes, holder_pid: holderPid });
}

function tornFindings({ tornFiles }: DataDirSurvey): Finding[] {
  if (tornFiles.length === 0) return [];
  const detail = `${tornFiles.length} torn tails were put aside after crashes (${tornFiles[0]})`;
  return [warn("torn tails", detail, "they were acknowledged to nobody and may be deleted")];
}

async function checkData(dir: string, survey: DataDirSurvey): Promise<Finding> {
  const name = "data";
  const { holderPid, segments, snapshots, bytes } = survey;
  if (segments + snapshots === 0) return ok(name, "none yet");
  if (holderPid !== null) {
    return ok(name, "not checked while a server runs on it; it has checked it at its start");
  }
  if (bytes > VERIFY_BYTES_MAX)
    return ok(name, `not checked; it takes a while: pykv verify ${dir}`);
  try {
    const { intact, summary } = await verifyDataDir(dir, () => undefined);
    if (intact) return ok(name, summary);
    const advice = `see all of it with pykv verify ${dir}; restore a backup, or pykv salvage`;
    return fail(name, summary, advice);
  } catch (error) {
    return fail(name, reasonOf(error), `see pykv verify ${dir}`);
  }
}

/** When the newest file of a directory was written; null when there is none. */
export async function newestWriteMs(dir: string): Promise<number | null> {
  const found = await stat(dir).catch(() => null);
  return found === null ? null : found.mtimeMs;
}
