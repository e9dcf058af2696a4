/** Writing to standard output at the pace of whoever reads it, and only what they want to see. */
import type { CliIo } from "../io.ts";

/** Resolves once the stream has taken it: without waiting, a long listing would pile up in memory. */
export function write(io: Pick<CliIo, "stdout">, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    io.stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

/** A remark for people; a pipe is left alone, since the exit code says it all. */
export function remark(io: Pick<CliIo, "stdout" | "out">, text: string): void {
  if (io.stdout.isTTY === true) io.out(`${text}\n`);
}

/** One line of JSON. */
export function printJson(io: Pick<CliIo, "out">, value: unknown): void {
  io.out(`${JSON.stringify(value)}\n`);
}
