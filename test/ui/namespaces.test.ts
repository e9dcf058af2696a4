/** The namespaces: found, sorted, started, cleared. */
import { expect } from "vitest";
import {
  accessibilityProblems,
  screenshot,
  testInBrowser,
  useConsole,
} from "../support/browser.ts";

const test = testInBrowser;
const console = useConsole();

test("the first one is started from the empty page, by key", async () => {
  const page = await console.open("/ui/namespaces");
  await page.getByText("No namespaces yet").waitFor();
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New namespace" });
  await dialog.getByLabel("Namespace").fill("no spaces");
  await dialog.getByRole("button", { name: "Write the key" }).click();
  await dialog.getByText("At least one character").waitFor();
  expect(await dialog.getByLabel("Namespace").getAttribute("aria-invalid")).toBe("true");
  await dialog.getByLabel("Namespace").fill("shop");
  await dialog.getByLabel("First key").fill("cart:1");
  await dialog.getByLabel("Value").fill("tea");
  await page.keyboard.press("Control+Enter");
  await dialog.getByRole("button", { name: "Write the key" }).click();
  await page.getByRole("row", { name: /^shop 1 / }).waitFor();
  expect(await console.call("GET", "/kv/cart:1?ns=shop")).toMatchObject({ value: "tea" });
});

test("a refused write says why, and keeps what was typed", async () => {
  const page = await console.open("/ui/namespaces");
  await page.getByRole("button", { name: "New namespace" }).click();
  const dialog = page.getByRole("dialog", { name: "New namespace" });
  await dialog.getByLabel("Namespace").fill("shop");
  await dialog.getByLabel("First key").fill("k".repeat(70_000));
  await dialog.getByRole("button", { name: "Write the key" }).click();
  await dialog.getByRole("alert").filter({ hasText: "key" }).waitFor();
  expect(await dialog.getByLabel("Namespace").inputValue()).toBe("shop");
});

test("they are searched by an address that can be shared, and sorted by a click", async () => {
  for (const [namespace, keys] of [
    ["a-small", 1],
    ["a-large", 5],
    ["other", 2],
  ] as const) {
    for (let i = 0; i < keys; i++) {
      await console.call("POST", "/kv/", { key: `k${i}`, value: "v".repeat(50), namespace });
    }
  }
  const page = await console.open("/ui/namespaces?q=a-");
  const names = () => page.locator("tbody tr td:first-child").allInnerTexts();
  await expect.poll(names).toEqual(["a-large", "a-small"]);
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("button", { name: "Keys" }).click();
  expect(await names()).toEqual(["a-small", "a-large"]);
  await page.keyboard.press("/");
  await page.keyboard.type("zzz");
  await page.getByText("No namespace matches").waitFor();
  expect(page.url()).toContain("q=");
});

test("one is cleared by who types its name, and by nobody else", async () => {
  await console.call("POST", "/kv/", { key: "k", value: "v", namespace: "doomed" });
  const page = await console.open("/ui/namespaces");
  await page.getByRole("button", { name: "Clear doomed" }).click();
  const dialog = page.getByRole("dialog", { name: "Clear doomed" });
  await dialog.getByText("It cannot be undone").waitFor();
  const button = dialog.getByRole("button", { name: "Delete all keys" });
  await dialog.getByRole("textbox").fill("doom");
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill("doomed");
  await button.click();
  await page.getByText("1 keys of doomed were deleted").waitFor();
  expect(await console.call("GET", "/namespaces/doomed/keys")).toMatchObject({ total_keys: 0 });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing, on the page and in its dialogs, ${colorScheme}`, async () => {
    await console.call("POST", "/kv/", { key: "k", value: "v", namespace: "shown" });
    const page = await console.open("/ui/namespaces", { colorScheme });
    await page.getByRole("button", { name: "Clear shown" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    // Off the button, whose tooltip stands outside of everything.
    await page.mouse.move(0, 0);
    await page.getByRole("tooltip").waitFor({ state: "hidden" });
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, `namespaces-${colorScheme}`);
  });
}
