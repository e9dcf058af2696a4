/**
 * `npm run screenshots`: takes the pictures of docs/console.md anew, out of a real browser before a
 * real server with data that looks like somebody's.
 *
 * The server works for a while before the pictures are taken, so that the charts have something to show.
 *   npm run screenshots                   all of them
 *   npm run screenshots -- data console   those by these names
 *
 * CHROMIUM_PATH says where chromium is, when it is not where Debian puts it.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "..");
const FOLDER = join(ROOT, "docs/images");
const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const BANNER = /"address":"(http:\/\/127\.0\.0\.1:\d+)"/;

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };
/** A picture in a repository is there for ever. */
const BYTES_MAX = 150 * 1024;
const WORK_MS = 60_000;
/** Requests of the load under way at a time, and the pause between two of each. */
const CLIENTS = 4;
const PAUSE_MS = 6;

const PICTURES = [
  { name: "overview", path: "/ui/" },
  { name: "overview-dark", path: "/ui/", colorScheme: "dark" },
  { name: "data", path: "/ui/data?key=user%3A7" },
  { name: "data-hex-dark", path: "/ui/data?key=avatar%3A7", colorScheme: "dark" },
  { name: "data-conflict", path: "/ui/data?key=user%3A9", act: makeConflict },
  { name: "data-phone", path: "/ui/data?prefix=user%3A", viewport: PHONE },
  { name: "console", path: "/ui/console?key=user%3A7", act: useCommandLine },
  { name: "namespaces", path: "/ui/namespaces" },
  { name: "server", path: "/ui/server" },
];

const folder = mkdtempSync(join(tmpdir(), "pykv-screenshots-"));
const flags = ["--port", "0", "--resp-port", "any", "--data-dir", folder, "--fsync", "everysec"];
const server = spawn(process.execPath, [join(ROOT, "bin/pykv.js"), "serve", ...flags], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const url = await addressOf(server);
  await seed(url);
  const load = startLoad(url);
  try {
    await new Promise((done) => setTimeout(done, WORK_MS));
    await takePictures(url);
  } finally {
    await load.stop();
  }
} finally {
  server.kill("SIGTERM");
  await new Promise((done) => server.once("close", done));
  rmSync(folder, { recursive: true });
}

function addressOf(child) {
  let printed = "";
  return new Promise((found, reject) => {
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      const [, address] = BANNER.exec(printed) ?? [];
      if (address !== undefined) found(address);
    });
    child.once("close", () => reject(new Error(`the server ended:\n${printed}`)));
  });
}

async function send(url, method, path, body) {
  const headers = { "content-type": "application/json" };
  const init = { method, ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }) };
  const response = await fetch(url + path, init);
  await response.arrayBuffer();
}

async function seed(url) {
  const names = ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Katherine Johnson"];
  const operations = [];
  const set = (namespace, key, value, more = {}) =>
    operations.push({ op: "set", namespace, key, value, ...more });
  for (let i = 1; i <= 320; i++) {
    const plan = i % 3 === 0 ? "pro" : "free";
    const value = { name: names[i % 4], email: `u${i}@example.com`, plan, visits: i * 17 };
    set("default", `user:${i}`, value);
    if (i % 2 === 0)
      set("default", `session:${(i * 2654435761).toString(16)}`, "active", { ttl: 3600 });
    const avatar = Buffer.from(Array.from({ length: 256 }, (_, at) => (at * i * 7919) % 256));
    if (i < 12) set("default", `avatar:${i}`, avatar.toString("base64"), { encoding: "base64" });
    if (i < 90) set("default", `order:2026:${1000 + i}`, { total: "59.97", paid: i % 2 === 0 });
    set("shop", `item:${i}`, { sku: `A-${i}`, stock: (i * 7) % 50 });
    set("cache", `page:/docs/${i}`, "<h1>cached</h1>".repeat(20), { ttl: 600 });
  }
  set("default", "feature:dark-mode", true);
  set("default", "counter:visits", 41_823);
  set("metrics", "requests:today", 918_273);
  await send(url, "POST", "/batch", { operations });
}

function startLoad(url) {
  let isOver = false;
  const client = async (number) => {
    for (let i = number; !isOver; i += CLIENTS) {
      const key = encodeURIComponent(`user:${(i * 7919) % 400}`);
      const turn = i % 10;
      if (turn < 6) await send(url, "GET", `/kv/${key}`);
      else if (turn < 7) await send(url, "GET", `/kv/item%3A${i % 320}?ns=shop`);
      else if (turn < 8) await send(url, "POST", "/kv/requests%3Atoday/incr?ns=metrics", {});
      else
        await send(url, "POST", "/kv/?ns=cache", {
          key: `page:/docs/${i % 900}`,
          value: "x".repeat(300),
        });
      await new Promise((done) => setTimeout(done, PAUSE_MS + 4 * Math.sin(i / 900)));
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(clients);
    },
  };
}

async function takePictures(url) {
  mkdirSync(FOLDER, { recursive: true });
  const args = ["--no-sandbox", "--disable-gpu"];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  try {
    for (const picture of PICTURES) {
      if (isWanted(picture)) await takePicture(browser, url, picture);
    }
  } finally {
    await browser.close();
  }
}

function isWanted({ name }) {
  const wanted = process.argv.slice(2);
  return wanted.length === 0 || wanted.includes(name);
}

async function takePicture(browser, url, picture) {
  const { name, path, viewport = DESKTOP, colorScheme = "light", act } = picture;
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle", { timeout: 4000 }).catch(() => undefined);
  await page.getByText("Live", { exact: true }).waitFor();
  await act?.(page, url);
  await page.waitForTimeout(1500);
  const file = join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = statSync(file);
  if (size > BYTES_MAX) throw new Error(`${name}.png has ${size} bytes, of at most ${BYTES_MAX}`);
  process.stdout.write(`docs/images/${name}.png ${Math.round(size / 1024)} KB\n`);
}

async function makeConflict(page, url) {
  await page.getByRole("button", { name: "Edit" }).click();
  await page
    .getByRole("textbox", { name: "Value, being edited" })
    .getByText("free")
    .or(page.getByRole("textbox", { name: "Value, being edited" }).getByText("pro"))
    .first()
    .dblclick();
  await page.keyboard.type("team");
  const theirs = { name: "Grace Hopper", email: "grace@example.com", plan: "pro", visits: 154 };
  await send(url, "PUT", "/kv/user%3A9", { value: theirs });
  await page.keyboard.press("Control+s");
  await page.getByRole("dialog").getByText("Theirs").waitFor();
}

async function useCommandLine(page) {
  const commands = ["GET user:7", "INCR counter:visits", "GET nobody"];
  for (const command of commands) {
    await page.getByRole("combobox", { name: /^Command line/ }).fill(command);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
  }
  await page.keyboard.type("GET user:1");
  await page.getByRole("listbox", { name: "Completions" }).waitFor();
}
