/**
 * A real browser before a real server, for tests of the web console: Debian's chromium, driven by
 * playwright-core. One browser with one page serves all tests of a file, since a fresh page costs
 * three times what it takes to load the console in one that has the scripts compiled; storage, size
 * and colours are set anew for each test, and it leaves the console when a test ends. Nothing moves:
 * it asks for less motion.
 *
 * A page that logs an error or throws fails its test, and that is also how a breach of the content
 * security policy shows.
 */
import { AxeBuilder } from "@axe-core/playwright";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, ConsoleMessage, Page, ViewportSize } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { CHROMIUM, launchChromium } from "../../bench/support/chromium.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";
import { isInstalled, testNeeding } from "./test-tools.ts";

const SCREENSHOTS = resolve(import.meta.dirname, "../.screenshots");

const DESKTOP = { width: 1440, height: 900 } as const;
export const PHONE = { width: 360, height: 740 } as const;
export const WALL = { width: 2560, height: 1440 } as const;

export const hasChromium = isInstalled(CHROMIUM);

/** `test`, or its skipping form where there is no chromium. */
export const testInBrowser = testNeeding(CHROMIUM);

/** What a page looks like: by default 1440 by 900 pixels and light. */
export interface Look {
  readonly viewport?: ViewportSize;
  readonly colorScheme?: "light" | "dark";
}

export interface Console {
  /** Of the server, such as http://127.0.0.1:40123. */
  readonly url: string;
  readonly server: ServerProcess;
  /** Shows a path such as `/ui/server`, or the address of another server, until the test ends. */
  open(path: string, look?: Look): Promise<Page>;
  /** Sends JSON to the server's API; rejects when the answer is an error. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Starts a server in a directory of its own and a browser, before the tests of the calling file. */
export function useConsole(flags: readonly string[] = []): Console {
  let browser: Browser | undefined;
  let page: Page | undefined;
  let server: ServerProcess | undefined;
  let dataDir = "";
  beforeAll(async () => {
    if (!hasChromium) return;
    dataDir = mkdtempSync(join(tmpdir(), "pykv-ui-"));
    const starting = startServerProcess(["--data-dir", dataDir, ...flags]);
    [server, browser] = await Promise.all([starting, launchChromium()]);
    page = await browser.newPage();
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
    open: async (path, look = {}) => {
      if (page === undefined) throw new Error("the browser has not started");
      const url = new URL(path, `http://${running().address}`);
      await show(page, url, look);
      return page;
    },
    call: (method, path, body) => callApi(`http://${running().address}${path}`, method, body),
  };
}

async function show(page: Page, url: URL, look: Look): Promise<void> {
  const errors: string[] = [];
  const onConsole = (message: ConsoleMessage): void => {
    if (message.type() === "error" && !isNetwork(message.text())) errors.push(message.text());
  };
  const onPageError = (error: Error): void => void errors.push(error.message);
  await page.setViewportSize(look.viewport ?? DESKTOP);
  await page.emulateMedia({ colorScheme: look.colorScheme ?? "light", reducedMotion: "reduce" });
  await page.mouse.move(0, 0);
  // A page of the same origin that writes nothing, to clear what the test before has left.
  await page.goto(new URL("/health", url).href);
  await page.evaluate("localStorage.clear(), sessionStorage.clear()");
  page.on("console", onConsole).on("pageerror", onPageError);
  onTestFinished(async () => {
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.goto("about:blank");
    page.off("console", onConsole).off("pageerror", onPageError);
    expect(errors, "the page must log no errors").toEqual([]);
  });
  await page.goto(url.href);
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
 * What axe finds wrong with the page as it is, a line each; empty when all is well. On a dark page
 * it looks at the contrast alone: all else is the same as on the light one. In its legacy mode it
 * opens no page of its own, which would cost a second; only frames of other origins need one.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const isDark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches");
  if (isDark) axe.withRules(["color-contrast"]);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
  );
}

/** Writes test/.screenshots/<name>.png, for people to look at; it compares nothing. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
