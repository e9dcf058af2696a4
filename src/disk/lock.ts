/**
 * The lock file that keeps two servers off one data directory.
 *
 * Node has no flock(2), so the lock is a file made with O_EXCL that tells who holds it: the pid, when
 * that process started (Linux counts clock ticks since boot), the id of the boot, and a random token.
 * The holder is alive when a process with that pid and start time runs under that boot. Anything else
 * is the lock of a server that was killed, or that ran before a reboot, or whose pid another process
 * has now: it is taken over at once, so a crash never needs a hand.
 *
 * Taking over must not race with another server that does the same. A second file made with O_EXCL,
 * the claim, lets one at a time do it: under the claim the lock is read again, and if it still is
 * what was judged, the claim, which holds the new content already, is renamed over it. There is never
 * a moment without a lock file, and a server that judged too early finds another content.
 *
 * The judgement holds on one machine and in one pid namespace. Containers or machines that share a
 * volume cannot see each other's processes; there it is the orchestrator that must start only one.
 */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PyKVError } from "../base/errors.ts";

const LOCK_NAME = "LOCK";
const ATTEMPTS_MAX = 400;
const ATTEMPT_DELAY_MS = 20;
/** A claim older than this was left by a crash in the middle of a takeover. */
const CLAIM_MS_MAX = 5000;
/** How long a lock file may be empty: its maker writes it right after it made it. */
const UNFINISHED_MS_MAX = 100;

interface Holder {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat; null where there is none. */
  readonly startTime: string | null;
  readonly bootId: string | null;
  readonly token: string;
}

export interface DirectoryLock {
  /** Removes the lock file if it is still ours. */
  release(): Promise<void>;
}

/**
 * Takes the lock of a directory that exists. Rejects with DATA_DIR_LOCKED, naming the holder's pid
 * and the file, or with DATA_DIR_UNUSABLE when no file can be made there.
 */
export async function acquireLock(directory: string): Promise<DirectoryLock> {
  const file = path.join(directory, LOCK_NAME);
  const bootId = await readBootId();
  const own: Holder = {
    pid: process.pid,
    startTime: await readStartTime(process.pid),
    bootId,
    token: randomBytes(12).toString("hex"),
  };
  const content = `${JSON.stringify(own)}\n`;
  const lock = { release: () => release(file, own) };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (create(file, content)) return lock;
    const found = await readFinished(file);
    if (found === null) continue;
    const holder = parseHolder(found);
    if (holder !== null && (await isAlive(holder, bootId))) throw lockedError(file, holder.pid);
    if (takeOver(file, found, content)) return lock;
    await delay(ATTEMPT_DELAY_MS);
  }
  throw new PyKVError("DATA_DIR_LOCKED", `${file} keeps changing hands`);
}

/** The pid of the process that holds a directory; null when nobody does. Changes nothing. */
export async function lockHolder(directory: string): Promise<number | null> {
  const found = await readFinished(path.join(directory, LOCK_NAME));
  const holder = found === null ? null : parseHolder(found);
  if (holder === null) return null;
  return (await isAlive(holder, await readBootId())) ? holder.pid : null;
}

/** Makes and writes the file in one go, so that it is empty for microseconds only. */
function create(file: string, content: string): boolean {
  let fd: number;
  try {
    fd = openSync(file, "wx", 0o600);
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PyKVError("DATA_DIR_UNUSABLE", why, { cause });
  }
  try {
    writeSync(fd, content);
  } finally {
    closeSync(fd);
  }
  return true;
}

async function readFinished(file: string): Promise<string | null> {
  const content = await readIfThere(file);
  if (content === null || parseHolder(content) !== null) return content;
  await delay(UNFINISHED_MS_MAX);
  return readIfThere(file);
}

/**
 * Puts our content in the place of a lock file that was judged stale; false when that must be judged
 * again. In one synchronous run, so that a crash hardly ever leaves the claim behind.
 */
function takeOver(file: string, judged: string, content: string): boolean {
  const claim = `${file}.takeover`;
  if (!create(claim, content)) {
    removeOldClaim(claim);
    return false;
  }
  try {
    if (readFileSync(file, "utf8") === judged) {
      renameSync(claim, file);
      return true;
    }
  } catch (cause) {
    if (codeOf(cause) !== "ENOENT") throw cause;
  }
  unlinkSync(claim);
  return false;
}

function removeOldClaim(claim: string): void {
  try {
    if (Date.now() - statSync(claim).mtimeMs > CLAIM_MS_MAX) unlinkSync(claim);
  } catch (cause) {
    if (codeOf(cause) !== "ENOENT") throw cause;
  }
}

async function release(file: string, own: Holder): Promise<void> {
  const content = await readIfThere(file);
  if (content === null || parseHolder(content)?.token !== own.token) return;
  await fs.unlink(file);
}

async function isAlive(holder: Holder, bootId: string | null): Promise<boolean> {
  if (holder.bootId !== null && bootId !== null && holder.bootId !== bootId) return false;
  if (!processExists(holder.pid)) return false;
  const startTime = await readStartTime(holder.pid);
  return holder.startTime === null || startTime === null || holder.startTime === startTime;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return codeOf(cause) === "EPERM";
  }
}

async function readStartTime(pid: number): Promise<string | null> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  // The second field is the command in parentheses and may hold anything, so count from its end.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

async function readBootId(): Promise<string | null> {
  return (await readIfThere("/proc/sys/kernel/random/boot_id"))?.trim() ?? null;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await fs.readFile(file, "utf8");
  } catch (cause) {
    if (["ENOENT", "ENOTDIR", "ESRCH"].includes(codeOf(cause))) return null;
    throw cause;
  }
}

function parseHolder(content: string): Holder | null {
  try {
    const parsed: unknown = JSON.parse(content);
    return isHolder(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Partial<Record<keyof Holder, unknown>>;
  const isTextOrNull = (field: unknown): boolean => field === null || typeof field === "string";
  return (
    Number.isSafeInteger(fields.pid) &&
    Number(fields.pid) > 0 &&
    isTextOrNull(fields.startTime) &&
    isTextOrNull(fields.bootId) &&
    typeof fields.token === "string"
  );
}

function lockedError(file: string, pid: number): PyKVError {
  return new PyKVError("DATA_DIR_LOCKED", `process ${pid} holds it (${file})`);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
