/**
 * The web console in chromium: how soon it can be used, and whether its frames come in time.
 *
 * It can be used once the first figures and charts stand on the overview and the page has nothing else
 * to do: that moment is read from the page's own clock, which begins with the navigation. Frames are counted by
 * requestAnimationFrame, of which there are 60 a second at most, so 16.7 ms is the best there can be. In
 * each frame the list is scrolled by ten rows, or the overview follows a server under load.
 */
import { accessSync, constants } from "node:fs";
import type { Browser, Page } from "playwright-core";
import type { Benchmark, Figures } from "./support/benchmark.ts";
import { CHROMIUM, launchChromium } from "./support/chromium.ts";
import { applyLoad } from "./support/load.ts";
import type { RunningServer } from "./support/processes.ts";
import { fillOver, servePykv } from "./support/rest-server.ts";
import { column } from "./support/session.ts";
import type { Session } from "./support/session.ts";
import { percentile } from "./support/statistics.ts";

const VIEWPORT = { width: 1440, height: 900 } as const;
const SECOND_MS = 1000;
const ROW_PX = 28;
const ROWS_A_FRAME = 10;
/** A visit should be of use by then. */
const INTERACTIVE_MS = 1000;
/** One frame at 60 a second, and a little for the clock. */
const FRAME_MS = 17.5;
const LOADING_MAX_MS = 120_000;

/**
 * Watches a page from its beginning: notes the first moment at which its figures and charts have been
 * drawn and it has nothing else to do. textContent and canvas tell, since both come with the figures.
 */
const WATCH = `window.usable = new Promise((settle) => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector("canvas") || !document.body.textContent.includes("Healthy")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => settle(performance.now())));
  }).observe(document, { childList: true, subtree: true, characterData: true });
})`;

/** Opens the overview; resolves with the age of the page at which it could be used. */
async function open(page: Page, address: string): Promise<number> {
  await page.goto(`${address}/ui/`, { waitUntil: "commit" });
  return page.evaluate<number>("window.usable");
}

/** In a browser profile that has nothing of the console, and then once more in the same. */
async function openTwice(browser: Browser, address: string): Promise<Figures> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  const firstMs = await open(page, address);
  await page.goto("about:blank");
  const againMs = await open(page, address);
  await context.close();
  return { firstMs, againMs };
}

/** How long each frame took, at the median and at the 95th percentile, while the list is scrolled. */
async function frames(page: Page, seconds: number, pixels: number): Promise<Figures> {
  const deltas = await page.evaluate<number[]>(`new Promise((settle) => {
    const list = document.querySelector("[role=tree]");
    const deltas = [];
    let last = performance.now();
    const end = last + ${seconds * SECOND_MS};
    requestAnimationFrame(function frame(now) {
      deltas.push(now - last);
      last = now;
      list?.scrollBy(0, ${pixels});
      if (now < end) requestAnimationFrame(frame);
      else settle(deltas.slice(1));
    });
  })`);
  const sorted = Float64Array.from(deltas).sort();
  return { medianMs: percentile(sorted, 0.5), p95Ms: percentile(sorted, 0.95) };
}

async function scroll(session: Session, browser: Browser, address: string, keys: number) {
  const seconds = session.size(4, 0.3);
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.goto(`${address}/ui/data?list=flat`);
  const loaded = page.getByText(`${keys.toLocaleString("en")} keys`, { exact: true });
  const partly = page.getByText(" keys loaded").or(loaded);
  await partly.first().waitFor();
  if (!(await loaded.isVisible())) await page.getByRole("button", { name: "All" }).click();
  const loading = [await frames(page, seconds, ROWS_A_FRAME * ROW_PX)];
  await loaded.waitFor({ timeout: LOADING_MAX_MS });
  const still: Figures[] = [];
  for (let round = 0; round < session.rounds(); round++) {
    await page.evaluate("document.querySelector('[role=tree]').scrollTo(0, 0)");
    still.push(await frames(page, seconds, ROWS_A_FRAME * ROW_PX));
  }
  await page.close();
  report(session, `scrolling through ${keys} keys`, still);
  report(session, "scrolling while they are loaded", loading);
}

async function follow(session: Session, browser: Browser, server: RunningServer, keys: number) {
  const { address } = server;
  const seconds = session.size(10, 1);
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.addInitScript(WATCH);
  await open(page, address);
  const rounds: Figures[] = [];
  for (let round = 0; round < session.rounds(3); round++) {
    const directory = session.directory();
    const load = applyLoad({ method: "GET", keys, directory, address, seconds });
    rounds.push(await frames(page, seconds, 0));
    await load;
  }
  await page.close();
  report(session, "following a server under load", rounds);
}

function report(session: Session, what: string, rounds: readonly Figures[]): void {
  const aim = { of: "value", atMost: FRAME_MS } as const;
  session.row(`a frame, ${what}`, "ms", column(rounds, "medianMs"), { aim });
  session.row("  p95", "ms", column(rounds, "p95Ms"));
}

async function run(session: Session): Promise<void> {
  try {
    accessSync(CHROMIUM, constants.X_OK);
  } catch {
    session.skip("chromium is not installed: run scripts/install-test-tools.sh");
    return;
  }
  const keys = session.size(1_000_000, 2000);
  const server = await session.server("pykv", {
    directory: session.directory(),
    fsync: "everysec",
  });
  const browser = await launchChromium();
  try {
    await fillOver(server.address, keys);
    const opened: Figures[] = [];
    for (let round = 0; round < session.rounds(); round++) {
      opened.push(await openTwice(browser, server.address));
    }
    const aim = { of: "value", atMost: INTERACTIVE_MS } as const;
    session.row("first visit, until it can be used", "ms", column(opened, "firstMs"), { aim });
    session.row("the next one", "ms", column(opened, "againMs"), { aim });
    await scroll(session, browser, server.address, keys);
    await follow(session, browser, server, keys);
  } finally {
    await browser.close();
    await server.stop();
  }
  session.note("chromium without a graphics card, 1440 by 900 pixels, on the server's own machine");
}

export const webConsole: Benchmark = {
  name: "console",
  title: "the web console in chromium: the first visit, and its frames",
  sides: { pykv: servePykv },
  run,
};
