/**
 * Keyspace events with their databases, and those that only some listen for: keys that are new, keys
 * that are missed. For commands that reach across databases; resp-events.ts has the plain form.
 */
import type { Door } from "../../src/resp/door.ts";
import { CHANGE } from "../../src/store/observer.ts";

/** Lines such as `set default k`; a key that was not there before gives `new default k` first. */
export function recordKeyEvents({ changes, engine }: Door): string[] {
  const events: string[] = [];
  const note = (
    event: string,
    name: string,
    bytes: Uint8Array,
    at: number,
    length: number,
  ): void => {
    events.push(
      `${event} ${name} ${Buffer.from(bytes.subarray(at, at + length)).toString("latin1")}`,
    );
  };
  changes.setNotifier({
    wantsMisses: true,
    changed: (change, event, namespace, bytes, at, length) => {
      const name = engine.table.namespaces.name(namespace);
      if (change === CHANGE.created) note("new", name, bytes, at, length);
      note(event, name, bytes, at, length);
    },
    notify: note,
  });
  return events;
}
