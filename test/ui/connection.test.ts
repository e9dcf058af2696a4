/** A server that goes away and comes back: the page says so, keeps what it has, and goes on. */
import { expect, onTestFinished } from "vitest";
import { testInBrowser, useConsole } from "../support/browser.ts";
import { startServerProcess } from "../support/server-process.ts";

const test = testInBrowser;
const console = useConsole();

test("a lost connection is told with the next try, and mends itself", async () => {
  const first = await startServerProcess(["--data-dir", "none"]);
  onTestFinished(() => void first.end("SIGKILL"));
  const page = await console.open(`http://${first.address}/ui/`);
  const badge = page.getByRole("status");
  await badge.filter({ hasText: "Live" }).waitFor();
  await page.getByRole("heading", { name: "Operations" }).waitFor();
  const isLoaded = 'performance.getEntriesByName("pykv-pages-loaded").length > 0';
  // Asked from here: a function that waits inside the page would need eval, which its policy forbids.
  await expect.poll(() => page.evaluate(isLoaded)).toBe(true);
  await first.end("SIGKILL");
  await badge.filter({ hasText: /Reconnecting · \d+ s/ }).waitFor();
  // A page that was not looked at before is there all the same.
  await page.getByRole("link", { name: "Server", exact: true }).click();
  await page.getByRole("heading", { name: "Server", level: 1 }).waitFor();
  await badge.filter({ hasText: /Offline · \d+ s/ }).waitFor();
  const port = first.address.split(":")[1]!;
  const second = await startServerProcess(["--data-dir", "none", "--port", port]);
  onTestFinished(() => void second.end("SIGKILL"));
  // A click tries at once, as patience would.
  await page.getByRole("button", { name: /^Connection: Offline/ }).click();
  await badge.filter({ hasText: "Live" }).waitFor();
  await page.getByRole("row", { name: /^fsync / }).waitFor();
});
