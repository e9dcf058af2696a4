/**
 * Namespaces keep what belongs to different owners apart: tenants of a product, environments of one
 * application, services that share a server. A namespace exists as soon as it holds a key, and costs
 * nothing before.
 *
 *   npm run example -- namespaces
 */
import { PyKV } from "pykv/client";

const kv = new PyKV({ url: process.env.PYKV_URL });

interface Plan {
  readonly plan: string;
  readonly seats: number;
}

async function tenants(): Promise<void> {
  console.log("Tenants: the same key means something else to each of them.");
  const acme = kv.namespace("example:tenant:acme");
  const globex = kv.namespace("example:tenant:globex");
  await acme.set("subscription", { plan: "team", seats: 12 });
  await globex.set("subscription", { plan: "enterprise", seats: 900 });
  for (const tenant of [acme, globex]) {
    const { plan, seats } = (await tenant.get<Plan>("subscription"))!;
    console.log(`  ${tenant.namespaceName}: ${plan}, ${seats} seats`);
  }
  const removed = await acme.clear();
  const left = await globex.size();
  console.log(`  acme leaves: ${removed} key deleted, ${left} key of globex untouched`);
}

async function environments(): Promise<void> {
  console.log("Environments: one program, told apart by the namespace that it is started with.");
  const settings = { dev: "debug", staging: "info", production: "warn" };
  for (const [environment, logLevel] of Object.entries(settings)) {
    const client = kv.namespace(`example:env:${environment}`);
    await client.set("log-level", logLevel);
  }
  const environment = process.env.APP_ENV ?? "staging";
  const logLevel = await kv.namespace(`example:env:${environment}`).get<string>("log-level");
  console.log(`  in ${environment} the log level is ${logLevel}`);
}

async function services(): Promise<void> {
  console.log("Services: each has its own keys and its own figures on a shared server.");
  const orders = kv.namespace("example:service:orders");
  const billing = kv.namespace("example:service:billing");
  await orders.batch([
    { op: "set", key: "order:1", value: { item: "tea", count: 2 } },
    { op: "set", key: "order:2", value: { item: "cups", count: 6 } },
  ]);
  await billing.increment("invoices", 1);
  await orders.get("order:1");
  await orders.get("order:3");
  for (const service of [orders, billing]) {
    const { total_keys, cache_hits, cache_misses } = (await service.stats()).namespace_stats;
    const reads = `reads that hit ${cache_hits}, that missed ${cache_misses}`;
    console.log(`  ${service.namespaceName}: keys ${total_keys}, ${reads}`);
  }
}

async function tidyUp(): Promise<void> {
  for (const name of await kv.namespaces()) {
    if (/^example:(?:tenant|env|service):/.test(name)) await kv.namespace(name).clear();
  }
}

await tidyUp();
await tenants();
await environments();
await services();
await tidyUp();
