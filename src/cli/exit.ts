/** How a verb ends: the exit codes, and the failure that a verb words itself. */
export const EXIT = { fine: 0, failure: 1, badUsage: 2 } as const;

/** A failure told by its message alone, with exit code 1. */
export class Failure extends Error {
  override readonly name = "Failure";
}
