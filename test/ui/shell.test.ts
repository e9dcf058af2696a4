/** The frame of the console: served at the root, every page reachable, by mouse and by keyboard. */
import { describe, expect } from "vitest";
import { accessibilityProblems, PHONE, testInBrowser, useConsole } from "../support/browser.ts";

const test = testInBrowser;
const console = useConsole();

test("the root leads to the overview", async () => {
  const page = await console.open("/");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/ui/");
  expect(await page.title()).toBe("Overview · PyKV");
});

test("the navigation leads to each page, and back leads back", async () => {
  const page = await console.open("/ui/");
  for (const name of ["Namespaces", "Server"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/ui/${name.toLowerCase()}`);
  }
  await page.goBack();
  await page.getByRole("heading", { name: "Namespaces", level: 1 }).waitFor();
});

test("an address that is no page says so, below /ui/ alone", async () => {
  const page = await console.open("/ui/nowhere");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  const response = await fetch(`${console.url}/nowhere`);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
});

test("keys go to pages, open the palette and the help", async () => {
  const page = await console.open("/ui/");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { name: "Server", level: 1 }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Search pages and actions").fill("namesp");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Namespaces", level: 1 }).waitFor();
});

test("colours follow the system until one is chosen, and the choice is kept", async () => {
  const page = await console.open("/ui/", { colorScheme: "dark" });
  const scheme = () => page.locator("html").getAttribute("data-mantine-color-scheme");
  await expect.poll(scheme).toBe("dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(scheme).toBe("light");
  await page.getByTitle("Dark").click();
  await expect.poll(scheme).toBe("dark");
  await page.reload();
  expect(await scheme()).toBe("dark");
});

test("on a phone the navigation opens over the page and closes behind a choice", async () => {
  const page = await console.open("/ui/", { viewport: PHONE });
  const link = page.getByRole("link", { name: "Server", exact: true });
  await page.getByRole("button", { name: "Open the navigation" }).click();
  await link.click();
  await page.getByRole("heading", { name: "Server", level: 1 }).waitFor();
  await expect.poll(() => link.isVisible()).toBe(false);
});

describe("axe finds nothing", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`in the frame, its palette and its help, ${colorScheme}`, async () => {
      const page = await console.open("/ui/nowhere", { colorScheme });
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("Search pages and actions").waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
});
