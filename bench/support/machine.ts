/** The machine and the moment, to be read with every figure. */
import * as os from "node:os";

export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Processes that were running or waiting, on average over the minute before. */
  readonly load: number;
}

export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: os.cpus()[0]?.model ?? "unknown",
    processors: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    load: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function machineText(of: Machine): string {
  const memory = `${(of.memoryBytes / 1024 ** 3).toFixed(1)} GiB`;
  const processors = `${of.processors} x ${of.processor}, ${memory}`;
  return `${of.date}, ${processors}, ${of.system}, node ${of.node}, load before ${of.load}`;
}
