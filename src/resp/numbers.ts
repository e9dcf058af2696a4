/** Integers in text, where the commands look for them. */
export { INTEGER_MAX, INTEGER_MIN, parseInteger, parseSafeInteger } from "../base/integers.ts";
