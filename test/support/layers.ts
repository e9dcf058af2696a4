/**
 * The layers of src, and what breaks them.
 *
 * A module is a folder of src, or a file that lies in src itself, by its name. Each states which
 * modules it may import and whether it may touch the file system or use packages; what is not
 * stated is forbidden, and a module that is not in the table is an error, so a new folder has to
 * say where it belongs. Imports of types count as imports: a type is knowledge too.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

export interface Layer {
  /** Modules of ours that this one may import, besides itself. */
  readonly imports: readonly string[];
  /** Whether it may import node:fs. */
  readonly files?: true;
  /** Packages from npm that it may import; absent is any. */
  readonly packages?: readonly string[];
  /** Whether it must run where there is no node: then it may not import a module of node's. */
  readonly noNode?: true;
  /** Modules of `imports` of which it may import types alone, so that none of their code comes along. */
  readonly typesFrom?: readonly string[];
}

export type Layers = Readonly<Record<string, Layer>>;

/** One import, as it is written: `from` is a path under src, `specifier` what stands in quotes. */
export interface Import {
  readonly from: string;
  readonly specifier: string;
  /** `import type` or `export type ... from`, which the compiler erases. */
  readonly isType?: boolean;
}

const ENGINE = ["base", "disk", "format", "memory", "log", "store"];

export const LAYERS: Layers = {
  base: { imports: [], packages: [] },
  disk: { imports: ["base"], files: true, packages: [] },
  format: { imports: ["base"], packages: [] },
  memory: { imports: ["base"], packages: [] },
  log: { imports: ["base", "disk", "format"], packages: [] },
  store: { imports: ["base", "disk", "format", "memory", "log"], packages: ["yaml"] },
  http: { imports: ["base", "store"] },
  resp: { imports: ["base", "memory", "store"], packages: [] },
  "server.ts": { imports: [...ENGINE, "http", "resp"] },
  "index.ts": { imports: ENGINE, packages: [] },
  client: { imports: ["base"], typesFrom: ["base"], packages: [], noNode: true },
  cli: { imports: ["base", "store", "server.ts", "client"], files: true },
};

/** A sentence for each import that the layers forbid; empty when all is well. */
export function violations(imports: readonly Import[], layers: Layers): string[] {
  return imports.flatMap((each) => {
    const module = moduleOf(each.from);
    const layer = Object.hasOwn(layers, module) ? layers[module] : undefined;
    const reason =
      layer === undefined ? `${module} is in no layer` : reasonAgainst(each, module, layer);
    return reason === null ? [] : [`${each.from}: ${reason}`];
  });
}

/** Every import of every source under `src`, tests left out; a file without any gives none. */
export function importsUnder(src: string): Import[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .flatMap((from) => {
      const text = readFileSync(join(src, from), "utf8");
      const { importedFiles } = ts.preProcessFile(text);
      return importedFiles.map(({ fileName, pos }) => {
        return { from, specifier: fileName, isType: TYPE_ONLY.test(text.slice(0, pos)) };
      });
    });
}

/** What stands before the specifier of an import or export of types alone. */
const TYPE_ONLY = /(?:^|\n)(?:import|export) type [^;"']*from\s*["']?$/;

function reasonAgainst(each: Import, module: string, layer: Layer): string | null {
  const { from, specifier } = each;
  if (specifier.startsWith(".")) {
    const target = posix.join(dirname(from), specifier);
    if (target.startsWith("..")) return `imports ${specifier}, outside of src`;
    const other = moduleOf(target);
    if (other === module) return null;
    if (layer.typesFrom?.includes(other) === true && each.isType !== true) {
      return `${module} may import nothing but types from ${other} (${specifier})`;
    }
    if (layer.imports.includes(other)) return null;
    return `${module} may not import ${other} (${specifier})`;
  }
  if (specifier.startsWith("node:")) {
    if (layer.noNode === true) return `${module} may not import from node (${specifier})`;
    const isFiles = specifier === "node:fs" || specifier.startsWith("node:fs/");
    return isFiles && layer.files !== true ? `${module} may not touch the file system` : null;
  }
  const packages = layer.packages ?? [specifier];
  return packages.includes(specifier) ? null : `${module} may not use the package ${specifier}`;
}

function moduleOf(path: string): string {
  return path.split("/")[0] ?? path;
}
