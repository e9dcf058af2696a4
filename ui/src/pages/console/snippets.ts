/**
 * The same operation for a shell, a program, and redis-cli: to be pasted and run as it is, whatever the
 * key or value holds.
 *
 * A shell takes anything between single quotes as it stands, but a single quote; control characters
 * never get there, since JSON and URLs escape them. Where redis-cli would need one, its own
 * quoting on standard input is used. A snippet that would not do the same says so, or is not offered.
 */
import { compactJson, jsonFault } from "../../lib/json-layout.ts";
import type { Call, Operation, ValueText } from "./operations.ts";

export interface RedisTarget {
  readonly host: string;
  readonly port: number;
}

export interface Snippet {
  /** Null when there is none; `note` says why. */
  readonly text: string | null;
  readonly note: string | null;
}

/** POSIX: one word, whatever the text. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function curlOf({ method, path, headers, body }: Call, origin: string): string {
  const lines = [`curl ${shellQuote(origin + path)}`];
  // What curl does by itself is not said: GET, and POST where there is a body.
  if (method !== (body === null ? "GET" : "POST")) lines.push(`-X ${method}`);
  for (const [name, value] of Object.entries(headers))
    lines.push(`-H ${shellQuote(`${name}: ${value}`)}`);
  if (body !== null) lines.push(`--data-raw ${shellQuote(body)}`);
  return lines.join(" \\\n  ");
}

/** A program of its own: it can be run as it is. */
export function sdkOf(operation: Operation, namespace: string, origin: string): string {
  const statement = sdkStatement(operation, namespace);
  const names = statement.includes("rawJson(") ? "PyKV, rawJson" : "PyKV";
  const options = [`url: ${quoteJs(origin)}`];
  if (namespace !== "default") options.push(`namespace: ${quoteJs(namespace)}`);
  return (
    `import { ${names} } from "pykv/client";\n\n` +
    `const kv = new PyKV({ ${options.join(", ")} });\n${statement}\n`
  );
}

function sdkStatement(operation: Operation, namespace: string): string {
  switch (operation.op) {
    case "set": {
      const { key, value, ttl, ifAbsent, ifVersion } = operation;
      const options = { ttl: ttl ?? undefined, ifAbsent: ifAbsent || undefined, ifVersion };
      return `await kv.set(${quoteJs(key)}, ${valueJs(value)}${optionsJs(options)});`;
    }
    case "get":
      return `console.log(await kv.getWithMeta(${quoteJs(operation.key)}));`;
    case "update": {
      const { key, value, ttl, upsert, ifVersion } = operation;
      const members = [
        ...(ttl === undefined ? [] : [`ttl: ${ttl}`]),
        ...(upsert ? ["upsert: true"] : []),
        ...(ifVersion === null ? [] : [`ifVersion: ${ifVersion}`]),
      ];
      return `await kv.update(${quoteJs(key)}, ${valueJs(value)}${braced(members)});`;
    }
    case "delete": {
      const { key, ifVersion } = operation;
      return `console.log(await kv.delete(${quoteJs(key)}${optionsJs({ ifVersion })}));`;
    }
    case "list": {
      const { prefix, limit, cursor, values } = operation;
      const options = {
        prefix: prefix || undefined,
        limit,
        cursor: cursor || undefined,
        values: values || undefined,
      };
      return `console.log(await kv.listPage(${optionsJs(options).replace(/^, /, "")}));`;
    }
    case "incr": {
      const { key, by, ttl } = operation;
      return `console.log(await kv.increment(${quoteJs(key)}, ${by}n${optionsJs({ ttl })}));`;
    }
    case "expire": {
      const { key, ttl } = operation;
      if (ttl === null) return `console.log(await kv.persist(${quoteJs(key)}));`;
      return `console.log(await kv.expire(${quoteJs(key)}, ${ttl}));`;
    }
    case "batch":
      return sdkBatch(operation.operations, operation.atomic);
    case "ask":
      return namespace === "" ? "" : `console.log(await kv.${operation.what}());`;
  }
}

const BATCH_NAMES: Readonly<Record<string, string>> = {
  if_version: "ifVersion",
  if_absent: "ifAbsent",
  if_present: "ifPresent",
};

/** The operations as the SDK names their parts. Numbers that JSON.parse would change stay raw. */
function sdkBatch(operations: string, atomic: boolean): string {
  if (jsonFault(operations) !== null) return "// The operations are not valid JSON.";
  const parsed = JSON.parse(operations) as unknown;
  const list = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  const lines = list.map((each) => {
    const { encoding, ...fields } = Object(each) as Record<string, unknown>;
    const members = Object.entries(fields).map(([name, value]) => {
      const text = JSON.stringify(value);
      if (name !== "value") return `${BATCH_NAMES[name] ?? quoteName(name)}: ${text}`;
      if (encoding === "base64") return `value: ${bytesJs(String(value))}`;
      return `value: ${valueJs({ kind: "json", text })}`;
    });
    return `  { ${members.join(", ")} },`;
  });
  return `console.log(\n  await kv.batch([\n  ${lines.join("\n  ")}\n  ]${atomic ? "" : ", { atomic: false }"}),\n);`;
}

function quoteName(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : quoteJs(name);
}

/** JSON is JavaScript, but for a member called __proto__, which would set the prototype. */
function valueJs({ kind, text }: ValueText): string {
  if (kind === "text") return quoteJs(text);
  if (kind === "base64") return bytesJs(text);
  if (jsonFault(text) !== null) return "/* not valid JSON */ null";
  const isExact = JSON.stringify(JSON.parse(text)) === compactJson(text);
  if (isExact && !text.includes("__proto__")) return compactJson(text);
  return `rawJson(${quoteJs(text)})`;
}

function bytesJs(base64: string): string {
  return `Uint8Array.from(atob(${quoteJs(base64)}), (c) => c.charCodeAt(0))`;
}

function quoteJs(text: string): string {
  return JSON.stringify(text);
}

function optionsJs(options: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(options).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return braced(given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`));
}

function braced(members: readonly string[]): string {
  return members.length === 0 ? "" : `, { ${members.join(", ")} }`;
}

const DATABASES = 16;

export function redisOf(operation: Operation, namespace: string, target: RedisTarget): Snippet {
  const words = redisWords(operation);
  if (typeof words === "string") return { text: null, note: words };
  const { args, note } = words;
  const command = `redis-cli -h ${target.host} -p ${target.port}`;
  const database = databaseOf(namespace);
  // NUL is what no argument of a program can hold.
  const isPlain = args.every((each) => !each.includes("\0"));
  if (database !== null && isPlain) {
    const option = database === 0 ? "" : ` -n ${database}`;
    return { text: `${command}${option} ${args.map(shellWord).join(" ")}`, note };
  }
  const lines = [
    ...(namespace === "default" ? [] : [`NAMESPACE ${redisQuote(namespace)}`]),
    args.map(redisQuote).join(" "),
  ];
  return { text: `printf '%s\\n' ${lines.map(shellQuote).join(" ")} | ${command}`, note };
}

function databaseOf(namespace: string): number | null {
  if (namespace === "default") return 0;
  const number = Number(/^db([1-9]\d?)$/.exec(namespace)?.[1] ?? DATABASES);
  return number < DATABASES ? number : null;
}

interface RedisCommand {
  readonly args: readonly string[];
  readonly note: string | null;
}

/** The command, or a sentence on why there is none. */
function redisWords(operation: Operation): RedisCommand | string {
  switch (operation.op) {
    case "get":
      return { args: ["GET", operation.key], note: null };
    case "delete":
      return operation.ifVersion === null
        ? { args: ["DEL", operation.key], note: null }
        : "The Redis protocol has no versions; use WATCH, MULTI and EXEC.";
    case "incr":
      return operation.ttl === null
        ? { args: ["INCRBY", operation.key, String(operation.by)], note: null }
        : "INCRBY sets no time to live.";
    case "expire": {
      const { key, ttl } = operation;
      if (ttl === null) return { args: ["PERSIST", key], note: null };
      return { args: ["PEXPIRE", key, milliseconds(ttl)], note: null };
    }
    case "list": {
      const { prefix, limit, cursor, values } = operation;
      if (values) return "SCAN lists keys alone.";
      const pattern = prefix === "" ? [] : ["MATCH", `${escapeGlob(prefix)}*`];
      const args = ["SCAN", "0", ...pattern, "COUNT", String(limit ?? 1000)];
      return { args, note: cursor === "" ? null : "Cursors of REST and SCAN are not the same." };
    }
    case "set":
    case "update":
      return redisSet(operation);
    case "batch":
      return "A batch is MULTI, its commands, and EXEC.";
    case "ask":
      return operation.what === "size"
        ? { args: ["DBSIZE"], note: null }
        : operation.what === "namespaces"
          ? { args: ["NAMESPACE", "LIST"], note: null }
          : { args: ["INFO"], note: null };
  }
}

function redisSet(operation: Extract<Operation, { op: "set" | "update" }>): RedisCommand | string {
  const { op, key, value, ttl, ifVersion } = operation;
  if (ifVersion !== null) return "The Redis protocol has no versions; use WATCH, MULTI and EXEC.";
  if (value.kind === "base64") return "Bytes that are not text can’t be written in a shell.";
  const time = ttl === undefined ? ["KEEPTTL"] : ttl === null ? [] : ["PX", milliseconds(ttl)];
  const condition =
    op === "set" ? (operation.ifAbsent ? ["NX"] : []) : operation.upsert ? [] : ["XX"];
  const note = value.kind === "json" ? "Stored as text: the Redis protocol knows no JSON." : null;
  return { args: ["SET", key, value.text, ...condition, ...time], note };
}

function milliseconds(seconds: number): string {
  return String(Math.max(1, Math.round(seconds * 1000)));
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^]/g, "\\$&");
}

/** Quoted only when it needs to be, for reading. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith("-") ? text : shellQuote(text);
}

/** As redis-cli takes a line apart: double quotes, with bytes in hexadecimal. */
function redisQuote(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, (character) => {
    const bytes = new TextEncoder().encode(character);
    return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  });
  return `"${escaped}"`;
}
