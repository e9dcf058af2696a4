/**
 * How the verbs that talk to a server find it: the same flags and variables for all of them.
 */
import { Option, type Command } from "commander";
import type { PyKV, PyKVOptions } from "../client/index.ts";
import { durationMsFlag } from "./flags.ts";
import { EXIT } from "./exit.ts";
import type { PyKVError } from "../client/errors.ts";
import type { CliIo } from "./io.ts";

export interface ConnectionFlags {
  readonly url: readonly string[];
  readonly ns: string;
  readonly token?: string;
  /** In milliseconds, for each attempt. */
  readonly timeout: number;
  readonly json?: true;
}

const DEFAULT_URL = "http://127.0.0.1:8000";
const TIMEOUT_MS = 5_000;
const TIMEOUT_MS_MAX = 600_000;
const NAMESPACE = "default";

/** Adds --url, --ns, --token, --timeout and --json. Environment: PYKV_URL, PYKV_NAMESPACE, PYKV_TOKEN. */
export function withConnection(command: Command, io: CliIo): Command {
  return command
    .addOption(urlOption(io))
    .addOption(
      new Option("--ns <name>", "namespace; PYKV_NAMESPACE")
        .default(given(io.env.PYKV_NAMESPACE) ?? NAMESPACE)
        .argParser(String),
    )
    .addOption(
      new Option("--token <token>", "sent as a bearer token; better PYKV_TOKEN").argParser(String),
    )
    .addOption(
      new Option("--timeout <duration>", "how long to wait for a reply")
        .default(TIMEOUT_MS, "5s")
        .argParser(durationMsFlag({ min: 1, max: TIMEOUT_MS_MAX }, "s")),
    )
    .option("--json", "print JSON, for programs");
}

/** A client for the server that the flags name. Throws UsageError for a URL that is none. */
export async function connect(flags: ConnectionFlags, io: CliIo): Promise<PyKV> {
  const { PyKV } = await import("../client/index.ts");
  return new PyKV(clientOptions(flags, io));
}

/** The same as options, for what builds on the client's parts. */
export function clientOptions(flags: ConnectionFlags, io: CliIo): PyKVOptions {
  const token = flags.token ?? given(io.env.PYKV_TOKEN);
  return {
    url: flags.url,
    namespace: flags.ns,
    timeoutMs: flags.timeout,
    ...(token === undefined ? {} : { token }),
  };
}

/** The exit code for what the SDK rejects with. */
export function clientExitCode({ code, status }: PyKVError): number {
  if (code === "UNREACHABLE" || code === "TIMED_OUT" || code === "BAD_RESPONSE") {
    return EXIT.unreachable;
  }
  // Without a status nobody was asked: the SDK saw by itself that it makes no sense.
  const isMistake = status === 400 || (status === null && code !== "ABORTED");
  return isMistake ? EXIT.badUsage : EXIT.failure;
}

function urlOption(io: CliIo): Option {
  const fromEnvironment = given(io.env.PYKV_URL)?.split(",");
  return new Option(
    "--url <url>",
    "server; several, separated by commas, are tried in order; PYKV_URL",
  )
    .default(fromEnvironment ?? [DEFAULT_URL], (fromEnvironment ?? [DEFAULT_URL]).join(","))
    .argParser((text: string) => text.split(","));
}

function given(variable: string | undefined): string | undefined {
  return variable === undefined || variable.trim() === "" ? undefined : variable.trim();
}
