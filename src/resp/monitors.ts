/**
 * MONITOR: clients that are shown every command, a line each, as it is run:
 *
 *   +1339518083.107412 [0 127.0.0.1:60866] "keys" "*"
 *
 * Administrative commands are not shown, nor passwords. A monitor that does not read fast enough is
 * dropped as any other client is that messages are sent to.
 */
import type { Args } from "./args.ts";
import { MODE } from "./client.ts";
import type { Client } from "./client.ts";
import { databaseOf } from "./databases.ts";
import type { Entry } from "./registry.ts";
import { shownArgument } from "./shown-arguments.ts";

/** Of one argument; showing all of a large value to every monitor would cost more than storing it. */
const SHOWN_BYTES_MAX = 64 * 1024;
/** Of one line, before anything is escaped; what comes behind is only counted. */
const LINE_BYTES_MAX = 256 * 1024;
const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x5c, "\\\\"],
  [0x22, '\\"'],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x09, "\\t"],
  [0x07, "\\a"],
  [0x08, "\\b"],
]);
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

export class Monitors {
  readonly #clients = new Set<Client>();
  /** Told when the first comes and when the last goes. */
  readonly #changed: (isWatched: boolean) => void;

  constructor(changed: (isWatched: boolean) => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#clients.size;
  }

  add(client: Client): void {
    client.mode |= MODE.monitor;
    this.#clients.add(client);
    this.#changed(true);
  }

  remove(client: Client): void {
    client.mode &= ~MODE.monitor;
    if (this.#clients.delete(client) && this.#clients.size === 0) this.#changed(false);
  }

  /** Shows a command that has run. */
  feed(client: Client, entry: Entry, args: Args): void {
    if (entry.flags.has("skip_monitor") || entry.flags.has("admin")) return;
    const line = lineOf(client, args);
    for (const monitor of this.#clients) monitor.push((out) => out.simple(line));
  }
}

function lineOf(client: Client, args: Args): string {
  const nowUs = Math.floor(client.nowMs() * 1000);
  const seconds = Math.floor(nowUs / 1_000_000);
  const micros = String(nowUs % 1_000_000).padStart(6, "0");
  const database = databaseOf(client.namespace);
  const place = database < 0 ? client.namespace : database;
  let line = `${seconds}.${micros} [${place} ${client.link.remoteAddress}]`;
  let bytes = 0;
  for (let i = 0; i < args.count; i++) {
    if (bytes > LINE_BYTES_MAX) return `${line} ... (${args.count - i} more arguments)`;
    const shown = shownArgument(args, i);
    // The space and the quotes count, or a million empty arguments would not.
    bytes += Math.min(shown.length, SHOWN_BYTES_MAX) + 3;
    line += ` ${quoted(shown)}`;
  }
  return line;
}

/** In double quotes, with whatever is not printable ASCII escaped. */
function quoted(bytes: Buffer): string {
  const shown = bytes.toString("latin1", 0, SHOWN_BYTES_MAX);
  const rest = bytes.length - shown.length;
  const more = rest > 0 ? `... (${rest} more bytes)` : "";
  if (PLAIN.test(shown)) return `"${shown}${more}"`;
  let text = "";
  for (let i = 0; i < shown.length; i++) text += escaped(shown.charCodeAt(i));
  return `"${text}${more}"`;
}

function escaped(byte: number): string {
  const short = SHORT_ESCAPES.get(byte);
  if (short !== undefined) return short;
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
