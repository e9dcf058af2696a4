/**
 * Clients as CLIENT LIST and CLIENT INFO show them: a line of `field=value` each, the fields and their
 * order being Redis's. What has no meaning here (memory of Redis's own buffers) is 0.
 */
import { MODE } from "./client.ts";
import type { Client } from "./client.ts";
import { databaseOf } from "./databases.ts";

/** What CLIENT LIST and CLIENT KILL may select by; there are no masters and replicas. */
export type ClientType = "normal" | "pubsub" | "master" | "replica";

const TYPES: ReadonlyMap<string, ClientType> = new Map([
  ["normal", "normal"],
  ["pubsub", "pubsub"],
  ["master", "master"],
  ["replica", "replica"],
  ["slave", "replica"],
]);

/** The type of that name, or null. */
export function clientTypeNamed(name: string): ClientType | null {
  return TYPES.get(name.toLowerCase()) ?? null;
}

export function typeOf(client: Client): ClientType {
  return client.isSubscribed ? "pubsub" : "normal";
}

/** Without the end of the line. */
export function clientLine(client: Client): string {
  const { door, link, transaction, namespace } = client;
  const nowMs = door.clock.nowMs();
  const ageSeconds = Math.floor((nowMs - client.createdMs) / 1000);
  const idleSeconds = Math.floor((door.clock.monotonicMs() - client.lastInputMs) / 1000);
  const isInMulti = (client.mode & MODE.multi) !== 0;
  const { outputBytes, queryBytes } = link;
  const transactionBytes = transaction?.bytes ?? 0;
  const database = databaseOf(namespace);
  const fields = [
    `id=${client.id}`,
    `addr=${link.remoteAddress}`,
    `laddr=${link.localAddress}`,
    `fd=${client.id}`,
    `name=${client.name}`,
    `age=${Math.max(0, ageSeconds)}`,
    `idle=${Math.max(0, idleSeconds)}`,
    `flags=${flagsOf(client)}`,
    `db=${database}`,
    `sub=${client.channels?.size ?? 0}`,
    `psub=${client.patterns?.size ?? 0}`,
    `ssub=${client.shardChannels?.size ?? 0}`,
    `multi=${isInMulti ? transaction!.length : -1}`,
    `qbuf=${queryBytes}`,
    "qbuf-free=0",
    "argv-mem=0",
    `multi-mem=${transactionBytes}`,
    "rbs=0",
    "rbp=0",
    `obl=${outputBytes}`,
    "oll=0",
    `omem=${outputBytes}`,
    `tot-mem=${queryBytes + outputBytes + transactionBytes}`,
    `events=${outputBytes > 0 ? "rw" : "r"}`,
    `cmd=${client.lastCommand === "" ? "NULL" : client.lastCommand}`,
    `user=${client.user}`,
    `redir=${redirectionOf(client)}`,
    `resp=${client.resp}`,
    `lib-name=${client.libraryName}`,
    `lib-ver=${client.libraryVersion}`,
  ];
  if (database < 0) fields.push(`namespace=${namespace}`);
  return fields.join(" ");
}

/** The client that invalidations go to: 0 itself, -1 when it does not track. */
function redirectionOf(client: Client): number {
  return client.tracking?.options.redirect ?? -1;
}

function flagsOf(client: Client): string {
  const { mode, tracking } = client;
  let flags = "";
  if ((mode & MODE.monitor) !== 0) flags += "O";
  if (client.isSubscribed) flags += "P";
  if ((mode & MODE.multi) !== 0) flags += "x";
  if (tracking !== null) flags += "t";
  if (tracking?.isBroken === true) flags += "R";
  if (tracking?.options.isBroadcast === true) flags += "B";
  if (client.transaction?.isTouched === true) flags += "d";
  if (client.isNoEvict) flags += "e";
  if (client.isNoTouch) flags += "T";
  return flags === "" ? "N" : flags;
}
