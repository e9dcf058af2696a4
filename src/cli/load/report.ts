/**
 * What a load test found out: plain data, from which the text, the JSON and the HTML page are made.
 * docs/load-testing.md explains the fields.
 */
import type { Distribution } from "./key-choice.ts";
import type { Ratios } from "./operations.ts";
import type { PhaseFigures } from "./recorder.ts";
import type { ValueBytes } from "./values.ts";
import type { Violation } from "./verifier.ts";

/** What was asked for. */
export interface LoadSettings {
  readonly operations: number | null;
  readonly durationMs: number | null;
  readonly concurrent: number;
  /** Operations a second of an open loop; null is a closed one. */
  readonly perSecond: number | null;
  readonly ratios: Ratios;
  readonly keys: number;
  readonly keyDistribution: Distribution;
  readonly valueBytes: ValueBytes;
  readonly ttlMs: number | null;
  readonly namespaces: readonly string[];
  readonly seed: number;
  readonly warmupMs: number;
  readonly prefill: boolean;
}

export interface Verification {
  /** Replies that were held against what was acknowledged. */
  readonly judged: number;
  /** Replies about keys that nothing can be said about any more. */
  readonly notJudged: number;
  /** Keys with a reply that nothing explains. */
  readonly violations: number;
  readonly examples: readonly (Omit<Violation, "key"> & {
    readonly namespace: string;
    readonly key: string;
  })[];
}

export interface LoadReport {
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly target: string;
  readonly settings: LoadSettings;
  readonly figures: PhaseFigures;
  /** Of warm-up and prefill, which are counted nowhere else. */
  readonly errorsBefore: number;
  /** Null unless asked for. */
  readonly verification: Verification | null;
  readonly isInterrupted: boolean;
  /** What keeps the keys from being deleted, if anything. */
  readonly leftBehind: string | null;
}

const DECIMALS = 4;

/** JSON, with fractions cut to what was measured. */
export function jsonText(value: unknown, indent?: number): string {
  const cut = (_key: string, each: unknown): unknown =>
    typeof each === "number" && !Number.isInteger(each) ? Number(each.toFixed(DECIMALS)) : each;
  return `${JSON.stringify(value, cut, indent)}\n`;
}

/** What was asked for, in pairs of a name and words. */
export function settingsInWords(settings: LoadSettings): readonly (readonly [string, string])[] {
  const { ratios, keyDistribution, valueBytes, namespaces } = settings;
  const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
  const { min, max } = valueBytes;
  const zipf =
    keyDistribution.kind === "zipf" ? ` with exponent ${String(keyDistribution.exponent)}` : "";
  const first = namespaces[0] ?? "";
  return [
    ["loop", settings.perSecond === null ? "closed" : `open, ${settings.perSecond} a second`],
    ["connections", String(settings.concurrent)],
    [
      "operations",
      `${percent(ratios.get)} get, ${percent(ratios.set)} set, ${percent(ratios.delete)} delete`,
    ],
    ["keys", `${settings.keys}, ${keyDistribution.kind}${zipf}`],
    ["values", min === max ? `${min} bytes` : `${min} to ${max} bytes`],
    ["time to live", settings.ttlMs === null ? "none" : `${settings.ttlMs / 1000} s`],
    [
      "namespaces",
      namespaces.length === 1 ? first : `${namespaces.length}: ${first} to ${namespaces.at(-1)!}`,
    ],
    ["seed", String(settings.seed)],
  ];
}
