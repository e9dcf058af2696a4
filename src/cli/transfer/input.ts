/**
 * The bytes of an import: a file or standard input, compressed or not, from any place on.
 *
 * Whether it is gzip and whether it is an array is seen from its first bytes, not from its name.
 * Streams pull: nothing is read that nobody has asked for, so memory stays as it is however long the
 * input.
 */
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { MiB } from "../../base/units.ts";
import { Failure } from "../exit.ts";
import type { CliInput } from "../io.ts";
import { BrokenInput, splitArray, splitLines, type Place, type Splitter } from "./pieces.ts";

export type Format = "ndjson" | "json";

export interface Input {
  /** For messages. */
  readonly name: string;
  /** Null for standard input. */
  readonly path: string | null;
  /** Of the file as it is on disk; null when unknown. */
  readonly bytes: number | null;
  readonly isGzip: boolean;
  readonly format: Format;
  readonly split: Splitter;
  /** The uncompressed bytes from there on. Standard input only has a start. */
  chunks(from: Place): AsyncIterable<Buffer>;
  /** How much of `bytes` has been read. */
  bytesRead(): number;
}

const CHUNK_BYTES = MiB;
const OPEN_BRACKET = 0x5b;
const GZIP_MAGIC = [0x1f, 0x8b] as const;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** How far to look for the first byte that says something. */
const PEEK_BYTES = 4096;

/** A file. Rejects with Failure where there is none; `format` null looks at the first bytes. */
export async function openFile(path: string, format: Format | null): Promise<Input> {
  const { size, isRegular } = await statOf(path);
  if (!isRegular) return openStream(createReadStream(path), path, format);
  const isGzip = isGzipped(await readHead(path));
  let bytesRead = 0;
  const raw = (start: number): AsyncIterable<Buffer> => {
    bytesRead = start;
    const stream = createReadStream(path, { start, highWaterMark: CHUNK_BYTES });
    return stream.on("data", (chunk) => (bytesRead += chunk.length));
  };
  const whole = (): AsyncIterable<Buffer> => (isGzip ? unzipped(raw(0)) : raw(0));
  const chosen = format ?? (await formatOf(whole()));
  return {
    name: path,
    path,
    bytes: size,
    isGzip,
    format: chosen,
    split: splitterOf(chosen),
    chunks: ({ offset }) => {
      if (offset === 0) return withoutMark(whole());
      return isGzip ? withoutFirst(whole(), offset) : raw(offset);
    },
    bytesRead: () => bytesRead,
  };
}

/** Standard input, or anything else that can be read once. */
export async function openStream(
  stream: CliInput,
  name: string,
  format: Format | null,
): Promise<Input> {
  let bytesRead = 0;
  const counted = countedChunks(stream, (bytes) => (bytesRead += bytes));
  const head = await peek(counted);
  const isGzip = isGzipped(head.bytes);
  const plain = isGzip ? await peek(unzipped(head.all)) : head;
  const chosen = format ?? formatOfBytes(plain.bytes);
  return {
    name,
    path: null,
    bytes: null,
    isGzip,
    format: chosen,
    split: splitterOf(chosen),
    chunks: () => withoutMark(plain.all),
    bytesRead: () => bytesRead,
  };
}

async function statOf(path: string): Promise<{ size: number; isRegular: boolean }> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Failure(`cannot read ${path}: ${reasonOf(error)}`);
  });
  if (found.isDirectory()) throw new Failure(`cannot read ${path}: it is a directory`);
  return { size: found.size, isRegular: found.isFile() };
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw new Failure(`cannot read ${path}: ${reasonOf(error)}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function* countedChunks(
  stream: AsyncIterable<unknown>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Buffer);
    onBytes(bytes.length);
    yield bytes;
  }
}

/** What is compressed; damage shows as BrokenInput. */
async function* unzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = Readable.from(chunks, { objectMode: false });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on("error", (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    const isZlib = error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
    throw isZlib ? new BrokenInput(`the gzip data is damaged: ${error.message}`) : error;
  } finally {
    source.destroy();
  }
}

async function* withoutFirst(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

/** Blanks a byte order mark, so that offsets stay those of the file. */
async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && startsWithMark(chunk)) yield Buffer.from(chunk).fill(" ", 0, 3);
    else yield chunk;
    isFirst = false;
  }
}

async function peek(
  chunks: AsyncIterable<Buffer>,
): Promise<{ readonly bytes: Buffer; readonly all: AsyncGenerator<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Buffer[] = [];
  let length = 0;
  let isDone = false;
  while (length < PEEK_BYTES && !isDone) {
    const next = await iterator.next();
    if (next.done === true) isDone = true;
    else {
      seen.push(next.value);
      length += next.value.length;
    }
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* seen;
      while (!isDone) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.(undefined);
    }
  };
  return { bytes: Buffer.concat(seen), all: all() };
}

async function formatOf(chunks: AsyncIterable<Buffer>): Promise<Format> {
  const { bytes, all } = await peek(chunks);
  await all.return(undefined);
  return formatOfBytes(bytes);
}

function formatOfBytes(bytes: Buffer): Format {
  const start = startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
  const first = bytes.subarray(start).find((byte) => byte > 0x20);
  return first === OPEN_BRACKET ? "json" : "ndjson";
}

function splitterOf(format: Format): Splitter {
  return format === "json" ? splitArray : splitLines;
}

function isGzipped(head: Buffer): boolean {
  return head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1];
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
}
