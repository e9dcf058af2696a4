import { expect, test } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { PyKVError, type PyKVErrorCode } from "../../client/errors.ts";
import { Uploader, type Mark, type Sourced, type Upload } from "./uploader.ts";
import type { SetRequest, SetResult } from "./wire.ts";

/** A server whose requests the test answers, in the order that it likes. */
function harness(options: Partial<Upload> = {}) {
  const sent: { readonly keys: string[]; answer: (results: SetResult[]) => void }[] = [];
  const acknowledged: number[] = [];
  const refused: string[] = [];
  const outcomes = { stored: 0, kept: 0, expired: 0, refused: 0 };
  const uploader = new Uploader({
    send: (requests) =>
      new Promise((answer) => void sent.push({ keys: requests.map(({ key }) => key), answer })),
    clock: systemClock,
    ifAbsent: false,
    batchSize: 2,
    concurrency: 2,
    patienceMs: 1000,
    onWaiting: () => Promise.resolve(true),
    onRefused: ({ origin }, reason) => void refused.push(`${origin}: ${reason}`),
    onAcknowledged: ({ read }, { stored, kept, expired, refused: never }) => {
      acknowledged.push(read);
      outcomes.stored += stored;
      outcomes.kept += kept;
      outcomes.expired += expired;
      outcomes.refused += never;
    },
    ...options,
  });
  return { uploader, sent, acknowledged, refused, outcomes };
}

function sourced(key: string, deadlineMs: number | null = null): Sourced {
  const entry = { key, namespace: null, valueText: "1", isBase64: false, deadlineMs };
  return { entry, namespace: "n", origin: `key ${key}`, source: Buffer.from(key) };
}

const markAt = (read: number): Mark => ({
  place: { offset: read, line: read },
  read,
  bad: 0,
  filtered: 0,
});

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const none = (count: number): SetResult[] => Array.from({ length: count }, () => null);

function errorOf(code: PyKVErrorCode): PyKVError {
  return new PyKVError({ code, title: code, detail: "as said", status: 400, url: "" });
}

test("what is acknowledged is what all before it were answered, in whatever order", async () => {
  const { uploader, sent, acknowledged } = harness();
  for (const [i, key] of ["a", "b", "c", "d"].entries()) {
    await uploader.add(sourced(key), () => markAt(i + 1));
  }
  await turn();
  expect(sent.map(({ keys }) => keys)).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  sent[1]!.answer(none(2));
  await turn();
  expect(acknowledged).toEqual([]);
  sent[0]!.answer(none(2));
  await turn();
  expect(acknowledged).toEqual([2, 4]);
});

test("no more batches are under way than allowed", async () => {
  const { uploader, sent } = harness();
  const add = async () => {
    for (let i = 1; i <= 6; i++) await uploader.add(sourced(`k${i}`), () => markAt(i));
  };
  const adding = add();
  await turn();
  expect(sent).toHaveLength(2);
  sent[0]!.answer(none(2));
  await adding;
  expect(sent).toHaveLength(3);
});

test("two values of one key do not pass each other", async () => {
  const { uploader, sent } = harness();
  await uploader.add(sourced("a"), () => markAt(1));
  await uploader.add(sourced("b"), () => markAt(2));
  await uploader.add(sourced("b"), () => markAt(3));
  const adding = uploader.add(sourced("c"), () => markAt(4));
  await turn();
  expect(sent).toHaveLength(1);
  sent[0]!.answer(none(2));
  await adding;
  expect(sent[1]!.keys).toEqual(["b", "c"]);
});

test("an entry that makes the server refuse its batch is found, and the others are set", async () => {
  const stored: string[] = [];
  const send = (requests: readonly SetRequest[]): Promise<SetResult[]> => {
    if (requests.some(({ key }) => key === "bad")) throw errorOf("VALUE_TOO_LARGE");
    stored.push(...requests.map(({ key }) => key));
    return Promise.resolve(none(requests.length));
  };
  const { uploader, refused, outcomes } = harness({ batchSize: 5, send });
  for (const key of ["a", "b", "bad", "c"]) void uploader.add(sourced(key), () => markAt(4));
  await uploader.flush(markAt(4));
  expect(stored).toEqual(["a", "b", "c"]);
  expect(refused).toEqual(["key bad: VALUE_TOO_LARGE: as said"]);
  expect(outcomes).toEqual({ stored: 3, kept: 0, expired: 0, refused: 1 });
});

test("results are counted by what they are; those past their deadline are not sent", async () => {
  const results = [null, errorOf("CONDITION_FAILED"), errorOf("INVALID_VALUE")];
  const sizes: number[] = [];
  const send = (requests: readonly SetRequest[]): Promise<SetResult[]> => {
    sizes.push(requests.length);
    return Promise.resolve(results);
  };
  const { uploader, outcomes } = harness({ batchSize: 5, send });
  for (const key of ["a", "b", "c"]) void uploader.add(sourced(key), () => markAt(4));
  void uploader.add(sourced("late", 1), () => markAt(4));
  await uploader.flush(markAt(4));
  expect(sizes).toEqual([3]);
  expect(outcomes).toEqual({ stored: 1, kept: 1, expired: 1, refused: 1 });
});

test("a server that is away is asked again, as long as patience lasts", async () => {
  let nowMs = 0;
  let failures = 3;
  const waits: number[] = [];
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const send = (requests: readonly SetRequest[]): Promise<SetResult[]> => {
    if (failures-- > 0) throw errorOf("UNREACHABLE");
    return Promise.resolve(none(requests.length));
  };
  const onWaiting = (_reason: string, delayMs: number) => {
    waits.push(delayMs);
    nowMs += delayMs;
    return Promise.resolve(true);
  };
  const { uploader, acknowledged } = harness({ clock, send, onWaiting });
  void uploader.add(sourced("a"), () => markAt(1));
  await uploader.flush(markAt(1));
  expect(waits).toEqual([200, 400, 800]);
  expect(acknowledged).toEqual([1]);
  failures = 100;
  void uploader.add(sourced("b"), () => markAt(2));
  await expect(uploader.flush(markAt(2))).rejects.toThrow("UNREACHABLE");
  expect(acknowledged).toEqual([1]);
});

test("what is no entry's fault ends the upload, and nothing behind it counts", async () => {
  const { uploader, sent, acknowledged } = harness();
  for (let i = 1; i <= 4; i++) await uploader.add(sourced(`k${i}`), () => markAt(i));
  sent[1]!.answer(none(2));
  sent[0]!.answer([null, errorOf("MEMORY_FULL")]);
  await expect(uploader.flush(markAt(4))).rejects.toThrow("MEMORY_FULL");
  expect(acknowledged).toEqual([]);
});
