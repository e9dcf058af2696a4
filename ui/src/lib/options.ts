/** Which options are shown, and in which order. */
import { formatBytes } from "./format.ts";
import type { Option } from "./server.ts";

/** Those that hold every word of the search in their name, value or meaning. */
export function matching(
  options: readonly Option[],
  search: string,
  isSetOnly: boolean,
): readonly Option[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return options.filter((option) => {
    if (isSetOnly && option.source === "default") return false;
    const text = `${option.name} ${option.environment} ${option.value} ${option.description}`;
    return words.every((word) => text.toLowerCase().includes(word));
  });
}

/** By group, in the order of the declaration. */
export function groupsOf(options: readonly Option[]): [string, Option[]][] {
  const groups = new Map<string, Option[]>();
  for (const option of options) {
    groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  }
  return [...groups];
}

/** The value as people read it: a size that is no round number is told in bytes by the server. */
export function readable({ value, accepts }: Pick<Option, "value" | "accepts">): string {
  if (value === "") return "none";
  return accepts.startsWith("a size") && /^\d{4,}$/.test(value)
    ? formatBytes(Number(value))
    : value;
}
