/**
 * Which server the load goes to, by the flags that all verbs share and `--resp`.
 */
import { Option, type Command } from "commander";
import { ownError } from "../../client/errors.ts";
import { NAMESPACE_PATTERN } from "../../store/names.ts";
import { clientOptions, type ConnectionFlags } from "../connection.ts";
import { Failure, UsageError } from "../exit.ts";
import type { CliIo } from "../io.ts";
import { httpTarget } from "./http-target.ts";
import { DEFAULT_RESP_ADDRESS, respTarget } from "./resp-target.ts";
import { runPrefix } from "./run-id.ts";
import { OperationError, type Target } from "./target.ts";

export interface TargetFlags extends ConnectionFlags {
  /** An address, or true for the usual one. */
  readonly resp?: string | true;
}

/** Adds --resp. The password comes from the address, or from PYKV_PASSWORD. */
export function withResp(command: Command): Command {
  return command.addOption(
    new Option(
      "--resp [address]",
      `over the Redis protocol, at host:port or redis://:password@host:port ` +
        `(${DEFAULT_RESP_ADDRESS} unless given); PYKV_PASSWORD`,
    ),
  );
}

/**
 * The server that the flags name; of several URLs the first that answers. Throws UsageError for an
 * address that is none, the client's UNREACHABLE when nobody answers, and Failure when one refuses.
 */
export async function findTarget(flags: TargetFlags, io: CliIo): Promise<Target> {
  const { resp, url, ns, timeout } = flags;
  if (!new RegExp(NAMESPACE_PATTERN).test(ns)) {
    throw new UsageError(`"${ns}" is no namespace: 1 to 64 of letters, digits and . _ : -`);
  }
  const { token } = clientOptions(flags, io);
  const password = io.env.PYKV_PASSWORD ?? null;
  const plan = { token: token ?? null, password, timeoutMs: timeout };
  const targets =
    resp === undefined
      ? url.map((each) => httpTarget({ ...plan, url: each }))
      : [respTarget({ ...plan, address: resp === true ? DEFAULT_RESP_ADDRESS : resp })];
  return firstThatAnswers(targets, ns);
}

async function firstThatAnswers(targets: readonly Target[], namespace: string): Promise<Target> {
  const failures: string[] = [];
  for (const target of targets) {
    try {
      await checkReachable(target, namespace);
      return target;
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      // It was there, and said no: to the password, for instance.
      if (error.outcome === "refused" && !error.isUnreachable) {
        throw new Failure(`${target.name}: ${error.message}`);
      }
      failures.push(`${target.name}: ${error.message}`);
    }
  }
  throw ownError("UNREACHABLE", failures.join("; "));
}

/** Rejects with OperationError unless the server answers a read. */
async function checkReachable(target: Target, namespace: string): Promise<void> {
  const connection = target.connection();
  try {
    await connection.get(namespace, runPrefix("probe"));
  } finally {
    connection.close();
  }
}
