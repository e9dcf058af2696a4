/** `pykv list`: prints the keys of a namespace as they arrive, page by page. */
import { Command, Option } from "commander";
import type { PyKV } from "../../client/index.ts";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT } from "../exit.ts";
import { integerFlag } from "../flags.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { write } from "../terminal/output.ts";
import { styleOf } from "../terminal/style.ts";
import { lineOf, LONG_HEAD, type ListedEntry } from "../values/lines.ts";

interface ListFlags extends ConnectionFlags {
  readonly prefix?: string;
  readonly limit?: number;
  readonly values?: true;
  readonly long?: true;
}

/** Keys in one request; with values fewer, since a page of large ones is held in memory. */
const PAGE_KEYS = 1000;
const PAGE_ENTRIES = 100;
/** Characters that are written at a time. */
const CHUNK_LENGTH = 64 * 1024;

export function listCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("list")
    .alias("ls")
    .description("print the keys of the namespace, a line each, in no order")
    .option("--prefix <text>", "only keys that start with this")
    .addOption(
      new Option("--limit <number>", "at most so many").argParser(
        integerFlag({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      ),
    )
    .option("--values", "the values too, behind a tab; newlines and tabs as \\n and \\t")
    .option("--long", "version, seconds left and size in bytes first")
    .action(async (flags: ListFlags) => done(await list(flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv list", does: "prints every key" },
    { line: "pykv list --prefix user: --long", does: "prints version, time left, size and key" },
    { line: "pykv list --values --json > all.ndjson", does: "prints a line of JSON for each" },
    { line: "pykv list | sort | head -20", does: "prints the first in the alphabet" },
  ]);
}

export async function list(flags: ListFlags, io: CliIo): Promise<number> {
  const kv = await connect(flags, io);
  if (flags.long === true && flags.json !== true && io.stdout.isTTY === true) {
    io.out(`${styleOf(io).dim(LONG_HEAD)}\n`);
  }
  let text = "";
  for await (const entry of entriesOf(kv, flags)) {
    text += `${lineOf(entry, flags, io)}\n`;
    if (text.length < CHUNK_LENGTH) continue;
    await write(io, text);
    text = "";
  }
  await write(io, text);
  return EXIT.fine;
}

/** The entries up to --limit, with as much in each as the flags need. */
async function* entriesOf(kv: PyKV, flags: ListFlags): AsyncGenerator<ListedEntry> {
  const { prefix, values, long, limit = Infinity } = flags;
  const pageSizeMax = values === true || long === true ? PAGE_ENTRIES : PAGE_KEYS;
  const request = { prefix, pageSize: Math.min(limit, pageSizeMax) };
  let left = limit;
  if (pageSizeMax === PAGE_ENTRIES) {
    for await (const entry of kv.bytesEntries(request)) {
      yield entry;
      if (--left === 0) return;
    }
    return;
  }
  for await (const key of kv.list(request)) {
    yield { key };
    if (--left === 0) return;
  }
}
