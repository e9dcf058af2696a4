/**
 * PyKV in process: `import { open } from "pykv"`.
 *
 *   const kv = await open({ dataDir: "./data" });
 *   await kv.set("user:1", { name: "Ada" }, { ttl: 3600 });
 *   kv.get("user:1");
 *   await kv.close();
 */
import * as os from "node:os";
import { systemClock } from "./base/clock.ts";
import { silentLogger } from "./base/logger.ts";
import type { Logger } from "./base/logger.ts";
import { Kv } from "./store/kv.ts";
import { openStore } from "./store/open.ts";
import type { StoreOptions } from "./store/open.ts";
import { completeOptions } from "./store/options/load.ts";

export { ERRORS, PyKVError } from "./base/errors.ts";
export type { ErrorCode } from "./base/errors.ts";
export type { Logger } from "./base/logger.ts";
export { Kv } from "./store/kv.ts";
export type { Json, ListOptions, Meta, SetOptions, Value, WriteOptions } from "./store/kv.ts";
export type { Condition, StoreStats } from "./store/types.ts";

export interface OpenOptions extends Partial<StoreOptions> {
  /** Where the log and the snapshots are kept; null keeps everything in memory only. */
  readonly dataDir: string | null;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
}

/**
 * Opens a store, recovering what the directory holds. docs/configuration.md tells every option's
 * meaning, range and default.
 *
 * Rejects with INVALID_OPTION, DATA_DIR_LOCKED, DATA_DIR_UNUSABLE, CORRUPTION or MEMORY_FULL.
 */
export async function open(options: OpenOptions): Promise<Kv> {
  const { logger = silentLogger, ...given } = options;
  const machine = { memoryBytes: os.totalmem() };
  const complete = completeOptions(given, machine).options;
  return new Kv(await openStore(complete.dataDir, complete, { clock: systemClock, logger }));
}
