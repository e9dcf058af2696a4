/** `pykv get <keys...>`: prints values, to a pipe byte for byte. */
import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import type { BytesEntry } from "../../client/types.ts";
import { connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT, Failure, UsageError } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { durationText, sizeText } from "../terminal/figures.ts";
import { write } from "../terminal/output.ts";
import { styleOf } from "../terminal/style.ts";
import { VALUE_TYPES, type ValueType } from "../values/given.ts";
import { pipedBytes, terminalText, valueMembers } from "../values/shown.ts";

interface GetFlags extends ConnectionFlags {
  readonly type?: ValueType;
  readonly output?: string;
  readonly long?: true;
}

export function getCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = new Command("get")
    .description("print the values of keys")
    .argument("<keys...>", "what to read")
    .addOption(
      new Option("--type <type>", "refuse what is not of this type, and lay out JSON").choices(
        VALUE_TYPES,
      ),
    )
    .option("--output <path>", "write the value to a file, byte for byte")
    .option("--long", "tell version, time left and size, on standard error")
    .action(async (keys: string[], flags: GetFlags) => done(await get(keys, flags, io)));
  return withExamples(withConnection(command, io), [
    { line: "pykv get user:1", does: "prints the value" },
    { line: "pykv get logo > logo.png", does: "writes the bytes as they are stored" },
    { line: "pykv get a b c --json", does: "prints a line of JSON for each, with version and ttl" },
    { line: "pykv get user:1 --type json", does: "prints JSON over several lines" },
  ]);
}

export async function get(keys: readonly string[], flags: GetFlags, io: CliIo): Promise<number> {
  if (flags.output !== undefined && (keys.length > 1 || flags.json === true)) {
    throw new UsageError("--output takes the value of one key, as it is");
  }
  const kv = await connect(flags, io);
  const missing: string[] = [];
  for (const key of keys) {
    const entry = await kv.getBytes(key);
    if (entry === undefined) missing.push(key);
    else await print(key, entry, flags, keys.length > 1, io);
  }
  if (missing.length === 0) return EXIT.fine;
  throw new Failure(`no such key: ${missing.join(", ")}`, "KEY_NOT_FOUND");
}

async function print(
  key: string,
  entry: BytesEntry,
  { json, type, output, long, ns }: GetFlags,
  isOneOfSeveral: boolean,
  io: CliIo,
): Promise<void> {
  const { version, ttl } = entry;
  if (json === true) {
    const members = `"namespace":${JSON.stringify(ns)},"version":${version},"ttl":${ttl}`;
    io.out(`{"key":${JSON.stringify(key)},${valueMembers(entry)},${members}}\n`);
    return;
  }
  if (long === true) {
    const left = ttl === null ? "never expires" : `${durationText(ttl * 1000)} left`;
    const size = sizeText(entry.bytes.length);
    io.error(`${key}: version ${version}, ${left}, ${size}, ${entry.kind}\n`);
  }
  if (output !== undefined) return writeFile(output, pipedBytes(entry, type));
  if (io.stdout.isTTY === true) {
    if (isOneOfSeveral) io.out(`${styleOf(io).name(key)}\n`);
    io.out(terminalText(entry, type));
    return;
  }
  await write(io, pipedBytes(entry, type));
  if (isOneOfSeveral) await write(io, "\n");
}
