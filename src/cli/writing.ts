/** Flags that the verbs that change keys share, and how they tell what they did. */
import { Option, type Command } from "commander";
import type { Written } from "../client/types.ts";
import { EXIT, Failure } from "./exit.ts";
import { durationMsFlag, integerFlag } from "./flags.ts";
import type { CliIo } from "./io.ts";
import { durationText } from "./terminal/figures.ts";
import { printJson, remark } from "./terminal/output.ts";

/** As the server has it: 10,000,000,000 seconds. */
const TTL_MS_MAX = 10_000_000_000_000;

/** Parses a time to live, in milliseconds; a plain number is in seconds. */
export const ttlMsFlag = durationMsFlag({ min: 1, max: TTL_MS_MAX }, "s");

export interface TtlFlag {
  /** In milliseconds. */
  readonly ttl?: number;
}

/** Adds --ttl. */
export function withTtl(command: Command, does: string): Command {
  return command.addOption(new Option("--ttl <duration>", does).argParser(ttlMsFlag));
}

/** Adds --if-version. */
export function withIfVersion(command: Command): Command {
  return command.addOption(
    new Option("--if-version <number>", "only if the key has this version").argParser(
      integerFlag({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    ),
  );
}

/** The SDK's `ttl`, in seconds. */
export function ttlSeconds(ttlMs: number | undefined): { readonly ttl?: number } {
  return ttlMs === undefined ? {} : { ttl: ttlMs / 1000 };
}

interface Told {
  readonly json?: true;
  readonly ns: string;
}

/** Says what a write did: to people in a few words, to programs as JSON, to a pipe not at all. */
export function tellWritten(written: Written, { json }: Told, io: CliIo): void {
  if (json === true) printJson(io, written);
  else remark(io, writtenText(written));
}

/** `created, version 7, expires in 60.0 s`. */
export function writtenText({ status, version, ttl }: Written): string {
  const expiry = ttl === null ? "" : `, expires in ${durationText(ttl * 1000)}`;
  return `${status}, version ${version}${expiry}`;
}

/** Says what became of a time to live, and gives the exit code. Throws Failure for a missing key. */
export function tellTtl(
  isThere: boolean,
  { key, ttl }: { readonly key: string; readonly ttl: number | null },
  { json, ns }: Told,
  io: CliIo,
): number {
  if (!isThere) throw new Failure(`no such key: ${key}`, "KEY_NOT_FOUND");
  if (json === true) printJson(io, { key, namespace: ns, ttl });
  else remark(io, ttl === null ? "never expires" : `expires in ${durationText(ttl * 1000)}`);
  return EXIT.fine;
}
