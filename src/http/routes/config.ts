/** What the server was told to do: every option with its value, where it came from, and what it means. */
import type { LoadedOptions } from "../../store/options/load.ts";
import { environmentName, OPTIONS } from "../../store/options/declaration.ts";
import type { Declaration, OptionName } from "../../store/options/declaration.ts";
import type { OptionSource } from "../../store/options/sources.ts";
import type { App, HttpContext } from "../context.ts";
import { operation, replies } from "../describe.ts";
import { recordDone, sendJson } from "../reply.ts";
import { ConfigReply } from "../reply-schemas-server.ts";
import { NoQuery } from "../schemas.ts";

const config = { operation: "other" as const };

/** In place of a value that is never shown. */
const MASK = "********";
/** Defaults that depend on the machine are given by their rule, so any will do. */
const ANY_MACHINE = { memoryBytes: 0 };

export function configRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "getConfig",
      summary: "The configuration in force",
      tag: "administration",
      description:
        "Each option with its value as a flag would be given it, and where that came from: " +
        "`runtime` is a change since the start (CONFIG SET). Secrets are masked.",
    }),
    querystring: NoQuery,
    response: replies({ 200: { description: "The options", schema: ConfigReply } }),
  };
  // The store may have less than was asked for from the start: that is no change.
  const liveAtStart = context.liveOptions();
  app.get("/config", { schema, config }, (request, reply) => {
    const names = Object.keys(OPTIONS) as OptionName[];
    const live = context.liveOptions();
    const options = names.map((name) => describe(name, context.loaded, liveAtStart, live));
    recordDone(context, "other", request, 200);
    sendJson(reply, 200, JSON.stringify({ options }));
  });
}

function describe(
  name: OptionName,
  loaded: LoadedOptions,
  liveAtStart: ReadonlyMap<OptionName, unknown>,
  live: ReadonlyMap<OptionName, unknown>,
): object {
  const spec = (OPTIONS as Declaration)[name]!;
  const atStart = liveAtStart.has(name) ? liveAtStart.get(name) : loaded.options[name];
  const value = live.has(name) ? live.get(name) : atStart;
  const text = spec.format(value);
  const isChanged = text !== spec.format(atStart);
  const isHidden = spec.secret === true && value !== null;
  return {
    name: spec.flag,
    group: spec.group,
    value: isHidden ? MASK : text,
    default: spec.defaultRule ?? spec.format(spec.defaultFor(ANY_MACHINE)),
    ...(isChanged ? { source: "runtime", source_name: null } : sourceOf(loaded.sources[name])),
    environment: environmentName(spec),
    accepts: spec.expects,
    description: spec.doc,
    secret: spec.secret === true,
  };
}

function sourceOf(source: OptionSource): object {
  const { from } = source;
  if (from === "file") return { source: from, source_name: source.path };
  const isNamed = from === "flag" || from === "environment";
  return { source: from, source_name: isNamed ? source.name : null };
}
