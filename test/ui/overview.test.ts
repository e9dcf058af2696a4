/** The overview: figures that move, charts that zoom and hold, health with its reasons. */
import { expect } from "vitest";
import {
  accessibilityProblems,
  PHONE,
  screenshot,
  testInBrowser,
  useConsole,
  WALL,
} from "../support/browser.ts";

const test = testInBrowser;
const console = useConsole();

test("an empty server teaches the first command, until there is a key", async () => {
  const page = await console.open("/ui/");
  await page.getByText("The server runs, and holds nothing yet").waitFor();
  await page.getByText(`curl ${console.url}/kv/greeting`).waitFor();
  await page.getByText("No namespaces yet").waitFor();
  await console.call("POST", "/kv/", { key: "greeting", value: "hello", namespace: "shop" });
  await page.getByRole("link", { name: "shop" }).waitFor();
  expect(await page.getByText("The server runs, and holds nothing yet").count()).toBe(0);
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
});

test("the figures follow what is done, and a fresh page has the last minutes at once", async () => {
  for (let i = 0; i < 30; i++) {
    await console.call("POST", "/kv/", { key: `k${i}`, value: i, namespace: "figures" });
  }
  for (let i = 0; i < 10; i++) await console.call("GET", `/kv/k${i}?ns=figures`);
  const page = await console.open("/ui/");
  const keys = page.getByRole("group", { name: "Keys" });
  await expect.poll(() => keys.innerText()).toMatch(/3\d\nin \d namespaces/);
  await page.getByRole("row", { name: /^figures 30 / }).waitFor();
  const line = keys.locator("path").last();
  await expect.poll(async () => ((await line.getAttribute("d")) ?? "").length).toBeGreaterThan(10);
});

test("dragging over a chart zooms all of them, and the whole is one click away", async () => {
  const page = await console.open("/ui/");
  const chart = page.getByRole("img", { name: "Operations, a line chart" }).locator(".u-over");
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Reset zoom" }).click();
  expect(await page.getByRole("button", { name: "Reset zoom" }).count()).toBe(0);
});

test("the charts can be held and let go, by key too", async () => {
  const page = await console.open("/ui/");
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Go on" }).waitFor();
  await page.getByRole("heading", { name: "Overview" }).click();
  await page.locator("#content").focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause" }).waitFor();
});

test("a degraded server says why", async () => {
  const page = await console.open("/ui/nowhere");
  const response = await fetch(`${console.url}/events`);
  const first = await response.body!.pipeThrough(new TextDecoderStream()).getReader().read();
  const text = first.value!.replace(
    '"health":{"status":"healthy","reasons":[]',
    '"health":{"status":"degraded","reasons":["the disk is full, writes are refused"]',
  );
  await page.route("**/events*", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: text }),
  );
  await page.goto(`${console.url}/ui/`);
  await page.getByText("the disk is full, writes are refused").waitFor();
  await page.getByText("Degraded", { exact: true }).waitFor();
});

test("it can be read on a phone and on a wall, and nothing sticks out", async () => {
  for (const viewport of [PHONE, WALL]) {
    const page = await console.open("/ui/", { viewport });
    await page.getByRole("heading", { name: "Durability" }).waitFor();
    const surplus = await page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(surplus).toBeLessThanOrEqual(0);
    await screenshot(page, `overview-${viewport.width}`);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${colorScheme}`, async () => {
    const page = await console.open("/ui/", { colorScheme });
    await page.getByText("Healthy", { exact: true }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, `overview-${colorScheme}`);
  });
}
