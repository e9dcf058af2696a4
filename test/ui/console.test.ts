/** The Console page: every form and command against a real server, and snippets that are really run. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { Locator, Page } from "playwright-core";
import { describe, expect } from "vitest";
import { accessibilityProblems, PHONE, testInBrowser, useConsole } from "../support/browser.ts";
import type { Look } from "../support/browser.ts";

const test = testInBrowser;
const console = useConsole(["--fsync", "no"]);
const ROOT = resolve(import.meta.dirname, "../..");
const IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth";

async function open(query = "", look?: Look): Promise<Page> {
  const page = await console.open(`/ui/console${query}`, look);
  page.setDefaultTimeout(25_000);
  await line(page).waitFor();
  return page;
}

const line = (page: Page): Locator => page.getByRole("combobox", { name: /^Command line/ });
const output = (page: Page): Locator => page.getByRole("log");
const lastAnswer = (page: Page): Locator => output(page).getByRole("article").last();

async function enter(page: Page, command: string): Promise<void> {
  await line(page).fill(command);
  await page.keyboard.press("Enter");
}

async function send(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^(?:Send|Delete now)$/ }).click();
}

describe("the forms", () => {
  test("do what they say, and show request, status, time and answer", async () => {
    const page = await open("?ns=forms");
    const form = async (name: string, status: string, answer: RegExp) => {
      await page.getByRole("tab", { name, exact: true }).click();
      await send(page);
      await lastAnswer(page).getByText(status).waitFor();
      await expect.poll(() => lastAnswer(page).textContent()).toMatch(answer);
    };
    await page.getByLabel("Key", { exact: true }).fill("n");
    await page.getByText("JSON", { exact: true }).click();
    await page.getByLabel("Value", { exact: true }).fill("9223372036854775806");
    await form("SET", "201 Created", /"status": "created"/);
    await form("INCR", "200 OK", /"value": 9223372036854775807/);
    await form("INCR", "409 Conflict", /64-bit integer.*NOT_AN_INTEGER/);
    await form("GET", "200 OK", /"value": 9223372036854775807/);
    await page.getByLabel("Value", { exact: true }).waitFor({ state: "detached" });
    await form("UPDATE", "200 OK", /"status": "updated"/);
    await page.getByRole("tab", { name: "EXPIRE", exact: true }).click();
    await page.getByLabel("Time to live").fill("100");
    await form("EXPIRE", "200 OK", /"ttl": 100/);
    await form("LIST", "200 OK", /"n"/);
    await form("DELETE", "200 OK", /"status": "deleted"/);
    await form("GET", "404 Not Found", /It may have been deleted/);
    await form("BATCH", "200 OK", /"op": "incr"/);
    await lastAnswer(page).getByText("ms").first().waitFor();
  });

  test("each has an address, and what was typed outlives a reload", async () => {
    const page = await open("?op=update&ns=shop&key=user%3A1");
    expect(await page.getByLabel("Key", { exact: true }).inputValue()).toBe("user:1");
    await page.getByLabel("Value", { exact: true }).fill("typed");
    await page.getByRole("tab", { name: "LIST" }).click();
    await page.goBack();
    await expect
      .poll(() => page.getByRole("tab", { name: "UPDATE" }).getAttribute("aria-selected"))
      .toBe("true");
    await page.reload();
    expect(await page.getByLabel("Value", { exact: true }).inputValue()).toBe("typed");
  });
});

describe("the command line", () => {
  test("understands commands, completes words and keys, and keeps a history", async () => {
    for (const key of ["user:1", "user:2", "odd key"]) {
      await console.call("POST", "/kv/?ns=cli", { key, value: key });
    }
    const page = await open("?ns=cli");
    await page.keyboard.press("/");
    await page.keyboard.type("ge");
    await page.getByRole("option", { name: /^GET/ }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("us");
    await page.getByRole("option", { name: "user:2" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await line(page).inputValue()).toBe("GET user:2 ");
    await page.keyboard.press("Enter");
    await lastAnswer(page).getByText('"value": "user:2"').waitFor();
    await line(page).fill("GET od");
    await page.getByRole("option", { name: "odd key" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await line(page).inputValue()).toBe('GET "odd key" ');
    await page.keyboard.press("Enter");
    await lastAnswer(page).getByText('"value": "odd key"').waitFor();
    await page.reload();
    await line(page).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    expect(await line(page).inputValue()).toBe("GET user:2 ");
  });

  test("goes to other namespaces, helps, explains and empties the output", async () => {
    const page = await open();
    await enter(page, "NS other");
    await page.getByRole("combobox", { name: "Command line, in namespace other" }).waitFor();
    expect(new URL(page.url()).searchParams.get("ns")).toBe("other");
    await enter(page, 'SET k {"n": 12345678901234567890} EX 60 NX');
    await lastAnswer(page).getByText("201 Created").waitFor();
    await enter(page, "GET k");
    await lastAnswer(page).getByText("12345678901234567890").waitFor();
    await enter(page, "FLY away");
    await page.getByText("There is no command FLY. HELP lists them.").waitFor();
    expect(await line(page).inputValue()).toBe("FLY away");
    await enter(page, "HELP");
    await page.getByText("replace the value of a key that is there").first().waitFor();
    await enter(page, "CLEAR");
    await page.getByText("To begin with").waitFor();
  });

  test("says when no answer comes, and nothing typed is lost", async () => {
    const page = await open();
    await page.route("**/kv/**", (route) => route.abort());
    await enter(page, "GET k");
    await lastAnswer(page).getByText("no answer", { exact: true }).waitFor();
    await lastAnswer(page)
      .getByText(/Start it again/)
      .waitFor();
    await page.keyboard.press("ArrowUp");
    expect(await line(page).inputValue()).toBe("GET k");
  });
});

/** A key and value that a shell, a URL, HTML and JavaScript would each like to misunderstand. */
const HOSTILE = `it's "$(id)" \`x\` <b>&amp;</b> \\n {a,b}[1-2] %s 🦊 \u202e!`;

describe("snippets", () => {
  const snippet = async (page: Page, name: string): Promise<string> => {
    const region = page.getByRole("region", { name: "Request" });
    await region.getByText(name, { exact: true }).click();
    const code = region.getByRole("group", { name: /^Snippet/ });
    return (await code.textContent()) ?? "";
  };

  test("for curl and the SDK do the same when they are run, whatever the key", async () => {
    const page = await open("?ns=snip");
    await page.getByLabel("Key", { exact: true }).fill(HOSTILE);
    await page.getByLabel("Value", { exact: true }).fill(HOSTILE);
    const read = async (): Promise<unknown> => {
      const reply = await console.call("GET", `/kv/${encodeURIComponent(HOSTILE)}?ns=snip`);
      await console.call("DELETE", `/kv/${encodeURIComponent(HOSTILE)}?ns=snip`);
      return (reply as { value: unknown }).value;
    };
    const curl = spawnSync("sh", ["-c", await snippet(page, "curl")], { encoding: "utf8" });
    expect(curl.status, curl.stderr).toBe(0);
    expect(await read()).toBe(HOSTILE);
    const program = await snippet(page, "SDK");
    const run = ["--input-type=module", "-e", program];
    const sdk = spawnSync(process.execPath, run, { encoding: "utf8", cwd: ROOT });
    expect(sdk.status, sdk.stderr).toBe(0);
    expect(await read()).toBe(HOSTILE);
    expect(await snippet(page, "redis-cli")).toContain("NAMESPACE snip");
  });

  test("stand with each answer, too", async () => {
    const page = await open();
    await enter(page, "GET user:1");
    await lastAnswer(page).getByRole("button", { name: "Request and headers" }).click();
    await lastAnswer(page).getByText("content-type").first().waitFor();
    await lastAnswer(page).getByText(`curl '${console.url}/kv/user%3A1?ns=default'`).waitFor();
  });
});

test("what comes back is data, never markup", async () => {
  const attack = `<img src=x onerror="window.hit=1">`;
  const page = await open();
  await enter(page, `SET '${attack}' '${attack}'`);
  await enter(page, `GET '${attack}'`);
  await lastAnswer(page).getByText("200 OK").waitFor();
  expect(await lastAnswer(page).textContent()).toContain("<img src=x");
  expect(await page.evaluate(() => "hit" in globalThis)).toBe(false);
});

test("on a phone nothing is cut off", async () => {
  const page = await open("", { viewport: PHONE });
  await enter(page, "LIST");
  await lastAnswer(page).getByText("200 OK").waitFor();
  expect(await page.evaluate<boolean>(IS_TOO_WIDE)).toBe(false);
});

describe("axe finds nothing", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`in forms, output and command line, ${colorScheme}`, async () => {
      const page = await open("?op=update&key=k", { colorScheme });
      expect(await accessibilityProblems(page)).toEqual([]);
      await enter(page, "GET nothing-here");
      await enter(page, "STATS");
      await enter(page, "HELP");
      await lastAnswer(page).getByRole("button", { name: "Request and headers" }).click();
      await line(page).fill("s");
      await page.getByRole("listbox", { name: "Completions" }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  }
});
