/**
 * Configuration that many change at the same time without losing a change: read it with its version,
 * change it, and write it on the condition that the version is still that one. Whoever was overtaken
 * reads again. What belongs together is switched in one atomic batch.
 *
 *   npm run example -- configuration
 */
import { PyKV, PyKVError } from "pykv/client";

interface Limits {
  readonly uploadsPerDay: number;
  readonly regions: readonly string[];
}

const kv = new PyKV({ url: process.env.PYKV_URL, namespace: "example:configuration" });

/** Makes the change, however many others change the same; returns how often it was overtaken. */
async function change(key: string, apply: (limits: Limits) => Limits): Promise<number> {
  for (let overtaken = 0; ; overtaken++) {
    const before = await kv.getWithMeta<Limits>(key);
    if (before === undefined) throw new Error(`there is no ${key}`);
    try {
      await kv.update(key, apply(before.value), { ifVersion: before.version });
      return overtaken;
    } catch (error) {
      if (!(error instanceof PyKVError && error.code === "CONDITION_FAILED")) throw error;
    }
  }
}

await kv.clear();
await kv.set<Limits>("limits", { uploadsPerDay: 100, regions: [] });

console.log("Ten operators add a region each, all at once:");
const names = ["ams", "cdg", "dub", "fra", "hel", "lhr", "mad", "osl", "vie", "zrh"];
const overtaken = await Promise.all(
  names.map((name) =>
    change("limits", (limits) => ({ ...limits, regions: [...limits.regions, name].sort() })),
  ),
);
const { regions } = (await kv.get<Limits>("limits"))!;
const tries = overtaken.reduce((sum, times) => sum + times + 1, 0);
console.log(`  ${regions.join(" ")}: all ${regions.length} are there, after ${tries} tries`);

console.log("Someone who worked on an old version is told so:");
const old = (await kv.getWithMeta<Limits>("limits"))!;
await change("limits", (limits) => ({ ...limits, uploadsPerDay: 200 }));
try {
  await kv.update("limits", { ...old.value, uploadsPerDay: 50 }, { ifVersion: old.version });
} catch (error) {
  console.log(`  ${(error as PyKVError).code}, and uploadsPerDay stays`, await uploadsPerDay());
}

console.log("A release switches two keys together, or neither of them:");
await kv.set("release", "blue");
const release = (await kv.getWithMeta<string>("release"))!;
await kv.batch([
  { op: "set", key: "release", value: "green", ifVersion: release.version },
  { op: "set", key: "release:previous", value: release.value },
]);
const now = await kv.get<string>("release");
console.log(`  now ${now}, before that ${await kv.get<string>("release:previous")}`);
await kv.clear();

async function uploadsPerDay(): Promise<number> {
  return (await kv.get<Limits>("limits"))!.uploadsPerDay;
}
