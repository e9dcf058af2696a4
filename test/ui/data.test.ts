/** The Data page: finding keys, reading and changing them, and what happens when others do too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, onTestFinished } from "vitest";
import {
  accessibilityProblems,
  hasChromium,
  PHONE,
  testInBrowser,
  useConsole,
} from "../support/browser.ts";
import type { Look } from "../support/browser.ts";
import { startServerProcess } from "../support/server-process.ts";
import { seedKeys } from "../support/seed-keys.ts";

const test = testInBrowser;
const console = useConsole(["--fsync", "no"]);

const BIG = '{"id":9223372036854775807,"rate":1.0,"name":"Ada"}';
const MANY = 1_000_000;
const IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth";

beforeAll(async () => {
  if (!hasChromium) return;
  for (let i = 1; i <= 30; i++) await put("default", `user:${i}`, `value ${i}`);
  await put("default", "plain", "hello");
  await put("default", "counter", "9223372036854775806");
  await putRaw("default", "big", BIG);
});

/** Opens a page on which what does not show up fails by its name, before the test itself is late. */
async function open(path: string, look?: Look): Promise<Page> {
  const page = await console.open(path, look);
  page.setDefaultTimeout(25_000);
  await page.getByRole("heading", { level: 1, name: "Data" }).waitFor({ state: "attached" });
  return page;
}

/** Stores text. */
function put(namespace: string, key: string, value: unknown, ttl?: number): Promise<unknown> {
  return console.call("POST", `/kv/?ns=${namespace}`, { key, value, ttl });
}

/** Stores JSON, as it stands. */
async function putRaw(namespace: string, key: string, json: string): Promise<void> {
  const body = `{"key":${JSON.stringify(key)},"value":${json}}`;
  const headers = { "content-type": "application/json" };
  const { ok } = await fetch(`${console.url}/kv/?ns=${namespace}`, {
    method: "POST",
    headers,
    body,
  });
  expect(ok).toBe(true);
}

/** The stored bytes as text; null when there is no such key. */
async function stored(namespace: string, key: string): Promise<string | null> {
  const url = `${console.url}/kv/${encodeURIComponent(key)}?ns=${namespace}`;
  const response = await fetch(url, { headers: { accept: "text/plain" } });
  return response.status === 404 ? null : response.text();
}

function address(namespace: string, key = "", more = ""): string {
  return `/ui/data?ns=${namespace}&key=${encodeURIComponent(key)}${more}`;
}

const tree = (page: Page): Locator => page.getByRole("tree", { name: "Keys" });
const row = (page: Page, name: string): Locator =>
  page.getByRole("treeitem", { name, exact: true });
const value = (page: Page): Locator => page.getByRole("textbox", { name: /^Value/ });
const title = (page: Page): Locator => page.getByRole("heading", { level: 2 });
const button = (page: Page, name: string): Locator =>
  page.getByRole("button", { name, exact: true });

/** Opens the value for editing and puts other text in its place. */
async function retype(page: Page, text: string): Promise<void> {
  await value(page).waitFor();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Value, being edited" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

describe("finding keys", () => {
  test("folders open, a key shows its value, and back leads back", async () => {
    const page = await open("/ui/data");
    await row(page, "user:, 30 keys").click();
    await row(page, "9").click();
    await expect.poll(() => title(page).textContent()).toBe("user:9");
    await expect.poll(() => value(page).textContent()).toBe("value 9");
    await row(page, "10").click();
    await expect.poll(() => value(page).textContent()).toBe("value 10");
    await page.goBack();
    await expect.poll(() => value(page).textContent()).toBe("value 9");
    await page.goBack();
    await page.getByText("Choose a key to see its value").waitFor();
  });

  test("by prefix, in a flat list, with another separator: each has an address", async () => {
    const page = await open("/ui/data");
    await page.keyboard.press("/");
    await page.keyboard.type("user:1");
    await page.getByText("11 keys with this prefix").waitFor();
    expect(new URL(page.url()).searchParams.get("prefix")).toBe("user:1");
    await button(page, "Layout of the list").click();
    await page.getByText("Flat list").click();
    await row(page, "user:19").waitFor();
    await page.reload();
    await row(page, "user:19").waitFor();
    await page.goto(`${console.url}/ui/data?separator=r`);
    await row(page, "user, 30 keys").waitFor();
  });

  test("another namespace is chosen, or named before it is there", async () => {
    await put("shop", "item", "x");
    const page = await open("/ui/data");
    await page.getByRole("button", { name: "Namespace: default" }).click();
    await page.getByRole("option", { name: /^shop/ }).click();
    await row(page, "item").waitFor();
    await page.getByRole("button", { name: "Namespace: shop" }).click();
    await page.getByPlaceholder("Find or name a namespace").fill("brand-new");
    await page.getByRole("option", { name: /brand-new/ }).click();
    await page.getByText("No keys in brand-new yet").waitFor();
    await page.getByText("curl ").waitFor();
  });

  test.for([
    ["a list", ".."],
    ["a path", "a/b?c=d#e"],
    ["emoji", "🦊 x"],
    ["controls", "a\u202e\n\0b"],
  ])("the key in %s opens by its address and is changed", async ([, key]) => {
    await putByBody("odd", key!, "before");
    const page = await open(address("odd", key));
    await retype(page, "after");
    await page.keyboard.press("Control+s");
    await page.getByText(/Saved as version/).waitFor();
    expect(await storedByBody("odd", key!)).toBe("after");
  });
});

/** For keys that no URL carries. */
function putByBody(namespace: string, key: string, text: string): Promise<unknown> {
  return console.call("POST", "/batch", {
    operations: [{ op: "set", key, value: text, namespace }],
  });
}

async function storedByBody(namespace: string, key: string): Promise<unknown> {
  const reply = await console.call("POST", "/batch", {
    operations: [{ op: "get", key, namespace }],
  });
  return (reply as { results: { value: unknown }[] }).results[0]?.value;
}

describe("changing a value", () => {
  test("JSON is laid out, checked, and saved with every digit", async () => {
    const page = await open(address("default", "big"));
    await retype(page, '{"id": 9223372036854775807, "rate": 1.00, ');
    await page.getByText(/Not valid JSON/).waitFor();
    expect(await button(page, "Save").isDisabled()).toBe(true);
    await page.keyboard.insertText('"name": "Grace"}');
    await page.keyboard.press("Control+s");
    await page.getByText(/Saved as version/).waitFor();
    expect(await stored("default", "big")).toBe(
      '{"id":9223372036854775807,"rate":1.00,"name":"Grace"}',
    );
  });

  test("a counter counts exactly, and its time to live is set and taken away", async () => {
    const page = await open(address("default", "counter"));
    await button(page, "Increment").click();
    await page.getByText("9223372036854775806 becomes 9223372036854775807").waitFor();
    await button(page, "Add").click();
    await expect.poll(() => stored("default", "counter")).toBe("9223372036854775807");
    await button(page, "Add").click();
    await page.getByText(/64 bits/).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Expires never. Change" }).click();
    await page.getByLabel("Time to live").fill("90");
    await button(page, "Set").click();
    await page.getByRole("button", { name: /Expires in 1 min/ }).click();
    await page.getByLabel("Time to live").fill("");
    await button(page, "Keep for ever").click();
    await page.getByRole("button", { name: "Expires never. Change" }).waitFor();
  });

  test("what somebody else does in between is noticed", async () => {
    await put("live", "k", "one");
    const page = await open(address("live", "k"));
    await expect.poll(() => value(page).textContent()).toBe("one");
    await put("live", "k", "two");
    await expect.poll(() => value(page).textContent(), { timeout: 10_000 }).toBe("two");
    await console.call("DELETE", "/kv/k?ns=live");
    await page.getByText("There is no such key").waitFor();
  });

  test("a conflict shows both values, and the user chooses", async () => {
    const page = await open(address("conflict", "k"));
    const collide = async (mine: string, theirs: string): Promise<Locator> => {
      await put("conflict", "k", "base");
      await page.reload();
      await retype(page, mine);
      await put("conflict", "k", theirs);
      await page.keyboard.press("Control+s");
      const dialog = page.getByRole("dialog", { name: "Somebody else has changed this key" });
      await dialog.getByRole("textbox", { name: "Theirs" }).getByText(theirs).waitFor();
      await dialog.getByRole("textbox", { name: /^Mine/ }).getByText(mine).waitFor();
      return dialog;
    };
    await (await collide("mine", "theirs")).getByRole("button", { name: "Keep mine" }).click();
    await expect.poll(() => stored("conflict", "k")).toBe("mine");
    await (await collide("mine", "theirs")).getByRole("button", { name: "Take theirs" }).click();
    await expect.poll(() => value(page).textContent()).toBe("theirs");
    expect(await stored("conflict", "k")).toBe("theirs");
    const dialog = await collide("mine", "theirs");
    await dialog.getByRole("textbox", { name: /^Mine/ }).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(" and theirs");
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save the merged value" }).click();
    await expect.poll(() => stored("conflict", "k")).toBe("mine and theirs");
  });

  test("bytes are shown, downloaded, and replaced by a file", async () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7) % 256));
    await console.call("POST", "/kv/?ns=bin", {
      ...{ key: "b", value: bytes.toString("base64"), encoding: "base64" },
    });
    const page = await open(address("bin", "b"));
    await page
      .getByText(/^00 07 0e 15 1c 23 2a 31 {2}38 3f/)
      .first()
      .waitFor();
    await button(page, "More actions").click();
    const started = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download the value" }).click();
    expect(readFileSync(await (await started).path())).toEqual(bytes);
    const folder = mkdtempSync(join(tmpdir(), "pykv-upload-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "new.bin"), Buffer.from([0xff, 0, 1]));
    await page.getByLabel("File with the new value").setInputFiles(join(folder, "new.bin"));
    await button(page, "Replace").click();
    await page.getByText("ff 00 01").waitFor();
  });
});

describe("keys come and go", () => {
  test("a new key; one that is there is not replaced; what was typed outlives a reload", async () => {
    const page = await open("/ui/data?ns=fresh");
    await page.keyboard.press("n");
    await page.getByLabel("Key", { exact: true }).fill("first");
    await page.getByRole("dialog").getByRole("textbox", { name: "Value" }).click();
    await page.keyboard.insertText("typed");
    await page.reload();
    await page.getByText("No keys in fresh yet").waitFor();
    await page.keyboard.press("n");
    await page
      .getByRole("dialog")
      .getByRole("textbox", { name: "Value" })
      .getByText("typed")
      .waitFor();
    await button(page, "Store").click();
    await row(page, "first").waitFor();
    expect(await stored("fresh", "first")).toBe("typed");
    await page.keyboard.press("n");
    await page.getByLabel("Key", { exact: true }).fill("first");
    await button(page, "Store").click();
    await page.getByText(/There is a key of this name already/).waitFor();
  });

  test("a duplicate has the very bytes and the time that is left", async () => {
    await console.call("PUT", "/kv/k?ns=copy&upsert=true", { value: 1, ttl: 1000 });
    await putRaw("copy", "k", BIG);
    await console.call("PATCH", "/kv/k?ns=copy", { ttl: 1000 });
    const page = await open(address("copy", "k"));
    await button(page, "More actions").click();
    await page.getByRole("menuitem", { name: /Duplicate/ }).click();
    await button(page, "Duplicate").click();
    await expect.poll(() => title(page).textContent()).toBe("k:copy");
    expect(await stored("copy", "k:copy")).toBe(BIG);
    const copy = (await console.call("GET", "/kv/k%3Acopy?ns=copy")) as { ttl: number };
    expect(copy.ttl).toBeGreaterThan(900);
  });

  test("a delete is undone, or sent when the page is left", async () => {
    await put("gone", "a", "1");
    await put("gone", "b", "2");
    const page = await open(address("gone", "a"));
    await value(page).waitFor();
    await button(page, "Delete").click();
    await row(page, "a").waitFor({ state: "detached" });
    await button(page, "Undo").click();
    await row(page, "a").waitFor();
    await row(page, "b").click();
    await value(page).waitFor();
    await page.keyboard.press("Delete");
    await row(page, "b").waitFor({ state: "detached" });
    expect(await stored("gone", "b")).toBe("2");
    await page.goto("about:blank");
    await expect.poll(() => stored("gone", "b")).toBeNull();
    expect(await stored("gone", "a")).toBe("1");
  });

  test("many are selected, given a time to live, exported and deleted", async () => {
    for (let i = 1; i <= 5; i++) await putRaw("bulk", `k${i}`, `${i}.0`);
    const page = await open("/ui/data?ns=bulk");
    await row(page, "k2").click({ modifiers: ["Control"] });
    await row(page, "k4").click({ modifiers: ["Shift"] });
    await page.getByText("3 selected").waitFor();
    await button(page, "Set the time to live").click();
    await button(page, "Set").click();
    await page.getByText("Set on 3 keys").waitFor();
    await button(page, "Export as NDJSON").click();
    const started = page.waitForEvent("download");
    await button(page, "Export").click();
    const lines = readFileSync(await (await started).path(), "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => line.replace(/"expires_at":"[^"]*"/, '"expires_at":"?"'))).toEqual(
      [2, 3, 4].map((i) => `{"key":"k${i}","value":${i}.0,"namespace":"bulk","expires_at":"?"}`),
    );
    await tree(page).focus();
    await page.keyboard.press("Control+a");
    await page.getByText("5 selected").waitFor();
    await page.keyboard.press("Delete");
    await page.getByText("Deleted 5 keys").waitFor();
    await page.goto("about:blank");
    await expect
      .poll(() => console.call("GET", "/namespaces/bulk/keys"))
      .toMatchObject({
        total_keys: 0,
      });
  });
});

test("while the server is away nothing that was typed is lost, and it is saved when it is back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pykv-ui-lost-"));
  const first = await startServerProcess(["--data-dir", folder]);
  const port = first.address.split(":")[1]!;
  await fetch(`http://${first.address}/kv/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"key":"k","value":"before"}',
  });
  const page = await open("/ui/data");
  await page.goto(`http://${first.address}${address("default", "k")}`);
  await retype(page, "after");
  await first.end("SIGKILL");
  await page.keyboard.press("Control+s");
  await page.getByText("Not saved.").waitFor();
  const second = await startServerProcess(["--data-dir", folder, "--port", port]);
  onTestFinished(async () => {
    await second.end("SIGTERM");
    rmSync(folder, { recursive: true });
  });
  await page.reload();
  await page.getByRole("textbox", { name: "Value, being edited" }).getByText("after").waitFor();
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText(/Saved as version/).waitFor();
  const reply = await fetch(`http://${second.address}/kv/k`);
  expect(await reply.json()).toMatchObject({ value: "after" });
});

test("a million keys: few rows in the document, and all within reach", async () => {
  await seedKeys(console.server.respAddress, "many", MANY);
  const page = await open("/ui/data?ns=many&list=flat");
  await page.getByText(/of 1,000,000 keys loaded/).waitFor();
  await tree(page).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowDown");
  await page.getByText(/^[1-9][0-9],000 of 1,000,000 keys loaded/).waitFor();
  await button(page, "All").click();
  await page.getByText(/^[1-9][0-9]{2},[0-9]{3} of 1,000,000 keys loaded/).waitFor();
  await button(page, "Stop").click();
  await button(page, "Load more").waitFor();
  await tree(page).focus();
  for (const key of ["End", "Home", "End"]) await page.keyboard.press(key);
  expect(await page.getByRole("treeitem").count()).toBeLessThan(200);
  await page.keyboard.press("/");
  await page.keyboard.type("user:1000000");
  await page.getByText("1 key with this prefix").waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => value(page).textContent()).toBe("1000000");
});

test("a key or value is data, never markup", async () => {
  const attack = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`;
  await put("xss", `${attack}:${attack}`, attack);
  const page = await open(address("xss", `${attack}:${attack}`));
  await expect.poll(() => value(page).textContent()).toBe(attack);
  expect(await title(page).textContent()).toBe(`${attack}:${attack}`);
  await button(page, "Delete").click();
  await page.getByText(/^Deleted/).waitFor();
  await button(page, "Undo").click();
  expect(await page.evaluate(() => "hit" in globalThis)).toBe(false);
});

test("a megabyte in a line, a long key, and writing from right to left stay in their place", async () => {
  const key = "long:".repeat(400);
  await put("odd", key, "x".repeat(1_000_000));
  await put("odd", "שלום", "\u202eabc 👩\u200d👩\u200d👧 עולם");
  const page = await open(address("odd", key));
  await page.getByText("977 KB", { exact: true }).waitFor();
  await expect.poll(async () => (await value(page).textContent())?.length).toBeGreaterThan(100);
  expect(await page.evaluate<boolean>(IS_TOO_WIDE)).toBe(false);
  expect(await page.evaluate<number>("document.getElementsByTagName('*').length")).toBeLessThan(
    3000,
  );
  await row(page, "שלום").click();
  await expect.poll(() => value(page).textContent()).toBe("\\u202eabc 👩\u200d👩\u200d👧 עולם");
});

test("all of it without a mouse", async () => {
  await put("keys", "dir:a", "1");
  await put("keys", "dir:b", "2");
  const page = await open("/ui/data?ns=keys");
  await row(page, "dir:, 2 keys").waitFor();
  for (const key of ["/", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"]) {
    await page.keyboard.press(key);
  }
  await expect.poll(() => title(page).textContent()).toBe("dir:b");
  await value(page).waitFor();
  await page.keyboard.press("e");
  await page.getByRole("textbox", { name: "Value, being edited" }).waitFor();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("3");
  await page.keyboard.press("Control+s");
  await expect.poll(() => stored("keys", "dir:b")).toBe("23");
  await tree(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  await row(page, "b").waitFor({ state: "detached" });
  await page.keyboard.press("Space");
  await page.getByText("2 selected").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("2 keys", { exact: true }).waitFor();
});

test("on a phone list and value are two screens", async () => {
  const page = await open("/ui/data", { viewport: PHONE });
  await row(page, "plain").click();
  await tree(page).waitFor({ state: "hidden" });
  await expect.poll(() => value(page).textContent()).toBe("hello");
  const overflow = () => page.evaluate<boolean>(IS_TOO_WIDE);
  expect(await overflow()).toBe(false);
  await button(page, "Back to the list").click();
  await tree(page).waitFor();
  expect(await overflow()).toBe(false);
});

describe("axe finds nothing", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`in the list, values, editing and forms, ${colorScheme}`, async () => {
      await put("axe", "a:b", '{"a": [1, true, null, "x"]}');
      const page = await open(address("axe", "a:b"), { colorScheme });
      await value(page).waitFor();
      await row(page, "b").click({ modifiers: ["Control"] });
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByText("Hex", { exact: true }).click();
      await page.getByRole("button", { name: "Edit" }).click();
      await page.getByRole("textbox", { name: "Value, being edited" }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.getByRole("heading", { name: "a:b" }).click();
      await page.keyboard.press("n");
      await page.getByRole("dialog").getByRole("textbox", { name: "Value" }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
});
