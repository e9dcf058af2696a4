/**
 * Numbers as INCRBYFLOAT reckons with them: the x87's extended precision, 64 bits of mantissa, in
 * BigInt.
 *
 * Redis adds in `long double` and prints 17 decimals. A double has 53 bits, and 10.5 + 0.1 would
 * show it: 17 decimals of the sum are 10.59999999999999964. So that clients see the same digits
 * from us, a number here is the one that strtold would read, a sum is rounded as the x87 rounds it
 * (to the nearest, ties to even), and the text is what printf writes, to the last digit.
 *
 * Everything is exact but the one rounding at the end of each step. Cost: microseconds for usual
 * numbers; the longest (4933 digits) take about a millisecond.
 */
const MANTISSA_BITS = 64;
/** The highest bit of the largest number, and the lowest of the smallest, as powers of two. */
const EXPONENT_END = 16_384;
const EXPONENT_MIN = -16_445;
const DECIMALS = 17;
const TEN_TO_DECIMALS = 10n ** BigInt(DECIMALS);
/** Powers of ten beyond these lie outside the range, whatever the digits before them. */
const DECIMAL_EXPONENT_MAX = 4_933;
const DECIMAL_EXPONENT_MIN = -4_952;
/** Bits of a quotient that are worked out: some more than are kept, so that rounding is right. */
const QUOTIENT_BITS = MANTISSA_BITS + 2;

/** Redis reads no longer text as a number. */
export const LONG_DOUBLE_TEXT_BYTES_MAX = 5 * 1024 - 1;

/** mantissa * 2 ** exponent; a mantissa of 64 bits at most. Infinite when the exponent is. */
export interface LongDouble {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const ZERO: LongDouble = { mantissa: 0n, exponent: 0 };
const INFINITE: LongDouble = { mantissa: 1n, exponent: Infinity };

const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:e([+-]?[0-9]+))?$/i;
const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?[0-9]+))?$/i;
const INFINITY = /^[+-]?inf(?:inity)?$/i;

/** The number that a text is; null when it is none, or one out of range. */
export function parseLongDouble(text: string): LongDouble | null {
  if (text.length > LONG_DOUBLE_TEXT_BYTES_MAX) return null;
  if (INFINITY.test(text)) return INFINITE;
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return read(decimal, fromDecimal);
  const hexadecimal = HEXADECIMAL.exec(text);
  return hexadecimal === null ? null : read(hexadecimal, fromHexadecimal);
}

/** The sum; null when it is not finite. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | null {
  if (a.exponent === Infinity || b.exponent === Infinity) return null;
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = shifted(a, exponent) + shifted(b, exponent);
  const rounded = round(sum < 0n ? -sum : sum, exponent, 0n);
  return rounded === null ? null : signed(rounded, sum < 0n);
}

/** Decimal digits without an exponent, at most 17 behind the point and no zeros at the end. */
export function formatLongDouble({ mantissa, exponent }: LongDouble): string {
  const isNegative = mantissa < 0n;
  const scaled = (isNegative ? -mantissa : mantissa) * TEN_TO_DECIMALS;
  const digits = exponent >= 0 ? scaled << BigInt(exponent) : shiftRight(scaled, -exponent, 0n);
  if (digits === 0n) return "0";
  const text = digits.toString().padStart(DECIMALS + 1, "0");
  const point = text.length - DECIMALS;
  let end = text.length;
  while (end > point && text[end - 1] === "0") end--;
  const decimals = end > point ? `.${text.slice(point, end)}` : "";
  return `${isNegative ? "-" : ""}${text.slice(0, point)}${decimals}`;
}

type Reader = (digits: string, decimals: number, power: number) => LongDouble | null;

function read(match: RegExpExecArray, reader: Reader): LongDouble | null {
  const [, sign, whole = "", decimals = "", power = "0"] = match;
  const digits = (whole + decimals).replace(/^0+/, "");
  if (whole + decimals === "") return null;
  if (digits === "") return ZERO;
  const value = reader(digits, decimals.length, Number(power));
  return value === null || value.mantissa === 0n ? null : signed(value, sign === "-");
}

function fromDecimal(digits: string, decimals: number, power: number): LongDouble | null {
  const exponent = power - decimals;
  const magnitude = digits.length + exponent;
  if (magnitude > DECIMAL_EXPONENT_MAX || magnitude < DECIMAL_EXPONENT_MIN) return null;
  const value = BigInt(digits);
  if (exponent >= 0) return round(value * 10n ** BigInt(exponent), 0, 0n);
  const divisor = 10n ** BigInt(-exponent);
  const shift = Math.max(0, QUOTIENT_BITS + bitLength(divisor) - bitLength(value));
  const dividend = value << BigInt(shift);
  return round(dividend / divisor, -shift, dividend % divisor);
}

function fromHexadecimal(digits: string, decimals: number, power: number): LongDouble | null {
  const exponent = power - decimals * 4;
  const magnitude = digits.length * 4 + exponent;
  if (magnitude > EXPONENT_END + 4 || magnitude < EXPONENT_MIN - 4) return null;
  return round(BigInt(`0x${digits}`), exponent, 0n);
}

/**
 * The nearest number to mantissa * 2 ** exponent, zero among them; null when it would be infinite.
 *
 * @param rest above 0 when the exact number is a little more than that
 */
function round(mantissa: bigint, exponent: number, rest: bigint): LongDouble | null {
  const excess = Math.max(bitLength(mantissa) - MANTISSA_BITS, EXPONENT_MIN - exponent, 0);
  const rounded = shiftRight(mantissa, excess, rest);
  if (rounded === 0n) return ZERO;
  if (bitLength(rounded) + exponent + excess > EXPONENT_END) return null;
  return { mantissa: rounded, exponent: exponent + excess };
}

/** value / 2 ** bits, to the nearest integer, ties to even; see `round` for `rest`. */
function shiftRight(value: bigint, bits: number, rest: bigint): bigint {
  if (bits === 0) return value;
  const by = BigInt(bits);
  const quotient = value >> by;
  const left = value - (quotient << by);
  const half = 1n << (by - 1n);
  const isTie = left === half && rest === 0n;
  const isUp = isTie ? (quotient & 1n) === 1n : left >= half;
  return isUp ? quotient + 1n : quotient;
}

function shifted({ mantissa, exponent }: LongDouble, to: number): bigint {
  return mantissa << BigInt(exponent - to);
}

function signed({ mantissa, exponent }: LongDouble, isNegative: boolean): LongDouble {
  return { mantissa: isNegative ? -mantissa : mantissa, exponent };
}

function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const text = value.toString(16);
  return text.length * 4 - Math.clz32(Number.parseInt(text[0]!, 16)) + 28;
}
