/**
 * The order in which keys are shown: by their characters, but runs of digits by the number they are,
 * so that user:9 stands before user:10.
 *
 * It is the lexicographic order over tokens, where a run of digits is one token (by its value, then by
 * its spelling) and any other character is one. That makes it a total order in which only equal keys
 * are equal, which the sorted list relies on. Case and language play no part: keys are bytes.
 *
 * Cost: one pass to the first difference, and over the digits around it.
 */

/** Negative, zero or positive, as `Array.sort` wants it. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === a.length && at === b.length) return 0;
  let start = at;
  while (start > 0 && isDigit(a, start - 1)) start -= 1;
  if (isDigit(a, start) && isDigit(b, start)) {
    const byValue = compareRuns(a, b, start, at);
    if (byValue !== 0) return byValue;
  }
  // What has ended comes first: NaN is less than nothing, so it is spelled out.
  if (at === a.length) return -1;
  if (at === b.length) return 1;
  return a.charCodeAt(at) - b.charCodeAt(at);
}

/** By value: without zeros in front, the longer run is the larger number. */
function compareRuns(a: string, b: string, start: number, differenceAt: number): number {
  const fromA = skipZeros(a, start);
  const fromB = skipZeros(b, start);
  const digitsA = endOfRun(a, fromA) - fromA;
  const digitsB = endOfRun(b, fromB) - fromB;
  if (digitsA !== digitsB) return digitsA - digitsB;
  // With as many zeros in front, all digits before the difference are known to be the same.
  const known = fromA === fromB ? Math.max(0, differenceAt - fromA) : 0;
  for (let i = known; i < digitsA; i++) {
    const difference = a.charCodeAt(fromA + i) - b.charCodeAt(fromB + i);
    if (difference !== 0) return difference;
  }
  return endOfRun(a, start) - endOfRun(b, start);
}

function skipZeros(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === ZERO) at += 1;
  return at;
}

function endOfRun(text: string, from: number): number {
  let at = from;
  while (isDigit(text, at)) at += 1;
  return at;
}

const ZERO = 48;
const NINE = 57;

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= NINE;
}
