/**
 * How a verb ends: the exit codes, and the failure that a verb words itself.
 *
 * `failure` is also an honest "no": a key that is not there, a condition that does not hold, a data
 * directory that is damaged. `unreachable` is apart from it, so that a script can tell "the key is
 * missing" from "nobody could be asked".
 */
export const EXIT = { fine: 0, failure: 1, badUsage: 2, unreachable: 3 } as const;

/** A failure told by its message alone, with exit code 1. */
export class Failure extends Error {
  override readonly name = "Failure";
  /** For programs, in the object that --json prints; a code of the catalogue where one fits. */
  readonly code: string;

  constructor(message: string, code = "FAILED") {
    super(message);
    this.code = code;
  }
}

/** What the user asked for makes no sense, told by its message alone, with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
