/**
 * Errors in Redis's wording: clients match on the prefix, and some on the whole text.
 *
 * What the store refuses with comes from the one catalogue (base/errors.ts), which names the prefix;
 * the errors of the protocol's own are here, word for word as Redis has them.
 */
import { ERRORS, PyKVError } from "../base/errors.ts";
import type { ErrorCode } from "../base/errors.ts";
import { IntegerOverflow } from "../store/integers.ts";
import { ReplyTooLong } from "./output.ts";

export const SYNTAX_ERROR = "ERR syntax error";
export const NOT_AN_INTEGER = "ERR value is not an integer or out of range";
export const NOT_A_FLOAT = "ERR value is not a valid float";
export const NO_SUCH_KEY = "ERR no such key";
export const OFFSET_OUT_OF_RANGE = "ERR offset is out of range";
export const BIT_OFFSET_ERROR = "ERR bit offset is not an integer or out of range";
const OVERFLOW_ERROR = "ERR increment or decrement would overflow";
export const STRING_TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
export const SAME_OBJECT = "ERR source and destination objects are the same";
export const BUSY_KEY = "BUSYKEY Target key name already exists.";
export const BAD_DUMP_PAYLOAD = "ERR DUMP payload version or checksum are wrong";
export const BAD_DUMP_DATA = "ERR Bad data format";
export const DB_OUT_OF_RANGE = "ERR DB index is out of range";
export const NOT_AUTHENTICATED = "NOAUTH Authentication required.";
export const NOT_FOR_MONITORS = "ERR Replica can't interact with the keyspace";
export const WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";
export const NO_PASSWORD_SET =
  "ERR AUTH <password> called without any password configured for the default user. " +
  "Are you sure your configuration is correct?";
export const HELLO_NOT_AUTHENTICATED =
  "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> " +
  "AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol " +
  "version at the same time";
export const TRANSACTION_ABORTED = "EXECABORT Transaction discarded because of previous errors.";
export const TRANSACTION_TOO_LONG = "ERR the transaction is longer than the query buffer may be";
export const SAVE_RUNNING = "ERR Background save already in progress";
export const NOTHING_TO_SAVE_TO =
  "ERR nothing can be saved: the server was started with --data-dir none";
const OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

/** Codes for which Redis has words of its own. */
const WORDS: Partial<Record<ErrorCode, string>> = {
  MEMORY_FULL: OUT_OF_MEMORY,
  NOT_AN_INTEGER,
  VALUE_TOO_LARGE: STRING_TOO_LONG,
};

const SHOWN_ARGUMENT_BYTES_MAX = 128;

/** The reply for what was thrown: of the catalogue, or an error that nobody has foreseen. */
export function errorReply(error: unknown): string {
  if (!(error instanceof PyKVError)) return "ERR internal error; see the server's log";
  if (error instanceof IntegerOverflow) return OVERFLOW_ERROR;
  if (error instanceof ReplyTooLong) {
    return `ERR the replies would have more than ${error.bytesMax} bytes`;
  }
  return WORDS[error.code] ?? `${ERRORS[error.code].resp} ${error.message}`;
}

/** @param name in lower case, of a subcommand `client|id` */
export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name}' command`;
}

/** @param first the arguments, as text, that Redis shows the beginning of */
export function unknownCommand(name: string, first: readonly string[]): string {
  let shown = "";
  for (const argument of first) {
    if (shown.length >= SHOWN_ARGUMENT_BYTES_MAX) break;
    shown += `'${argument.slice(0, SHOWN_ARGUMENT_BYTES_MAX - shown.length)}' `;
  }
  return `ERR unknown command '${name.slice(0, SHOWN_ARGUMENT_BYTES_MAX)}', with args beginning with: ${shown}`;
}

export function unknownSubcommand(container: string, name: string): string {
  const shown = name.slice(0, SHOWN_ARGUMENT_BYTES_MAX);
  return `ERR unknown subcommand '${shown}'. Try ${container.toUpperCase()} HELP.`;
}

/** EXEC refused, with all that was queued; the reason loses its prefix when that says nothing. */
export function execAborted(reason: string): string {
  return `EXECABORT Transaction discarded because of: ${reason.replace(/^ERR /, "")}`;
}

/** @param name of a subcommand, as it was given */
export function wrongSubcommandArity(container: string, name: string): string {
  const shown = name.slice(0, SHOWN_ARGUMENT_BYTES_MAX);
  const help = `Try ${container.toUpperCase()} HELP.`;
  return `ERR unknown subcommand or wrong number of arguments for '${shown}'. ${help}`;
}

/** @param command in lower case */
export function invalidExpire(command: string): string {
  return `ERR invalid expire time in '${command}' command`;
}
