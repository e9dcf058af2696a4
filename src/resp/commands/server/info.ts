/** INFO: the server's figures by section, as text of `field:value` lines. */
import type { Args } from "../../args.ts";
import type { Command } from "../../command.ts";
import { infoSections } from "./info-sections.ts";
import type { Section } from "./info-sections.ts";

/** Sections that are shown only when they are asked for, or all are. */
const NOT_BY_DEFAULT: ReadonlySet<string> = new Set(["commandstats", "latencystats"]);

export const info: Command = {
  name: "info",
  arity: -1,
  flags: ["loading", "stale"],
  group: "server",
  categories: ["@dangerous"],
  since: "1.0.0",
  summary: "Returns information and statistics about the server.",
  complexity: "O(1)",
  arguments: [{ name: "section", type: "string", optional: true, multiple: true }],
  differs:
    "Fields of what does not exist here are left out or 0; namespaces beyond the 16 databases are " +
    "not in the section keyspace.",
  run: ({ door, out }, args) => {
    // What is being timed right now counts too.
    door.dispatcher.finish();
    const wanted = wantedSections(args);
    const texts = infoSections(door)
      .filter(({ title }) => wanted(title.toLowerCase()))
      .map(sectionText);
    out.verbatim(texts.join("\r\n"));
  },
};

function wantedSections(args: Args): (title: string) => boolean {
  const names = new Set<string>();
  for (let i = 1; i < args.count; i++) names.add(args.latin1(i).toLowerCase());
  const isEverything = names.has("everything");
  const isAll = isEverything || names.has("all");
  const isDefault = names.size === 0 || names.has("default");
  return (title) => {
    if (names.has(title) || isEverything) return true;
    if (title === "modules") return isDefault;
    return isAll || (isDefault && !NOT_BY_DEFAULT.has(title));
  };
}

function sectionText({ title, fields }: Section): string {
  const lines = fields().map(([name, value]) => `${name}:${value}\r\n`);
  return `# ${title}\r\n${lines.join("")}`;
}
