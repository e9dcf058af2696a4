/**
 * Where the records of an import come from, as far as the import itself must know.
 */
import { BadRecord, parseEntry, type Entry } from "./exchange.ts";
import type { Input } from "./input.ts";
import { PIECE_BYTES_MAX, type Piece, type Place } from "./pieces.ts";

/** A record that was found, good or bad. */
export interface Candidate {
  /** For messages: "line 7", "key user:1". */
  readonly origin: string;
  /** As it was found, for the file of bad records. */
  readonly source: Buffer;
  /** Where the source goes on behind it. */
  readonly next: Place;
  /** Throws BadRecord. */
  readonly read: (nowMs: number) => Entry;
}

export interface Source {
  /** For messages. */
  readonly name: string;
  /** The file that can be read again from any place; null when there is none. */
  readonly file: Input | null;
  /** In runs, as they come. Throws BrokenInput where it can't go on. */
  candidates(from: Place): AsyncIterable<Candidate[]>;
  /** How much has been read, 0 to 1; null when nobody knows. */
  share(): number | null;
}

/** The records of a file or of standard input. */
export function sourceOf(input: Input): Source {
  const { name, path, bytes, split } = input;
  return {
    name,
    file: path === null ? null : input,
    candidates: async function* (from) {
      for await (const pieces of split(input.chunks(from), from)) yield pieces.map(candidateOf);
    },
    share: () => (bytes === null || bytes === 0 ? null : input.bytesRead() / bytes),
  };
}

function candidateOf({ bytes, line, next, isTooLong }: Piece): Candidate {
  return {
    origin: `line ${line}`,
    source: bytes,
    next,
    read: (nowMs) => {
      if (!isTooLong) return parseEntry(bytes, nowMs);
      throw new BadRecord(`it is longer than ${PIECE_BYTES_MAX} bytes`);
    },
  };
}
