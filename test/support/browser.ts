/**
 * A real browser before a real server, for tests of the web console: Debian's chromium, driven by
 * playwright-core. One browser serves all tests of a file; each test has a context of its own, so no
 * storage, cookie or page is left to the next one.
 *
 * A page that logs an error or throws fails its test, and that is also how a breach of the content
 * security policy shows.
 */
import { AxeBuilder } from "@axe-core/playwright";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startServerProcess, type ServerProcess } from "./server-process.ts";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];
const SCREENSHOTS = resolve(import.meta.dirname, "../.screenshots");

const DESKTOP = { width: 1440, height: 900 } as const;
export const PHONE = { width: 360, height: 740 } as const;
export const WALL = { width: 2560, height: 1440 } as const;

/** `test`, or its skipping form where there is no chromium; see redis-tools.ts. */
export function testInBrowser(): typeof test | typeof test.skip {
  try {
    accessSync(CHROMIUM, constants.X_OK);
    return test;
  } catch {
    const sentence = "chromium: not installed; run scripts/install-test-tools.sh";
    if (process.env.REQUIRE_TEST_TOOLS === "1") throw new Error(sentence);
    process.stderr.write(`skipping tests that need ${sentence}\n`);
    return test.skip;
  }
}

export interface Console {
  /** Of the server, such as http://127.0.0.1:40123. */
  readonly url: string;
  readonly server: ServerProcess;
  /**
   * Opens a fresh context at a path such as `/ui/server`, or at the address of another server; it is
   * closed when the test ends.
   */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Sends JSON to the server's API; rejects when the answer is an error. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Starts a server in a directory of its own and a browser, before the tests of the calling file. */
export function useConsole(flags: readonly string[] = []): Console {
  let browser: Browser | undefined;
  let server: ServerProcess | undefined;
  let dataDir = "";
  beforeAll(async () => {
    if (testInBrowser() === test.skip) return;
    dataDir = mkdtempSync(join(tmpdir(), "pykv-ui-"));
    const starting = startServerProcess(["--data-dir", dataDir, ...flags]);
    [server, browser] = await Promise.all([
      starting,
      chromium.launch({ executablePath: CHROMIUM, args: FLAGS }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end("SIGTERM");
    if (dataDir !== "") rmSync(dataDir, { recursive: true });
  });
  const running = (): ServerProcess => {
    if (server === undefined) throw new Error("the server has not started");
    return server;
  };
  return {
    get server() {
      return running();
    },
    get url() {
      return `http://${running().address}`;
    },
    open: async (path, options = {}) => {
      if (browser === undefined) throw new Error("the browser has not started");
      const url = path.startsWith("http") ? path : `http://${running().address}${path}`;
      return openPage(browser, url, options);
    },
    call: (method, path, body) => callApi(`http://${running().address}${path}`, method, body),
  };
}

async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !isNetwork(message.text())) errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  onTestFinished(async () => {
    await context.close();
    expect(errors, "the page must log no errors").toEqual([]);
  });
  await page.goto(url);
  return page;
}

/** What chromium itself says of requests that fail, as they must in tests of lost connections. */
function isNetwork(text: string): boolean {
  return text.startsWith("Failed to load resource") || text.includes("net::ERR_");
}

async function callApi(url: string, method: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/**
 * What axe finds wrong with the page as it is, a line each; empty when all is well. In its legacy
 * mode it opens no page of its own, which would cost a second; only frames of other origins need one.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
  );
}

/** Writes test/.screenshots/<name>.png, for people to look at; it compares nothing. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
