import { expect, test } from "vitest";
import { addLongDoubles, formatLongDouble, parseLongDouble } from "./long-double.ts";

/** As printf("%.17Lf") writes what strtold reads, without zeros at the end. */
function shown(text: string): string | null {
  const value = parseLongDouble(text);
  return value === null ? null : formatLongDouble(value);
}

for (const [text, expected] of [
  ["0", "0"],
  ["-0", "0"],
  ["-0.0e5", "0"],
  ["0e99999", "0"],
  ["1", "1"],
  ["+3", "3"],
  ["5.", "5"],
  [".5", "0.5"],
  ["-.5e-3", "-0.0005"],
  ["0.1", "0.1"],
  ["9476.08174", "9476.08173999999999992"],
  ["123456789012345678901234567890", "123456789012345678899921813504"],
  ["1e18", "1000000000000000000"],
  ["18446744073709551615", "18446744073709551615"],
  ["36893488147419103233", "36893488147419103232"],
  ["36893488147419103235", "36893488147419103236"],
  ["0.00000000000000001", "0.00000000000000001"],
  ["0.000000000000000004", "0"],
  ["-0.000000000000000004", "0"],
  ["0x10", "16"],
  ["-0X1.8p3", "-12"],
  ["0x.8", "0.5"],
  ["0x1p-16445", "0"],
  ["1e-4950", "0"],
  ["", null],
  [".", null],
  ["+", null],
  ["e1", null],
  ["1e", null],
  ["1e+", null],
  ["1.2.3", null],
  ["1_000", null],
  ["1\n", null],
  [" 1", null],
  ["1 ", null],
  ["0x", null],
  ["0x.p1", null],
  ["nan", null],
  ["1e-5000", null],
  ["1e99999999999999999999", null],
  ["0x1p-16446", null],
  ["1e4933", null],
  ["0x1p16384", null],
  ["1".repeat(5120), null],
] as const) {
  test(`${JSON.stringify(text.slice(0, 40))} is ${String(expected)}`, () =>
    expect(shown(text)).toBe(expected));
}

test("numbers up to the largest are read, and the next is none", () => {
  const largest = parseLongDouble("0xffffffffffffffffp16320");
  expect(largest).toEqual({ mantissa: 2n ** 64n - 1n, exponent: 16_320 });
  expect(formatLongDouble(largest!)).toHaveLength(4933);
  expect(parseLongDouble("0xffffffffffffffff8p16316")).toBeNull();
  expect(parseLongDouble("0xffffffffffffffff7p16316")).toEqual(largest);
});

test("what lies half way goes to the even neighbour, and a little more goes up", () => {
  const exact = 2n ** 64n;
  for (const [text, mantissa] of [
    [`${exact + 1n}`, 2n ** 63n],
    [`${exact + 1n}.0000000000000000000000000000000000000001`, 2n ** 63n + 1n],
    [`${exact + 3n}`, 2n ** 63n + 2n],
  ] as const) {
    expect(parseLongDouble(text)).toMatchObject({ mantissa, exponent: 1 });
  }
});

for (const [a, b, expected] of [
  ["10.5", "0.1", "10.6"],
  ["5.0e3", "2.0e2", "5200"],
  ["0.1", "0.2", "0.3"],
  ["1", "-1", "0"],
  ["-9007199254740992", "53.1974293", "-9007199254740938.802734375"],
  ["18446744073709551615", "1", "18446744073709551616"],
  ["18446744073709551616", "1", "18446744073709551616"],
  ["1e4000", "-1e4000", "0"],
  ["1.1e4932", "1.1e4932", null],
  ["inf", "1", null],
  ["inf", "-inf", null],
] as const) {
  test(`${a} + ${b} is ${String(expected)}`, () => {
    const sum = addLongDoubles(parseLongDouble(a)!, parseLongDouble(b)!);
    expect(sum === null ? null : formatLongDouble(sum)).toBe(expected);
  });
}
