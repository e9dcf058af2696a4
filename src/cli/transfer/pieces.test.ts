import { expect, test } from "vitest";
import { BrokenInput, START, splitArray, splitLines } from "./pieces.ts";
import type { Piece, Place, Splitter } from "./pieces.ts";

/** Everything that a splitter makes of a text, fed so many bytes at a time. */
async function split(splitter: Splitter, text: string, step: number, from: Place = START) {
  const bytes = Buffer.from(text).subarray(from.offset);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    await Promise.resolve();
  }
  const pieces: Piece[] = [];
  for await (const run of splitter(chunks(), from, 40)) pieces.push(...run);
  return pieces;
}

const texts = (pieces: readonly Piece[]) => pieces.map(({ bytes }) => bytes.toString());

const LINES = '{"a":"é"}\n\n  \r\n{"b":2}\r\n{"c":"\u{1f600}"}';
const ARRAY = ' [ {"a":"x,]\\"}"} ,\n{"b":[1,{"c":2}]}\n, "s", 12 ,null]\n ';

for (const step of [1000, 1, 3]) {
  test(`lines, fed ${step} bytes at a time`, async () => {
    const pieces = await split(splitLines, LINES, step);
    expect(texts(pieces)).toEqual(['{"a":"é"}', '{"b":2}\r', '{"c":"\u{1f600}"}']);
    expect(pieces.map(({ line }) => line)).toEqual([1, 4, 5]);
  });

  test(`an array, fed ${step} bytes at a time`, async () => {
    const pieces = await split(splitArray, ARRAY, step);
    const trimmed = texts(pieces).map((text) => text.trim());
    expect(trimmed).toEqual(['{"a":"x,]\\"}"}', '{"b":[1,{"c":2}]}', '"s"', "12", "null"]);
    expect(pieces.map(({ line }) => line)).toEqual([1, 2, 3, 3, 3]);
  });

  for (const [name, splitter, text] of [
    ["lines", splitLines, LINES],
    ["an array", splitArray, ARRAY],
  ] as const) {
    test(`${name} goes on behind any piece, fed ${step} bytes at a time`, async () => {
      const whole = await split(splitter, text, step);
      for (const [i, { next }] of whole.entries()) {
        const rest = await split(splitter, text, step, next);
        expect(rest).toEqual(whole.slice(i + 1));
      }
    });
  }

  test(`a piece that is too long is cut, and the next is whole, fed ${step} at a time`, async () => {
    const long = `"${"x".repeat(60)}"`;
    for (const pieces of [
      await split(splitLines, `${long}\n1\n`, step),
      await split(splitArray, `[${long},1]`, step),
    ]) {
      expect(texts(pieces)).toEqual([long.slice(0, 40), "1"]);
      expect(pieces.map(({ isTooLong }) => isTooLong)).toEqual([true, false]);
    }
  });
}

const BROKEN: [string, RegExp][] = [
  ["", /the input is empty/],
  ["{}", /line 1, byte 0: expected an array: \[; found \{/],
  ["[,1]", /expected a record or \]; found ,/],
  ["[1,]", /expected a record; found \]/],
  ["[{}\n{}]", /line 2, byte 4: expected , or \]; found \{/],
  ["[1}", /expected , or \]; found \}/],
  ["[1] 2", /expected nothing more; found 2/],
  ["[1, 2", /cut short/],
  ['["x', /cut short/],
];

for (const [text, reason] of BROKEN) {
  test(`${JSON.stringify(text)} is broken: ${reason.source}`, async () => {
    await expect(split(splitArray, text, 1)).rejects.toThrow(reason);
    await expect(split(splitArray, text, 100)).rejects.toBeInstanceOf(BrokenInput);
  });
}

test("what is whole before the fault comes out before it", async () => {
  const seen: string[] = [];
  const chunks = (async function* () {
    yield Buffer.from("[1,2}");
    await Promise.resolve();
  })();
  const reading = (async () => {
    for await (const run of splitArray(chunks, START)) seen.push(...texts(run));
  })();
  await expect(reading).rejects.toThrow(BrokenInput);
  expect(seen).toEqual(["1", "2"]);
});
