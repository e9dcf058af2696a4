/** `pykv export [file]`: writes keys with their values and deadlines to a file. */
import { Command, Option } from "commander";
import { clientOptions, connect, withConnection, type ConnectionFlags } from "../connection.ts";
import { EXIT, UsageError } from "../exit.ts";
import { withExamples } from "../help.ts";
import type { CliIo } from "../io.ts";
import { countText, durationText, rateText, sizeText } from "../terminal/figures.ts";
import { Progress } from "../terminal/progress.ts";
import type { ExportTally } from "../transfer/exporter.ts";
import type { Format } from "../transfer/input.ts";

interface ExportFlags extends ConnectionFlags {
  readonly format?: Format;
  readonly gzip?: true;
  readonly prefix: string;
  readonly allNamespaces?: true;
  readonly quiet?: true;
}

const STDOUT = "-";

export function exportCommand(io: CliIo, done: (exitCode: number) => void): Command {
  const command = withConnection(
    new Command("export")
      .description("write keys with their values and deadlines to a file or standard output")
      .argument("[file]", "where to; compressed when it ends in .gz; - is standard output", STDOUT),
    io,
  )
    .addOption(
      new Option(
        "--format <form>",
        "ndjson: a record a line; json: an array; else by the name",
      ).choices(["ndjson", "json"]),
    )
    .option("--gzip", "compress, whatever the name")
    .option("--prefix <prefix>", "only keys that start with this", "")
    .option("--all-namespaces", "every namespace; records then name theirs")
    .option("--quiet", "no progress, no summary")
    .action(async (file: string, flags: ExportFlags, self: Command) => {
      const isNsGiven = self.getOptionValueSource("ns") === "cli";
      if (flags.allNamespaces === true && isNsGiven) {
        throw new UsageError("--ns and --all-namespaces exclude each other");
      }
      done(await runExport(file, flags, io));
    });
  return withExamples(command, [
    { line: "pykv export backup.ndjson.gz --all-namespaces", does: "back up everything" },
    { line: "pykv export --prefix user: users.json", does: "some keys, as a JSON array" },
    {
      line: "pykv export --ns shop | pykv import --ns shop-copy",
      does: "copy a namespace",
    },
    {
      line: "pykv export --url old:8000 --all-namespaces | pykv import --url new:8000",
      does: "move to another server",
    },
  ]);
}

async function runExport(file: string, flags: ExportFlags, io: CliIo): Promise<number> {
  const { quiet, prefix, allNamespaces } = flags;
  const toStdout = file === STDOUT;
  const isGzip = flags.gzip === true || file.endsWith(".gz");
  if (toStdout && isGzip && io.stdout.isTTY === true) {
    throw new UsageError("compressed data does not go to a terminal; name a file, or use a pipe");
  }
  const { exportTexts, writeToFile, writeToStream } = await import("../transfer/exporter.ts");
  const { listEntries } = await import("../transfer/wire.ts");
  const { Transport } = await import("../../client/transport.ts");
  const transport = new Transport(clientOptions(flags, io));
  const all = await namespacesOf(flags, io);
  const expected = prefix === "" ? all.reduce((sum, { keys }) => sum + keys, 0) : 0;
  const progress = new Progress(io, "keys", { isQuiet: quiet === true });
  const tally: ExportTally = { entries: 0, bytes: 0, doubtfulKeys: 0 };
  const texts = exportTexts(
    {
      namespaces: all.map(({ name }) => name),
      prefix,
      format: flags.format ?? formatByName(file),
      namesNamespaces: allNamespaces === true,
      page: (request) => listEntries(transport, request, io.clock.nowMs()),
      onProgress: ({ entries, bytes }) =>
        progress.update({
          count: entries,
          share: expected > 0 ? entries / expected : null,
          note: sizeText(bytes),
        }),
    },
    tally,
  );
  try {
    if (toStdout) await writeToStream(texts, io.stdout, isGzip);
    else await writeToFile(texts, file, isGzip);
  } finally {
    progress.clear();
  }
  report(tally, progress, { file: toStdout ? null : file, namespaces: all.length }, flags, io);
  return EXIT.fine;
}

async function namespacesOf(
  flags: ExportFlags,
  io: CliIo,
): Promise<{ readonly name: string; readonly keys: number }[]> {
  const kv = await connect(flags, io);
  const { namespaces } = await kv.stats();
  const sizeOf = (name: string): number =>
    Object.hasOwn(namespaces, name) ? (namespaces[name]?.total_keys ?? 0) : 0;
  if (flags.allNamespaces !== true) return [{ name: flags.ns, keys: sizeOf(flags.ns) }];
  return (await kv.namespaces()).map((name) => ({ name, keys: sizeOf(name) }));
}

function formatByName(file: string): Format {
  return /\.json(\.gz)?$/.test(file) ? "json" : "ndjson";
}

function report(
  { entries, bytes, doubtfulKeys }: ExportTally,
  progress: Progress,
  { file, namespaces }: { readonly file: string | null; readonly namespaces: number },
  { json, quiet }: ExportFlags,
  io: CliIo,
): void {
  if (doubtfulKeys > 0) {
    progress.say(
      `pykv: ${countText(doubtfulKeys)} keys have U+FFFD in them; where that stands for bytes that ` +
        "are not UTF-8, the exported key is another one",
    );
  }
  const { elapsedMs } = progress;
  // What was exported may be on standard output.
  const print = file === null ? io.error : io.out;
  if (json === true) {
    const seconds = elapsedMs / 1000;
    print(`${JSON.stringify({ exported: entries, bytes, namespaces, file, seconds })}\n`);
  } else if (quiet !== true) {
    const rate = rateText((entries * 1000) / Math.max(1, elapsedMs));
    print(
      `exported ${countText(entries)} keys (${sizeText(bytes)}) in ` +
        `${durationText(elapsedMs)}, ${rate}\n`,
    );
  }
}
