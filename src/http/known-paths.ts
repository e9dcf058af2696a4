/**
 * Which methods each path takes, collected as routes are registered: what tells an unknown path (404)
 * from a known one that was asked the wrong way (405).
 */
import type { RouteOptions } from "fastify";

interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** The one route that any path of one segment matches; it makes no path known. */
const CATCH_ALL = "/:key";

export class KnownPaths {
  readonly #paths = new Map<string, KnownPath>();

  add({ url, method }: Pick<RouteOptions, "url" | "method">): void {
    if (url === CATCH_ALL) return;
    const known = this.#paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    this.#paths.set(url, known);
    for (const one of [method].flat()) known.methods.add(one);
  }

  /** The methods of a path, as in Allow; none when no route knows it. */
  methodsOf(path: string): string[] {
    const methods = new Set<string>();
    for (const known of this.#paths.values()) {
      if (!known.pattern.test(path)) continue;
      for (const method of known.methods) methods.add(method);
    }
    return [...methods].sort();
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split("/")
    .map((segment) => {
      if (segment.startsWith(":")) return "[^/]*";
      return segment === "*" ? ".*" : segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    })
    .join("/");
  return new RegExp(`^${source}$`, "s");
}
