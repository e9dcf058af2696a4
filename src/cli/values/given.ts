/**
 * A value as a user gives it: as an argument, in a file, or through standard input.
 *
 * What comes through a file or a pipe is kept byte for byte, so that what `get` writes is what was
 * read. An argument is typed by hand, and nobody who types {"name": "Ada"} means the string: objects
 * and arrays are JSON there. Numbers, true and null stay text without --type json, since 007, 1.50 or
 * a telephone number would not survive being taken for numbers.
 */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { Option, type Command } from "commander";
import type { RawJson } from "../../client/values.ts";
import { Failure, UsageError } from "../exit.ts";
import type { CliIo } from "../io.ts";

export const VALUE_TYPES = ["text", "json", "binary"] as const;

export type ValueType = (typeof VALUE_TYPES)[number];

/** A value that the SDK takes. */
export type GivenValue = string | Uint8Array | RawJson;

export interface ValueFlags {
  readonly file?: string;
  readonly type?: ValueType;
}

/** As an argument: the value comes through standard input. */
const STDIN = "-";
/** Bytes read at most; the server's own limit is far lower. */
const BYTES_MAX = 256 * 1024 * 1024;

/** Adds --file and --type. */
export function withValueFlags(command: Command): Command {
  return command
    .option("--file <path>", "take the value from a file, byte for byte")
    .addOption(new Option("--type <type>", "what the value is").choices(VALUE_TYPES));
}

/**
 * The value out of the one place where it was given. Throws UsageError when it was given nowhere or
 * twice, or is not of the type that --type names; Failure when the file can't be read.
 */
export async function givenValue(
  argument: string | undefined,
  { file, type }: ValueFlags,
  io: CliIo,
): Promise<GivenValue> {
  if (file !== undefined) {
    if (argument !== undefined) throw new UsageError("give the value or --file, not both");
    return valueOfBytes(await readFile(file), type);
  }
  if (argument !== undefined && argument !== STDIN) return valueOfText(argument, type);
  if (argument === undefined && io.stdin.isTTY === true) {
    throw new UsageError(
      "the value is missing: give it behind the key, with --file, or pipe it in",
    );
  }
  return valueOfBytes(await readAll(io.stdin, "standard input"), type);
}

/** A value that was typed. Throws INVALID_JSON of the SDK for --type json. */
export async function valueOfText(text: string, type?: ValueType): Promise<GivenValue> {
  if (type === "json" || (type === undefined && isJsonContainer(text))) return json(text);
  return type === "binary" ? Buffer.from(text) : text;
}

async function valueOfBytes(bytes: Buffer, type?: ValueType): Promise<GivenValue> {
  if (type === "binary") return bytes;
  if (isUtf8(bytes)) return type === "json" ? json(bytes.toString()) : bytes.toString();
  if (type === undefined) return bytes;
  throw new UsageError(`the value is not ${type}: it is not UTF-8; --type binary takes it`);
}

function isJsonContainer(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function json(text: string): Promise<RawJson> {
  const { rawJson } = await import("../../client/index.ts");
  return rawJson(text);
}

async function readFile(path: string): Promise<Buffer> {
  try {
    return await readAll(createReadStream(path), path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new Failure(`cannot read ${path}: ${error.message.replace(/^\w+: /, "")}`);
  }
}

async function readAll(stream: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array | string);
    length += bytes.length;
    if (length > BYTES_MAX) throw new Failure(`${name} holds more than ${BYTES_MAX} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
