/** LATENCY: what held the server up, and how long each command takes; see latency.ts of the door. */
import type { Histogram } from "../../../base/histogram.ts";
import type { Args } from "../../args.ts";
import type { Client } from "../../client.ts";
import type { Command } from "../../command.ts";
import type { Door } from "../../door.ts";
import { wrongArity } from "../../errors.ts";
import type { Entry } from "../../registry.ts";
import { ADMIN, helpOf } from "./kind.ts";
import { latencyReport } from "./latency-report.ts";

const SHARED = { flags: ADMIN, group: "server", since: "2.8.13" } as const;
/** Redis's histogram has buckets by powers of two of 1.024 us, told by their upper ends. */
const BUCKETS = 40;
const BUCKET_FACTOR_US = 1.032;

const latest: Command = {
  ...SHARED,
  name: "latest",
  arity: 2,
  summary: "Returns the latest latency samples for all events.",
  complexity: "O(1)",
  run: ({ out, door }) => {
    const { events } = door.latency;
    out.array(events.size);
    for (const [name, { samples, maxMs }] of events) {
      const last = samples.at(-1)!;
      out.array(4);
      out.bulkLatin1(name);
      out.integer(last.seconds);
      out.integer(last.durationMs);
      out.integer(maxMs);
    }
  },
};

const history: Command = {
  ...SHARED,
  name: "history",
  arity: 3,
  summary: "Returns timestamp-latency samples for an event.",
  complexity: "O(1)",
  arguments: [{ name: "event", type: "string" }],
  run: ({ out, door }, args) => {
    const samples = door.latency.samples(args.latin1(2));
    out.array(samples.length);
    for (const { seconds, durationMs } of samples) {
      out.array(2);
      out.integer(seconds);
      out.integer(durationMs);
    }
  },
};

const reset: Command = {
  ...SHARED,
  name: "reset",
  arity: -2,
  summary: "Resets the latency data for one or more events.",
  complexity: "O(1)",
  arguments: [{ name: "event", type: "string", optional: true, multiple: true }],
  run: ({ out, door }, args) => {
    const given = Array.from({ length: args.count - 2 }, (_, i) => args.latin1(i + 2));
    const events = given.length > 0 ? given : [...door.latency.events.keys()];
    out.integer(events.filter((event) => door.latency.reset(event)).length);
  },
};

const histogram: Command = {
  ...SHARED,
  name: "histogram",
  arity: -2,
  since: "7.0.0",
  summary: "Returns the cumulative distribution of latencies of a subset or all commands.",
  complexity: "O(N) where N is the number of commands with latency information being retrieved.",
  arguments: [{ name: "COMMAND", type: "string", optional: true, multiple: true }],
  run: (client, args) => {
    const entries = entriesOf(client.door, args).filter((each) => each.latency.count > 0);
    client.out.map(entries.length);
    for (const entry of entries) writeHistogram(client, entry);
  },
};

const doctor: Command = {
  ...SHARED,
  name: "doctor",
  arity: 2,
  summary: "Returns a human-readable latency analysis report.",
  complexity: "O(1)",
  run: ({ out, door }) => out.verbatim(latencyReport(door)),
};

const help = helpOf("LATENCY", "2.8.13", [
  "DOCTOR",
  "    Return a human readable latency analysis report.",
  "HISTORY <event>",
  "    Return time-latency samples for the <event> class.",
  "LATEST",
  "    Return the latest latency samples for all events.",
  "RESET [<event> ...]",
  "    Reset latency data of one or more <event> classes.",
  "    (default: reset all data for all event classes)",
  "HISTOGRAM [COMMAND ...]",
  "    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.",
  "    If no commands are specified then all histograms are replied.",
]);

export const latency: Command = {
  name: "latency",
  arity: -2,
  flags: [],
  group: "server",
  since: "2.8.13",
  summary: "A container for latency diagnostics commands.",
  complexity: "Depends on subcommand.",
  differs:
    "No GRAPH. The events are command, fast-command, and aof-fsync-always or aof-write for the log.",
  subcommands: [latest, history, reset, histogram, doctor, help],
  run: ({ out }) => out.error(wrongArity("latency")),
};

/** Those that are named, a container standing for its subcommands; names of nothing are passed over. */
function entriesOf({ dispatcher }: Door, args: Args): Entry[] {
  const { registry } = dispatcher;
  // What is being timed right now counts too.
  dispatcher.finish();
  if (args.count === 2) return [...registry.all()];
  const found = new Set<Entry>();
  for (let i = 2; i < args.count; i++) {
    const entry = registry.named(args.latin1(i).toLowerCase());
    if (entry === null) continue;
    found.add(entry);
    for (const each of entry.subcommands?.values() ?? []) found.add(each);
  }
  return [...found];
}

function writeHistogram({ out }: Client, { fullName, latency: counts }: Entry): void {
  const buckets = cumulative(counts);
  out.bulkLatin1(fullName);
  out.map(2);
  out.bulkLatin1("calls");
  out.integer(counts.count);
  out.bulkLatin1("histogram_usec");
  out.map(buckets.length);
  for (const [limitUs, count] of buckets) {
    out.integer(limitUs);
    out.integer(count);
  }
}

/** Upper end in microseconds and commands up to there, for the buckets that hold any. */
function cumulative(counts: Histogram): [number, number][] {
  const buckets: [number, number][] = [];
  let previous = 0;
  for (let i = 0; i < BUCKETS && previous < counts.count; i++) {
    const limitUs = Math.floor(BUCKET_FACTOR_US * 2 ** i);
    const count = i === BUCKETS - 1 ? counts.count : counts.countUpTo(limitUs / 1000);
    if (count > previous) buckets.push([limitUs, count]);
    previous = count;
  }
  return buckets;
}
