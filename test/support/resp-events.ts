/** The keyspace events of a door, as words for tests to compare: the event and the key. */
import { latin1Slice } from "../../src/base/bytes.ts";
import type { Door } from "../../src/resp/door.ts";

/** What happens from now on, such as `set k`; what happened without a command begins with `-`. */
export function recordEvents({ changes }: Door): string[] {
  const events: string[] = [];
  const add = (event: string, bytes: Uint8Array, at: number, length: number): void => {
    events.push(`${event || "-"} ${latin1Slice(Buffer.from(bytes), at, at + length)}`);
  };
  changes.setNotifier({
    wantsMisses: false,
    changed: (_change, event, _namespace, bytes, at, length) => add(event, bytes, at, length),
    notify: (event, _namespace, bytes, at, length) => add(event, bytes, at, length),
  });
  return events;
}
