/**
 * "Did you mean": the known name nearest to a mistyped one.
 *
 * Nearness is the Levenshtein distance (insert, delete, replace: one each) with a swap of two
 * neighbours counted as one as well, since that is how fingers err. A name is offered only when at
 * most a third of it is wrong; a wild guess is worse than none. Costs |name| x |known| steps for
 * each known name, on the way to an error only.
 */

/** The nearest of `known`, or null when nothing is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Edits from `from` to `to`, by rows: `current[j]` is the distance from `from[0..i]` to `to[0..j]`. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const current = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      current.push(cost);
    }
    [before, previous] = [previous, current];
  }
  return previous[to.length]!;
}
