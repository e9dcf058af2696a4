/**
 * What the door does as CONFIG GET and SET see it: options of the server, and a few that only the
 * protocol has. All of them may change while clients are served; whoever needs one reads it here.
 */
export interface Settings {
  /** Null: everybody is let in. */
  password: string | null;
  connectionsMax: number;
  /** 0 is never. */
  idleTimeoutMs: number;
  /** Bytes that may wait for a client to take them. */
  outputBytesMax: number;
  /** Bytes of a request that has not come whole, and of what is queued in MULTI. */
  queryBytesMax: number;
  /** As given to `notify-keyspace-events`. */
  keyspaceEvents: string;
  /** Keys that client-side caching may remember. */
  trackingKeysMax: number;
  /** Commands that take longer are noted, in microseconds; negative is none, 0 is all. */
  slowlogUs: number;
  slowlogEntriesMax: number;
  /** Events longer than this are noted, in milliseconds; 0 is none. */
  latencyMonitorMs: number;
  /** Whether DEBUG is allowed. */
  isDebugAllowed: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  password: null,
  connectionsMax: 10_000,
  idleTimeoutMs: 0,
  outputBytesMax: 256 * 1024 * 1024,
  queryBytesMax: 256 * 1024 * 1024,
  keyspaceEvents: "",
  trackingKeysMax: 1_000_000,
  slowlogUs: 10_000,
  slowlogEntriesMax: 128,
  latencyMonitorMs: 0,
  isDebugAllowed: false,
};
