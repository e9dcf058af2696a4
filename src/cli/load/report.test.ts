/** The report in its three forms, from the same data. */
import { expect, test } from "vitest";
import { Recorder } from "./recorder.ts";
import { reportPage } from "./report-page.ts";
import { reportText } from "./report-text.ts";
import { jsonText, type LoadReport, type LoadSettings } from "./report.ts";

const SETTINGS: LoadSettings = {
  operations: null,
  durationMs: 10_000,
  concurrent: 20,
  perSecond: null,
  ratios: { get: 0.7, set: 0.2, delete: 0.1 },
  keys: 100,
  keyDistribution: { kind: "zipf", exponent: 0.99 },
  valueBytes: { min: 100, max: 200 },
  ttlMs: null,
  namespaces: ["default"],
  seed: 7,
  warmupMs: 0,
  prefill: false,
};

const NASTY = `<script>alert("x")</script>&'`;

/** Ten seconds of load: latencies of 1 to 10 ms, and an error each second. */
function makeReport(
  more: Partial<LoadReport> = {},
  settings: Partial<LoadSettings> = {},
): LoadReport {
  const recorder = new Recorder(0);
  for (let i = 0; i < 1000; i++) {
    const endMs = i * 10;
    const dueMs = endMs - 1 - (i % 10);
    recorder.success(
      i % 10 === 0 ? "set" : "get",
      { dueMs, sentMs: endMs - 1, endMs },
      i % 4 !== 0,
    );
    if (i % 100 === 0) recorder.failure(i === 0 ? NASTY : "HTTP 503 DISK_FULL", endMs);
  }
  return {
    version: "0.1.0",
    startedAt: "2026-01-02T03:04:05.678Z",
    target: "http://127.0.0.1:8000",
    settings: { ...SETTINGS, ...settings },
    figures: recorder.figures(10_000, 0),
    errorsBefore: 0,
    verification: null,
    isInterrupted: false,
    leftBehind: null,
    ...more,
  };
}

function emptyReport(): LoadReport {
  return makeReport({ figures: new Recorder(0).figures(100, 0) });
}

const WRONG = {
  ...{ judged: 1000, notJudged: 3, violations: 30 },
  examples: [
    {
      kind: "stale",
      operation: "get",
      expected: "write 3",
      got: NASTY,
      atMs: 1500,
      namespace: "a",
      key: "load:1",
    },
  ],
} satisfies LoadReport["verification"];

test("the text tells rate, latencies, what was found, and errors by kind", () => {
  const text = reportText(makeReport(), { color: false });
  expect(text).toContain("1,000 operations in 10.0 s: 100/s");
  expect(text).toMatch(/^get +900 +90\/s/m);
  expect(text).toMatch(/^set +100 +10\/s/m);
  expect(text).toMatch(/10 errors\n {2}9 {2}HTTP 503 DISK_FULL\n {2}1 {2}<script>/);
  expect(text).toMatch(/\d\.\d % of the gets found a value/);
  expect(text).not.toContain("\u001b");
});

test("an open loop has a row from when operations were sent, and tells what was not", () => {
  const { figures } = makeReport();
  const report = makeReport({ figures: { ...figures, unsent: 1234 } }, { perSecond: 100 });
  const text = reportText(report, { color: false });
  expect(text).toMatch(/^all, once sent .* 1\.00 ms$/m);
  expect(text).toContain("1,234 operations were due and never sent");
  expect(reportPage(report)).toContain("1,234 operations were due and never sent");
});

test("violations are told with key, expected and got", () => {
  const text = reportText(makeReport({ verification: WRONG }), { color: false });
  expect(text).toContain("30 keys answered wrongly, of 1,000 replies (3 more could not be judged)");
  expect(text).toMatch(/1\.5 s {2}get of load:1 in a: stale\n +expected write 3\n +got +<script>/);
  expect(text).toContain("and 29 more");
});

test("JSON is the data, with fractions cut", () => {
  const report = makeReport({ verification: WRONG });
  const parsed = JSON.parse(jsonText(report)) as LoadReport;
  expect(parsed.figures.operations).toBe(1000);
  expect(parsed.verification).toEqual(WRONG);
  expect(JSON.stringify(parsed.figures)).not.toMatch(/\.\d{5}/);
});

test("the page needs nothing from anywhere, and escapes what comes from outside", () => {
  const target = `http://${NASTY}/`;
  const page = reportPage(makeReport({ target, verification: WRONG, leftBehind: NASTY }));
  expect(page).not.toContain("<script>alert");
  expect(
    page.match(/&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;&amp;&#39;/g),
  ).toHaveLength(5);
  expect(page).not.toMatch(/\b(src|href)=|url\(|@import/);
  expect(page).not.toMatch(/NaN|Infinity|undefined|null,/);
  expect(page.match(/<svg/g)).toHaveLength(4);
});

test("a run in which nothing succeeded has a report too", () => {
  const report = emptyReport();
  expect(reportText(report, { color: false })).toContain("0 operations");
  const page = reportPage(report);
  expect(page).toContain("No operation succeeded");
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
});

test("a run of one operation has charts without holes in them", () => {
  const recorder = new Recorder(0);
  recorder.success("get", { dueMs: 0, sentMs: 0, endMs: 3 }, true);
  const page = reportPage(makeReport({ figures: recorder.figures(3, 0) }));
  expect(page).toContain("<circle");
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
});
