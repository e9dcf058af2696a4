/** How figures, colours and tables come out. */
import { expect, test } from "vitest";
import * as figures from "./figures.ts";
import { styleOf } from "./style.ts";
import { tableText } from "./table.ts";

const CASES: [keyof typeof figures, number, string][] = [
  ["countText", 0, "0"],
  ["countText", 1234567, "1,234,567"],
  ["rateText", 999, "999/s"],
  ["rateText", 12_345, "12.3k/s"],
  ["rateText", 1_500_000, "1.5M/s"],
  ["sizeText", 0, "0 B"],
  ["sizeText", 1023, "1,023 B"],
  ["sizeText", 1536, "1.5 KiB"],
  ["sizeText", 5 * 2 ** 40, "5.0 TiB"],
  ["sizeText", 5000 * 2 ** 40, "5000.0 TiB"],
  ["shareText", 0.4567, "45.7 %"],
  ["latencyText", 0.085, "85 us"],
  ["latencyText", 1.236, "1.24 ms"],
  ["latencyText", 85.25, "85.3 ms"],
  ["latencyText", 2100, "2.10 s"],
  ["durationText", 450, "450 ms"],
  ["durationText", 12_300, "12.3 s"],
  ["durationText", 200_000, "3m 20s"],
  ["durationText", 3_660_000, "1h 1m"],
  ["durationText", 187_200_000, "2d 4h"],
];

for (const [name, value, text] of CASES) {
  test(`${name}(${value}) is ${text}`, () => expect(figures[name](value)).toBe(text));
}

test("a table has titles over aligned columns, and no borders", () => {
  const columns = [{ title: "key" }, { title: "bytes", align: "right" as const }];
  const rows = [
    ["user:1", "5"],
    ["a", "1,024"],
  ];
  expect(tableText(columns, rows, { color: false })).toBe(
    "key     bytes\nuser:1      5\na       1,024\n",
  );
});

test("colours are there when they are wanted, and only then", () => {
  expect(styleOf({ color: true }).good("fine")).toBe("\x1b[32mfine\x1b[39m");
  expect(styleOf({ color: false }).good("fine")).toBe("fine");
});
