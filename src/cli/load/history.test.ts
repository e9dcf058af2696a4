/**
 * Histories that are right and histories that are wrong, written out; and random small ones, held
 * against a search through all orders.
 */
import { expect, test } from "vitest";
import { createRandom, randomBelow, type Random } from "../../base/random.ts";
import { History, TTL_SLACK_MS, type Rules, type State, type Wrong } from "./history.ts";

const PLAIN: Rules = { ttlMs: null, mayEvict: false };

/**
 * Plays a script: words in the order of events. `s1(` begins the set named s1, `)s1` is its reply;
 * `d1(` and `)d1` a delete that found something, `)d1-` one that did not; `r1(` a read, `)r1=s1` its
 * reply, `)r1=0` when it found nothing, `)r1=?` garbage. `)x~` is a reply that was lost, `)x!` a
 * refusal. `+500` lets milliseconds pass. Returns the kinds of what was found wrong.
 */
function play(script: string, rules = PLAIN): Wrong["kind"][] {
  const history = new History(rules);
  const begun = new Map<string, State | { started: State["started"] }>();
  const wrongs: Wrong["kind"][] = [];
  let tick = 0;
  let atMs = 0;
  const note = (wrong: Wrong | null): void => {
    if (wrong !== null) wrongs.push(wrong.kind);
  };
  for (const word of script.trim().split(/\s+/)) {
    const now = { tick: tick++, atMs };
    if (word.startsWith("+")) {
      atMs += Number(word.slice(1));
    } else if (word.endsWith("(")) {
      const name = word.slice(0, -1);
      if (name.startsWith("s")) begun.set(name, history.beginSet(now));
      else if (name.startsWith("d")) begun.set(name, history.beginDelete(now));
      else begun.set(name, (history.beginRead(now), { started: now }));
    } else {
      const [, name = "", how = ""] = /^\)(\w\d+)(.*)$/.exec(word)!;
      const it = begun.get(name)!;
      if (!("seq" in it)) {
        const of = how.slice(1);
        const seqOf = (set: string): number => (begun.get(set) as State).seq!;
        const got = of === "0" ? "nothing" : of === "?" ? "garbage" : seqOf(of);
        note(history.judge(got, it.started, now));
      } else if (how === "~") history.lose(it);
      else if (how === "!") note(history.refuse(it));
      else if (it.seq === null) note(history.acknowledgeDelete(it, how !== "-", now));
      else history.acknowledgeSet(it, now);
    }
  }
  return wrongs;
}

const RIGHT: [string, string][] = [
  ["a key that was never written is absent", "r1( )r1=0"],
  ["a delete of nothing finds nothing", "d1( )d1- r1( )r1=0"],
  ["what was acknowledged is read", "s1( )s1 r1( )r1=s1"],
  ["the later of two is read", "s1( )s1 s2( )s2 r1( )r1=s2"],
  ["a read beside a write finds nothing", "s1( r1( )r1=0 )s1 r2( )r2=s1"],
  ["a read beside a write finds the value before its reply", "s1( r1( )r1=s1 )s1"],
  ["a read that began before an overwrite returns the old", "s1( )s1 r1( s2( )s2 )r1=s1"],
  ["two writes at once end either way: the first", "s1( s2( )s1 )s2 r1( )r1=s1 r2( )r2=s1"],
  ["two writes at once end either way: the second", "s1( s2( )s2 )s1 r1( )r1=s2 r2( )r2=s2"],
  ["old, then new, while the write runs", "s1( )s1 s2( r1( )r1=s1 r2( )r2=s2 )s2 r3( )r3=s2"],
  ["reads at once see old and new", "s1( )s1 s2( r1( r2( )r1=s2 )r2=s1 )s2 r3( )r3=s2"],
  ["deleted is absent", "s1( )s1 d1( )d1 r1( )r1=0"],
  ["a delete beside a write: the write last", "s1( d1( )d1- )s1 r1( )r1=s1"],
  ["a delete beside a write: the delete last", "s1( d1( )s1 )d1 r1( )r1=0"],
  ["two deletes at once: one finds nothing", "s1( )s1 d1( d2( )d1 )d2- r1( )r1=0"],
  ["a lost write is there", "s1( )s1~ r1( )r1=s1 r2( )r2=s1"],
  ["a lost write is not there", "s1( )s1~ r1( )r1=0"],
  ["a lost write takes effect later", "s1( )s1~ r1( )r1=0 r2( )r2=s1"],
  ["a lost write takes effect after a later one", "s1( )s1~ s2( )s2 r1( )r1=s2 r2( )r2=s1"],
  ["a lost delete did happen", "s1( )s1 d1( )d1~ r1( )r1=0"],
  ["a lost delete did not happen", "s1( )s1 d1( )d1~ r1( )r1=s1"],
  ["a refused write leaves all as it was", "s1( )s1 s2( )s2! r1( )r1=s1"],
  ["a refused delete leaves all as it was", "s1( )s1 d1( )d1! r1( )r1=s1"],
  ["written again after a delete", "s1( )s1 d1( )d1 s2( )s2 r1( )r1=s2"],
  ["a slow read spans a write, a delete and a write", "r1( s1( )s1 d1( )d1 s2( )s2 )r1=0"],
  ["a slow delete spans a write, a delete and a write", "d2( s1( )s1 d1( )d1 s2( )s2 )d2-"],
];
for (const [what, script] of RIGHT) {
  test(`right: ${what}`, () => expect(play(script)).toEqual([]));
}

const WRONG: [string, string, Wrong["kind"]][] = [
  ["an acknowledged write is lost", "s1( )s1 r1( )r1=0", "lost"],
  ["an acknowledged write is lost, says a delete", "s1( )s1 d1( )d1-", "lost"],
  ["an overwritten value is read", "s1( )s1 s2( )s2 r1( )r1=s1", "stale"],
  ["an acknowledged delete is undone", "s1( )s1 d1( )d1 r1( )r1=s1", "stale"],
  ["new, then old, while the write runs", "s1( )s1 s2( r1( )r1=s2 r2( )r2=s1", "stale"],
  ["a value seen beside its write is gone", "s1( r1( )r1=s1 r2( )r2=0", "lost"],
  ["two writes at once, back and forth", "s1( s2( r1( )r1=s1 r2( )r2=s2 r3( )r3=s1", "stale"],
  [
    "back and forth after both replies",
    "s1( s2( )s1 )s2 r1( )r1=s1 r2( )r2=s2 r3( )r3=s1",
    "stale",
  ],
  ["absent in between", "s1( d1( )s1 r1( )r1=0 r2( )r2=s1", "stale"],
  ["absent before, so the delete came last", "s1( d1( )s1 r1( )r1=0 )d1 r2( )r2=s1", "stale"],
  ["a value that nobody wrote", "s1( )s1 r1( )r1=?", "garbage"],
  ["a refused write shows", "s1( )s1! r1( )r1=s1", "stale"],
  ["a write shows, and is refused then", "s1( r1( )r1=s1 )s1!", "refused"],
  ["a lost write, seen, is gone", "s1( )s1~ r1( )r1=s1 r2( )r2=0", "lost"],
  [
    "a lost write, seen and overwritten, is back",
    "s1( )s1~ r1( )r1=s1 s2( )s2 r2( )r2=s1",
    "stale",
  ],
  ["what was there before the read under way", "s1( )s1 s2( )s2 r1( s3( )s3 )r1=s1", "stale"],
];
for (const [what, script, kind] of WRONG) {
  test(`wrong: ${what}`, () => expect(play(script)).toEqual([kind]));
}

const TTL: Rules = { ttlMs: 1000, mayEvict: false };
const LATE = 1000 + TTL_SLACK_MS;
const TIMED: [string, string, Rules, Wrong["kind"][]][] = [
  ["absent once its time may be up", "s1( )s1 +1000 r1( )r1=0", TTL, []],
  ["absent too early", "s1( )s1 +800 r1( )r1=0", TTL, ["lost"]],
  ["absent once, then for good", "s1( )s1 +1000 r1( )r1=0 r2( )r2=0 d1( )d1-", TTL, []],
  ["absent, then back", "s1( )s1 +1000 r1( )r1=0 r2( )r2=s1", TTL, ["stale"]],
  ["still there just after its deadline", `s1( )s1 +${LATE} r1( )r1=s1`, TTL, []],
  ["there long after its deadline", `s1( )s1 +${LATE + 1} r1( )r1=s1`, TTL, ["expired"]],
  ["the deadline counts from the reply", `s1( +500 )s1 +${LATE} r1( )r1=s1`, TTL, []],
  ["or from the request", "s1( +500 )s1 +500 r1( )r1=0", TTL, []],
  [
    "a lost write, seen, has a deadline",
    `s1( )s1~ r1( )r1=s1 +${LATE + 1} r2( )r2=s1`,
    TTL,
    ["expired"],
  ],
  ["a new value has its own time", "s1( )s1 +900 s2( )s2 +900 r1( )r1=0", TTL, []],
  ["overwritten, the old deadline is void", "s1( )s1 +900 s2( )s2 +200 r1( )r1=0", TTL, ["lost"]],
];
const EVICTING: Rules = { ttlMs: null, mayEvict: true };
const EVICTED: typeof TIMED = [
  ["an evicted key is absent", "s1( )s1 r1( )r1=0 r2( )r2=0 d1( )d1-", EVICTING, []],
  ["an evicted key is back", "s1( )s1 r1( )r1=0 r2( )r2=s1", EVICTING, ["stale"]],
  ["an old value", "s1( )s1 s2( )s2 r1( )r1=s1", EVICTING, ["stale"]],
  ["written again after an eviction", "s1( )s1 r1( )r1=0 s2( )s2 r2( )r2=s2", EVICTING, []],
];
for (const [what, script, rules, kinds] of [...TIMED, ...EVICTED]) {
  test(`${kinds.length === 0 ? "right" : "wrong"}: ${what}`, () =>
    expect(play(script, rules)).toEqual(kinds));
}

test("what was expected is told", () => {
  const history = new History(PLAIN);
  const at = (tick: number) => ({ tick, atMs: 0 });
  history.acknowledgeSet(history.beginSet(at(0)), at(1));
  history.acknowledgeSet(history.beginSet(at(2)), at(3));
  history.beginSet(at(4));
  history.beginRead(at(5));
  expect(history.judge(0, at(5), at(6))).toEqual({
    kind: "stale",
    expected: "write 1 or write 2 (under way)",
  });
});

test("a delete that found nothing is not told to have expected its own work", () => {
  const history = new History(PLAIN);
  const at = (tick: number) => ({ tick, atMs: 0 });
  history.acknowledgeSet(history.beginSet(at(0)), at(1));
  const wrong = history.acknowledgeDelete(history.beginDelete(at(2)), false, at(3));
  expect(wrong).toEqual({ kind: "lost", expected: "write 0" });
});

test("a key needs room for what is under way, however long it lives", () => {
  const history = new History(PLAIN);
  let tick = 0;
  const now = () => ({ tick: tick++, atMs: 0 });
  for (let i = 0; i < 1000; i++) {
    const set = history.beginSet(now());
    history.acknowledgeSet(set, now());
    history.acknowledgeDelete(history.beginDelete(now()), true, now());
    expect(history.size).toBeLessThan(5);
  }
});

test("with too many writes of unknown outcome a key is given up, and nothing is wrong any more", () => {
  const history = new History(PLAIN);
  for (let i = 0; i < 20; i++) history.lose(history.beginSet({ tick: i, atMs: 0 }));
  expect(history.isGivenUp).toBe(true);
  const started = { tick: 100, atMs: 0 };
  history.beginRead(started);
  expect(history.judge("garbage", started, { tick: 101, atMs: 0 })).toBeNull();
});

/** An operation of a random history, with its ticks and what it replied. */
interface Operation {
  readonly kind: "set" | "delete" | "get";
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Of a get: the name of a set, or "0". */
  got: string;
}

/** Whether some order of the operations explains all replies: by trying them all. */
function isLinearizable(left: readonly Operation[], value = "0"): boolean {
  if (left.length === 0) return true;
  const firstEnd = Math.min(...left.map(({ end }) => end));
  return left.some((next) => {
    if (next.start > firstEnd) return false;
    if (next.kind === "get" && next.got !== value) return false;
    const after = next.kind === "set" ? next.name : next.kind === "delete" ? "0" : value;
    return isLinearizable(
      left.filter((other) => other !== next),
      after,
    );
  });
}

/** Operations that overlap at random; the replies are of a register that now and then lies. */
function randomHistory(random: Random, kinds: readonly Operation["kind"][]): Operation[] {
  const count = 3 + randomBelow(random, 5);
  const places = Array.from({ length: count * 2 }, (_, i) => i);
  const operations: Operation[] = [];
  const reach = 1 + randomBelow(random, 6);
  for (let i = 0; i < count; i++) {
    const start = places.shift()!;
    const [end] = places.splice(randomBelow(random, Math.min(reach, places.length)), 1);
    const kind = kinds[randomBelow(random, kinds.length)]!;
    const name = `${kind === "set" ? "s" : kind === "delete" ? "d" : "r"}${i}`;
    operations.push({ kind, name, start, end: end!, got: "0" });
  }
  for (const get of operations.filter(({ kind }) => kind === "get")) {
    const visible = operations.filter(({ kind, start }) => kind === "set" && start < get.end);
    get.got = ["0", ...visible.map(({ name }) => name)][randomBelow(random, visible.length + 1)]!;
  }
  return operations;
}

function scriptOf(operations: readonly Operation[]): string {
  const words: [number, string][] = operations.flatMap(({ kind, name, start, end, got }) => [
    [start, `${name}(`],
    [end, `)${name}${kind === "get" ? `=${got}` : ""}`],
  ]);
  return words
    .sort(([a], [b]) => a - b)
    .map(([, word]) => word)
    .join(" ");
}

test("without deletes the verdict on random histories is that of trying all orders", () => {
  const seed = randomBelow(Math.random, 2 ** 31);
  const random = createRandom(seed);
  const verdicts = { right: 0, wrong: 0 };
  for (let i = 0; i < 1500; i++) {
    const operations = randomHistory(random, ["set", "get", "get"]);
    const script = scriptOf(operations);
    const right = isLinearizable(operations);
    verdicts[right ? "right" : "wrong"]++;
    expect(play(script).length === 0, `seed ${seed}, ${script}`).toBe(right);
  }
  expect(Math.min(verdicts.right, verdicts.wrong)).toBeGreaterThan(150);
});

test("with deletes a random history that some order explains is never called wrong", () => {
  const seed = randomBelow(Math.random, 2 ** 31);
  const random = createRandom(seed);
  const verdicts = { right: 0, found: 0, missed: 0 };
  for (let i = 0; i < 2000; i++) {
    const operations = randomHistory(random, ["set", "delete", "get", "get"]);
    const script = scriptOf(operations);
    const found = play(script).length > 0;
    if (isLinearizable(operations)) {
      verdicts.right++;
      expect(found, `seed ${seed}, ${script}`).toBe(false);
    } else verdicts[found ? "found" : "missed"]++;
  }
  expect(verdicts.right).toBeGreaterThan(300);
  expect(verdicts.found).toBeGreaterThan(verdicts.missed * 20);
});
