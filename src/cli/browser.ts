/** Opening a page in the user's browser, where there is one. */
import { spawn } from "node:child_process";
import type { CliIo } from "./io.ts";

/** A program that opens pages answers by then; a browser that it has become goes on alone. */
const WAIT_MS = 3000;

/** The address with a host that a client can connect to: 0.0.0.0 stands for every one. */
export function reachableUrl(address: string): string {
  return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

/** Says on standard error when the page can't be opened; never fails. */
export async function openInBrowser(
  url: string,
  io: Pick<CliIo, "env" | "error">,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const problem = hasDisplay(io.env, platform)
    ? await tryOpening(url, io.env, platform)
    : "there is no display";
  if (problem !== null)
    io.error(`pykv: no browser was opened (${problem}); the console is at ${url}\n`);
}

function hasDisplay(env: CliIo["env"], platform: NodeJS.Platform): boolean {
  if (platform === "darwin" || platform === "win32") return true;
  const signs = [env.DISPLAY, env.WAYLAND_DISPLAY, env.WSL_DISTRO_NAME, env.BROWSER];
  return signs.some((sign) => sign !== undefined && sign !== "");
}

/** Null when it was opened, else why not. */
function tryOpening(
  url: string,
  env: CliIo["env"],
  platform: NodeJS.Platform,
): Promise<string | null> {
  const [program, ...args] = openerOf(platform);
  const opening = new Promise<string | null>((settle) => {
    // Throws when the system starts no more programs, in a process as large as a full table.
    const child = spawn(program, [...args, url], { env, stdio: "ignore", detached: true });
    const timer = setTimeout(() => settle(null), WAIT_MS);
    const end = (problem: string | null): void => {
      clearTimeout(timer);
      settle(problem);
    };
    child.once("error", (error) => end(startProblem(program, error)));
    child.once("exit", (code) => end(code === 0 ? null : `${program} ended with ${code}`));
    child.unref();
  });
  return opening.catch((error: unknown) => startProblem(program, error));
}

function startProblem(program: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? `${program} is not installed` : `${program}: ${message}`;
}

function openerOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  return ["xdg-open"];
}
