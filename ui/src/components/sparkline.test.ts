import { expect, test } from "vitest";
import { pathsOf } from "./sparkline.tsx";

test("the largest value is at the top, nothing at the bottom", () => {
  expect(pathsOf([0, 5, 10]).line).toBe("M0 100L1 50L2 0");
});

test("what lies below the line ends at the bottom", () => {
  expect(pathsOf([10, 10]).area).toBe("M0 100L0 0L1 0L1 100Z");
});

test("a gap parts the line", () => {
  const { line, area } = pathsOf([1, null, 1]);
  expect(line).toBe("M0 0M2 0");
  expect(area).toBe("M0 100L0 0L0 100ZM2 100L2 0L2 100Z");
});

test("a given top counts instead of the largest value", () => {
  expect(pathsOf([1], 2).line).toBe("M0 50");
});

test("no values and only zeros draw no nonsense", () => {
  expect(pathsOf([])).toEqual({ line: "", area: "" });
  expect(pathsOf([0, 0]).line).toBe("M0 100L1 100");
});
