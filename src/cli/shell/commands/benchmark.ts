/** BENCHMARK, which measures the server that the shell works with. */
import { BENCHMARK_DEFAULTS, operationsFlag, runBenchmark, threadsFlag } from "../../benchmark.ts";
import { parsed } from "../arguments.ts";
import type { ShellCommand } from "../command.ts";

export const benchmark: ShellCommand = {
  name: "BENCHMARK",
  aliases: ["BENCH"],
  usage: "[operations] [connections]",
  does: "measures writes and reads, with keys of its own",
  arity: { min: 0, max: 2 },
  places: ["other"],
  notes: [
    `Each phase has ${BENCHMARK_DEFAULTS.operations} operations over ${BENCHMARK_DEFAULTS.threads} connections, unless given.`,
    "The keys are deleted at the end. pykv bench has more settings.",
  ],
  examples: ["BENCHMARK", "BENCHMARK 100000 200"],
  async run(given, { flags, namespace, io, signal }) {
    const [operations, threads] = [given.text(0), given.text(1)];
    const plan = {
      operations:
        operations === undefined
          ? BENCHMARK_DEFAULTS.operations
          : parsed(() => operationsFlag(operations), operations),
      threads:
        threads === undefined
          ? BENCHMARK_DEFAULTS.threads
          : parsed(() => threadsFlag(threads), threads),
    };
    const { text, errors } = await runBenchmark(plan, { ...flags, ns: namespace }, io, signal);
    return { text: text.trimEnd(), ...(errors === 0 ? {} : { isNo: true }) };
  },
};
