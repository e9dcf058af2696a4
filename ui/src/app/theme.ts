/**
 * The look: cool neutrals, one accent, small radii, dense type.
 *
 * Contrasts are chosen so that every text meets WCAG AA on every surface it stands on, in both
 * schemes; the axe tests hold it so.
 */
import { createTheme, localStorageColorSchemeManager } from "@mantine/core";
import type { CSSVariablesResolver, MantineColorsTuple } from "@mantine/core";

const iris: MantineColorsTuple = [
  "#f1f1fe",
  "#e2e2fb",
  "#c5c4f5",
  "#a5a4ef",
  "#8a89e8",
  "#7372e0",
  "#5f5dd6",
  "#4f4dc6",
  "#4341ab",
  "#38378f",
];

const gray: MantineColorsTuple = [
  "#f8f9fb",
  "#f1f2f5",
  "#e6e8ec",
  "#d8dbe1",
  "#bfc4cd",
  "#8b929f",
  "#5e6573",
  "#474d59",
  "#2d323b",
  "#1a1d23",
];

const dark: MantineColorsTuple = [
  "#d7dae0",
  "#b8bdc7",
  "#959ca9",
  "#5b626f",
  "#2c313a",
  "#23272f",
  "#191c22",
  "#111318",
  "#0c0e12",
  "#08090c",
];

const SANS = '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif';
const MONO = '"JetBrains Mono Variable", ui-monospace, "SF Mono", Menlo, Consolas, monospace';

export const theme = createTheme({
  colors: { iris, gray, dark },
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  black: "#14171c",
  defaultRadius: "sm",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  headings: {
    fontFamily: SANS,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "28px" },
      h2: { fontSize: "15px", lineHeight: "22px" },
      h3: { fontSize: "13px", lineHeight: "20px" },
    },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm" } },
    SegmentedControl: { defaultProps: { withItemsBorders: false } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, fz: "xs" } },
  },
});

/** Surfaces and lines by purpose, for the console's own styles. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-dimmed": "#5e6573",
    "--mantine-color-anchor": "#4341ab",
    "--mantine-color-default-border": "#d8dbe1",
    "--kv-canvas": "#f6f7f9",
    "--kv-surface": "#ffffff",
    "--kv-sunken": "#f1f2f5",
    "--kv-line": "#e6e8ec",
    "--kv-line-strong": "#d0d4db",
    "--kv-text": "#1a1d23",
    "--kv-muted": "#5e6573",
    "--kv-accent": "#4f4dc6",
    "--kv-accent-soft": "#eeeefd",
    "--kv-good": "#107a4b",
    "--kv-warn": "#945200",
    "--kv-bad": "#c22f35",
    "--kv-series-1": "#4f4dc6",
    "--kv-series-2": "#0d8f83",
    "--kv-series-3": "#c26a0a",
    "--kv-series-4": "#c43d7d",
    "--kv-series-5": "#7d8592",
    "--kv-code-name": "#4341ab",
    "--kv-code-string": "#0c6b4a",
    "--kv-code-number": "#8f4a00",
    "--kv-code-atom": "#a6306b",
    "--kv-shadow": "0 1px 2px rgb(16 20 28 / 5%)",
  },
  dark: {
    "--mantine-color-body": "#111318",
    "--mantine-color-dimmed": "#959ca9",
    "--mantine-color-anchor": "#a5a4ef",
    "--mantine-color-default-border": "#2c313a",
    "--kv-canvas": "#0c0e12",
    "--kv-surface": "#14171c",
    "--kv-sunken": "#191c22",
    "--kv-line": "#23272f",
    "--kv-line-strong": "#343a45",
    "--kv-text": "#e6e8ec",
    "--kv-muted": "#959ca9",
    "--kv-accent": "#8a89e8",
    "--kv-accent-soft": "#1e1f3a",
    "--kv-good": "#4fc48c",
    "--kv-warn": "#e2a33d",
    "--kv-bad": "#f2777a",
    "--kv-series-1": "#8a89e8",
    "--kv-series-2": "#3cc0b2",
    "--kv-series-3": "#e2a33d",
    "--kv-series-4": "#e680b0",
    "--kv-series-5": "#8b929f",
    "--kv-code-name": "#a5a4ef",
    "--kv-code-string": "#6fcf9f",
    "--kv-code-number": "#e6b15c",
    "--kv-code-atom": "#eb93bd",
    "--kv-shadow": "none",
  },
});

/** Where index.html looks before the first paint, too. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "pykv-color-scheme" });
