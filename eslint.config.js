/**
 * The lint rules: what the compiler cannot see. Layout is prettier's, dead code is knip's.
 *
 * The typed rules that matter most here are those about promises: a write whose promise nobody
 * awaits is a write whose failure nobody hears of.
 */
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    ...["dist", "dist.*", "dist-tools", "dist-tools.*", "dist-ui", "dist-ui.*"],
    ...["coverage", "data"],
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error", noInlineConfig: true } },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      eqeqeq: "error",
      "no-console": "error",
      // Reads of typed arrays in hot loops need it: `view[i]!`.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-confusing-non-null-assertion": "off",
      // Numbers in messages are fine; objects are not.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => list.push(x)` and `void` shorthand read well.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // An interface may ask for a promise where one form of it has nothing to await.
      "@typescript-eslint/require-await": "off",
      // Type parameters that appear once still name what a function returns.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
    },
  },
  {
    // Benchmarks, scripts and examples talk to a terminal.
    files: ["bench/**/*.ts", "scripts/**/*.ts", "examples/**/*.ts"],
    rules: { "no-console": "off" },
  },
);
