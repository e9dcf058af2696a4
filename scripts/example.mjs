/**
 * `npm run example -- <name>...`: runs one of the examples, or several.
 *
 * It uses the server at PYKV_URL, and otherwise starts one of its own that keeps everything in memory,
 * on a free port, for as long as that takes. Node 20 runs no TypeScript, so the types are taken
 * out first; the result lies inside the project for that moment, where "pykv/client" leads to dist.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "./build.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const EXAMPLES = join(ROOT, "examples");
const SERVE = [join(ROOT, "bin/pykv.js"), "serve", "--port", "0", "--resp-port", "0"];

const names = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !names.includes(name));

if (asked.length === 0 || unknown !== undefined) {
  const said = unknown === undefined ? "which example?" : `there is no example "${unknown}"`;
  process.stderr.write(`${said}\nusage: npm run example -- ${names.join(" | ")}\n`);
  process.exitCode = 2;
} else if (build(["dist"], { onlyIfStale: true })) {
  process.exitCode = await main(asked);
} else {
  process.stderr.write("the build failed, see above\n");
  process.exitCode = 1;
}

/** Runs the examples one after the other, up to the first that fails. */
async function main(examples) {
  const server = process.env.PYKV_URL === undefined ? await startServer() : null;
  const env = { ...process.env, PYKV_URL: server?.url ?? process.env.PYKV_URL };
  const place = join(ROOT, `dist.example-${process.pid}`);
  mkdirSync(place);
  try {
    for (const example of examples) {
      if (examples.length > 1) process.stdout.write(`== ${example}\n`);
      const code = await run(example, place, env);
      if (code !== 0) return code;
    }
    return 0;
  } finally {
    rmSync(place, { recursive: true });
    await server?.stop();
  }
}

async function run(example, place, env) {
  const { default: ts } = await import("typescript");
  const source = readFileSync(join(EXAMPLES, `${example}.ts`), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const file = join(place, `${example}.js`);
  writeFileSync(file, outputText);
  const child = spawn(process.execPath, [file], { env, stdio: "inherit" });
  return new Promise((done) => child.once("close", (code) => done(code ?? 1)));
}

async function startServer() {
  const args = [...SERVE, "--data-dir", "none"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.once("close", done));
  let printed = "";
  const url = await new Promise((found, reject) => {
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
      if (address !== undefined) found(address);
    });
    void ended.then(() => reject(new Error(`the server did not start:\n${printed}`)));
  });
  return {
    url,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
