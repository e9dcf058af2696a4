/** The server's page: options with their sources, files, compaction, latencies. */
import { expect } from "vitest";
import {
  accessibilityProblems,
  screenshot,
  testInBrowser,
  useConsole,
} from "../support/browser.ts";

const test = testInBrowser;
const console = useConsole(["--password", "hush-hush", "--capacity", "5000"]);

test("each option tells its value and where that came from, and no secret", async () => {
  const page = await console.open("/ui/server");
  const row = page.getByRole("row", { name: /^capacity / });
  expect(await row.innerText()).toMatch(/5000\s+--capacity\s+0/);
  await page.getByRole("row", { name: /^password .*\*{8}/ }).waitFor();
  expect(await page.content()).not.toContain("hush-hush");
});

test("options are searched in all their words, and narrowed to those that are set", async () => {
  const page = await console.open("/ui/server");
  const search = page.getByLabel("Search the options");
  await page.getByRole("row", { name: /^fsync / }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("acknowledged");
  await expect.poll(() => page.getByRole("row", { name: /^capacity / }).count()).toBe(0);
  await page.getByRole("row", { name: /^fsync / }).waitFor();
  expect(page.url()).toContain("q=acknowledged");
  await search.fill("");
  await page.getByText("Set", { exact: true }).click();
  await expect.poll(() => page.getByRole("row", { name: /^fsync / }).count()).toBe(0);
  await page.getByRole("row", { name: /^capacity / }).waitFor();
});

test("compacting takes a snapshot, which is listed when it is there", async () => {
  await console.call("POST", "/kv/", { key: "k", value: "v" });
  const page = await console.open("/ui/server/storage");
  await page.getByText("No snapshot yet").waitFor();
  await page.getByText("being written").waitFor();
  await page.getByRole("button", { name: "Compact now" }).click();
  await page.getByText(/^snapshot-\d+/).waitFor();
  await page.getByText(/just now/).waitFor();
});

test("an operation's latencies are shown once it has happened", async () => {
  await console.call("POST", "/kv/", { key: "k", value: "v" });
  await console.call("GET", "/kv/k");
  const page = await console.open("/ui/server/latency?of=start&op=get");
  await page.getByRole("img", { name: /^Latencies of get: half within/ }).waitFor();
  await page.getByRole("button", { name: "set", exact: true }).click();
  await page.getByRole("img", { name: /^Latencies of set/ }).waitFor();
  expect(page.url()).toContain("op=set");
  await page.getByText("Redis", { exact: true }).click();
  await page.getByText("Nothing was measured yet").waitFor();
});

test("tabs are addresses, and back leads back", async () => {
  const page = await console.open("/ui/server");
  await page.getByRole("tab", { name: "Storage" }).click();
  await page.getByRole("heading", { name: "Log segments" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/ui/server/storage");
  await page.goBack();
  await page.getByRole("heading", { name: "Options" }).waitFor();
});

test("the documentation and the metrics are a click away", async () => {
  const page = await console.open("/ui/server");
  for (const [name, path] of [
    ["API documentation", "/docs"],
    ["Metrics", "/metrics"],
  ] as const) {
    expect(await page.getByRole("link", { name }).getAttribute("href")).toBe(path);
    expect((await fetch(console.url + path)).status).toBe(200);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any tab, ${colorScheme}`, async () => {
    await console.call("POST", "/kv/", { key: "k", value: "v" });
    const page = await console.open("/ui/server", { colorScheme });
    for (const [tab, heading] of [
      ["Configuration", "Options"],
      ["Storage", "Log segments"],
      ["Latency", "Operations"],
    ] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByRole("heading", { name: heading }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await screenshot(page, `server-${tab.toLowerCase()}-${colorScheme}`);
    }
  });
}
