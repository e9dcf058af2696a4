import { expect, test } from "vitest";
import { environmentName, OPTIONS, type Declaration } from "./declaration.ts";
import { configurationMarkdown, defaultText, optionsHelp } from "./document.ts";

const specs = Object.values<Declaration[string]>(OPTIONS);

for (const columns of [60, 80, 100]) {
  test(`the help names every option and stays within ${columns} columns`, () => {
    const help = optionsHelp(columns);
    for (const spec of specs) {
      expect(help).toMatch(new RegExp(`^  --${spec.flag}( <|$)`, "m"));
      expect(help).toContain(environmentName(spec));
    }
    const prose = help.split("\n").filter((line) => !line.startsWith("  --"));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(columns);
  });
}

test("the document has a section for every option, with its default", () => {
  const text = configurationMarkdown();
  for (const spec of specs) {
    const [, section = ""] = text.split(new RegExp(`^### \`--${spec.flag}[ \`]`, "m"));
    expect(section.split("### ")[0]).toContain(defaultText(spec));
  }
});

test("the default of the memory limit is told as a rule, not as this machine's number", () => {
  expect(configurationMarkdown()).toContain("- Default: half of the machine's memory, at most 4gb");
  expect(optionsHelp(200)).toContain("Default: half of the machine's memory, at most 4gb.");
});

test("every option has a name, a variable and a flag of its own", () => {
  expect(new Set(specs.map((spec) => spec.flag)).size).toBe(specs.length);
  expect(new Set(specs.map(environmentName)).size).toBe(specs.length);
});
