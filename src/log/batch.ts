/**
 * The records that will be the next frame, encoded as they come.
 *
 * The log has two of these and swaps them: one collects while the other is written. The buffers are
 * kept from frame to frame; one that a huge value has blown up is given back after its frame.
 */
import { FRAME_HEADER_BYTES, encodeFrame, frameBytes } from "../format/frame.ts";
import type { FrameHeader } from "../format/frame.ts";
import { encodeRecord } from "../format/record.ts";

const BUFFER_BYTES_START = 64 * 1024;
const BUFFER_BYTES_KEPT_MAX = 4 * 1024 * 1024;

export class Batch {
  buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES_START);
  /** Bytes of records. */
  length = 0;
  count = 0;
  /** Of the first record; meaningless while `count` is 0. */
  firstSeq = 0;
  #settled: PromiseWithResolve | null = null;

  /** `bytes` is the encoded size of the record. */
  append(
    bytes: number,
    op: number,
    flags: number,
    deadlineMs: number,
    ns: Uint8Array,
    key: Uint8Array,
    keyAt: number,
    keyLen: number,
    value: Uint8Array,
    valueAt: number,
    valueLen: number,
  ): void {
    const at = FRAME_HEADER_BYTES + this.length;
    if (frameBytes(this.length + bytes) > this.buffer.length) this.#grow(this.length + bytes);
    encodeRecord(
      this.buffer,
      at,
      op,
      flags,
      deadlineMs,
      ns,
      key,
      keyAt,
      keyLen,
      value,
      valueAt,
      valueLen,
    );
    this.length += bytes;
    this.count += 1;
  }

  /** The bytes of the frame, valid until the next `append` or `clear`. */
  close(header: FrameHeader, seed: number): Uint8Array {
    return this.buffer.subarray(0, encodeFrame(this.buffer, 0, header, seed));
  }

  /** Resolves or rejects with the frame; all who ask share it. */
  settled(): Promise<void> {
    this.#settled ??= createPromise();
    return this.#settled.promise;
  }

  /** Tells those who wait, and makes ready to collect anew. */
  finish(error: Error | null): void {
    const settled = this.#settled;
    this.#settled = null;
    this.length = 0;
    this.count = 0;
    if (this.buffer.length > BUFFER_BYTES_KEPT_MAX) {
      this.buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES_START);
    }
    if (error === null) settled?.resolve();
    else settled?.reject(error);
  }

  #grow(length: number): void {
    const bytes = Math.max(this.buffer.length * 2, frameBytes(length));
    const grown = Buffer.allocUnsafeSlow(bytes);
    grown.set(this.buffer.subarray(0, FRAME_HEADER_BYTES + this.length));
    this.buffer = grown;
  }
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function createPromise(): PromiseWithResolve {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  return { promise, resolve, reject };
}
