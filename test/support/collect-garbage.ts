/**
 * Collects garbage after each test file of a worker that runs many of them.
 *
 * A table reserves addresses up to its limit, of which only the pages that are written take memory.
 * V8 doesn't hurry to collect what costs so little, and the kernel refuses to start a program from a
 * process that has reserved more than the machine's memory in one piece (`spawn ENOMEM`), which the
 * tables of a few dozen finished tests are, side by side.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll } from "vitest";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

afterAll(collect);
