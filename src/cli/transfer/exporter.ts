/**
 * An export: pages of entries, through the form that was asked for, to a file or standard output.
 *
 * The next page is fetched while the present one is written, and no further: a slow reader slows the
 * export down, and memory stays as it is. A file appears under its name only once it is whole, so an
 * export that was cut short is never taken for one.
 */
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Failure } from "../exit.ts";
import { entryText, type ListedEntry } from "./exchange.ts";
import type { Format } from "./input.ts";
import type { EntryPage, PageRequest } from "./wire.ts";

export interface ExportJob {
  readonly namespaces: readonly string[];
  readonly prefix: string;
  readonly format: Format;
  /** Whether records name their namespace. */
  readonly namesNamespaces: boolean;
  readonly page: (request: PageRequest) => Promise<EntryPage>;
  /** Called after every page, with all that was exported so far. */
  readonly onProgress: (tally: Readonly<ExportTally>) => void;
}

export interface ExportTally {
  entries: number;
  /** Before compression. */
  bytes: number;
  /** Keys with U+FFFD in them, which may stand for bytes that are no UTF-8. */
  doubtfulKeys: number;
}

const PAGE_KEYS = 1000;
const REPLACEMENT = "\ufffd";

/** The text of a whole export, a page at a time. */
export async function* exportTexts(job: ExportJob, tally: ExportTally): AsyncGenerator<string> {
  const { namespaces, namesNamespaces, format, onProgress } = job;
  const isArray = format === "json";
  const emit = (text: string): string => {
    tally.bytes += Buffer.byteLength(text);
    return text;
  };
  if (isArray) yield emit("[");
  for (const namespace of namespaces) {
    for await (const entries of pages(job, namespace)) {
      const texts = entries.map((entry) =>
        entryText(namesNamespaces ? { ...entry, namespace } : entry),
      );
      const isFirst = tally.entries === 0;
      tally.entries += entries.length;
      tally.doubtfulKeys += entries.filter(({ keyText }) => keyText.includes(REPLACEMENT)).length;
      if (texts.length === 0) continue;
      if (isArray) yield emit(`${isFirst ? "\n" : ",\n"}${texts.join(",\n")}`);
      else yield emit(`${texts.join("\n")}\n`);
      onProgress(tally);
    }
  }
  if (isArray) yield emit("\n]\n");
}

async function* pages(
  { page, prefix }: ExportJob,
  namespace: string,
): AsyncGenerator<readonly ListedEntry[]> {
  const fetchPage = (cursor: string | null): Promise<EntryPage> => {
    const request = { namespace, prefix: prefix === "" ? undefined : prefix, cursor };
    const fetched = page({ ...request, limit: PAGE_KEYS });
    // Its failure is met by whoever awaits it next.
    fetched.catch(() => undefined);
    return fetched;
  };
  for (let next = fetchPage(null); ;) {
    const { entries, cursor } = await next;
    if (cursor !== null) next = fetchPage(cursor);
    yield entries;
    if (cursor === null) return;
  }
}

/** Writes texts to a stream that stays open; resolves when it has taken all. */
export async function writeToStream(
  texts: AsyncIterable<string>,
  target: Writable,
  isGzip: boolean,
): Promise<void> {
  const source = Readable.from(texts, { objectMode: false });
  if (isGzip) await pipeline(source, createGzip(), target, { end: false });
  else await pipeline(source, target, { end: false });
}

/** Writes texts to a file, which takes its name, and is on disk, when all are written. */
export async function writeToFile(
  texts: AsyncIterable<string>,
  path: string,
  isGzip: boolean,
): Promise<void> {
  const partial = `${path}.partial`;
  try {
    const file = await open(partial, "w");
    const target = createWriteStream(partial, { fd: file.fd, autoClose: false });
    try {
      const source = Readable.from(texts, { objectMode: false });
      if (isGzip) await pipeline(source, createGzip(), target);
      else await pipeline(source, target);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const isOfSystem = error instanceof Error && "syscall" in error;
    throw isOfSystem ? new Failure(`cannot write ${path}: ${error.message}`) : error;
  }
}
