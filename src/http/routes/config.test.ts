/** GET /config: where each value came from, what has changed since, and what is never shown. */
import { expect, test } from "vitest";
import { makeServer } from "../../../test/support/http.ts";
import { memoryStoreOn } from "../../../test/support/store-harness.ts";
import type { OptionName } from "../../store/options/declaration.ts";
import { loadOptions } from "../../store/options/load.ts";
import type { HttpContext } from "../context.ts";

interface Shown {
  readonly name: string;
  readonly value: string;
  readonly default: string;
  readonly source: string;
  readonly source_name: string | null;
}

async function configOf(live: HttpContext["liveOptions"]): Promise<Map<string, Shown>> {
  const loaded = loadOptions({
    argv: ["--port", "9000", "--max-memory", "64mb"],
    env: { PYKV_PASSWORD: "hush", PYKV_FSYNC: "everysec" },
    file: { path: "/etc/pykv.yaml", text: "capacity: 7\nport: 1" },
    machine: { memoryBytes: 2 ** 31 },
  });
  const { app } = await makeServer(memoryStoreOn, {}, { loaded, liveOptions: live });
  const reply = await app.inject({ url: "/config", headers: { host: "localhost" } });
  await app.close();
  expect(reply.body).not.toContain("hush");
  const { options } = reply.json<{ options: Shown[] }>();
  return new Map(options.map((each) => [each.name, each]));
}

test("each option tells its value and its source", async () => {
  const config = await configOf(() => new Map());
  const shown = (name: string) => {
    const { value, source, source_name: from } = config.get(name)!;
    return [value, source, from];
  };
  expect(shown("port")).toEqual(["9000", "flag", "--port"]);
  expect(shown("fsync")).toEqual(["everysec", "environment", "PYKV_FSYNC"]);
  expect(shown("capacity")).toEqual(["7", "file", "/etc/pykv.yaml"]);
  expect(shown("eviction")).toEqual(["lru", "default", null]);
  expect(shown("password")).toEqual(["********", "environment", "PYKV_PASSWORD"]);
  expect(config.get("max-memory")!.default).toBe("half of the machine's memory, at most 4gb");
});

test("what was changed while the server runs is told with its new value", async () => {
  const config = await configOf(
    liveSequence(
      { fsync: "everysec", eviction: "lru", memoryBytesMax: 2 ** 25 },
      { fsync: "no", eviction: "lru", memoryBytesMax: 2 ** 25 },
    ),
  );
  expect(config.get("fsync")).toMatchObject({ value: "no", source: "runtime", source_name: null });
  expect(config.get("eviction")).toMatchObject({ value: "lru", source: "default" });
  // Less than the flag asked for, and so from the start.
  expect(config.get("max-memory")).toMatchObject({ value: "32mb", source: "flag" });
});

test("a password that was set while the server runs is masked too", async () => {
  const config = await configOf(liveSequence({ password: null }, { password: "hush" }));
  expect(config.get("password")).toMatchObject({ value: "********", source: "runtime" });
});

/** Says the first when the server starts, the second when it is asked. */
function liveSequence(atStart: object, later: object): HttpContext["liveOptions"] {
  let calls = 0;
  return () => {
    const values = Object.entries(calls++ === 0 ? atStart : later);
    return new Map(values as [OptionName, unknown][]);
  };
}
