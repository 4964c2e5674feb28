/**
 * Which items of an older list are still there in a newer one, as far as that is beyond doubt.
 * Of two equal lines of which one is gone nobody can say which, so neither is told.
 */

export interface Alignment {
  /** New position to old position: the same item in every best alignment. */
  readonly same: ReadonlyMap<number, number>;
  /** New position to old position: changed in place, between two items that are the same. */
  readonly changed: ReadonlyMap<number, number>;
}

/** Beyond so many comparisons nothing is told of the part that differs. */
const mostCells = 4_000_000;

/** `keys` say that two items are the same, `kinds` that one may be an edited form of the other. */
export function align(
  oldKeys: readonly string[],
  newKeys: readonly string[],
  oldKinds: readonly string[],
  newKinds: readonly string[],
): Alignment {
  const region = differingRegion(oldKeys, newKeys);
  const same = new Map<number, number>();
  for (let at = 0; at < region.start; at++) {
    same.set(at, at);
  }
  for (const [newAt, oldAt] of certainPairs(
    oldKeys.slice(region.start, region.oldEnd),
    newKeys.slice(region.start, region.newEnd),
  )) {
    same.set(region.start + newAt, region.start + oldAt);
  }
  for (let at = region.newEnd; at < newKeys.length; at++) {
    same.set(at, at - region.newEnd + region.oldEnd);
  }
  return { same, changed: changedInPlace(same, oldKinds, newKinds) };
}

interface Region {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** Cuts off equal ends, but only as far as no item of them could as well be one of the part between. */
function differingRegion(oldKeys: readonly string[], newKeys: readonly string[]): Region {
  const shorter = Math.min(oldKeys.length, newKeys.length);
  let start = 0;
  while (start < shorter && oldKeys[start] === newKeys[start]) {
    start++;
  }
  let tail = 0;
  while (tail < shorter - start && oldKeys.at(-1 - tail) === newKeys.at(-1 - tail)) {
    tail++;
  }
  const inside = new Set([
    ...oldKeys.slice(start, oldKeys.length - tail),
    ...newKeys.slice(start, newKeys.length - tail),
  ]);
  const isInside = (key: string | undefined): boolean => key !== undefined && inside.has(key);
  // What is taken in may equal items on the other side, so both ends are looked at until neither moves.
  for (let moved = inside.size > 0; moved;) {
    moved = false;
    const firstInside = oldKeys.slice(0, start).findIndex(isInside);
    if (firstInside !== -1) {
      oldKeys.slice(firstInside, start).forEach((key) => inside.add(key));
      start = firstInside;
      moved = true;
    }
    const lastInside = oldKeys.slice(oldKeys.length - tail).findLastIndex(isInside);
    if (lastInside !== -1) {
      oldKeys.slice(oldKeys.length - tail, oldKeys.length - tail + lastInside + 1).forEach((key) => inside.add(key));
      tail -= lastInside + 1;
      moved = true;
    }
  }
  return { start, oldEnd: oldKeys.length - tail, newEnd: newKeys.length - tail };
}

/** New to old, only pairs that are part of every longest common subsequence. */
function certainPairs(oldKeys: readonly string[], newKeys: readonly string[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const rows = oldKeys.length;
  const columns = newKeys.length;
  if (rows === 0 || columns === 0 || (rows + 1) * (columns + 1) > mostCells) {
    return pairs;
  }
  const width = columns + 1;
  const before = commonLengths(oldKeys, newKeys);
  const after = commonLengths(oldKeys.toReversed(), newKeys.toReversed());
  const behind = (row: number, column: number): number => after[(rows - row) * width + (columns - column)]!;
  const longest = before[rows * width + columns]!;
  for (let column = 0; column < columns; column++) {
    let candidate: number | undefined;
    let count = 0;
    let skippable = false;
    for (let row = 0; row <= rows; row++) {
      const ahead = before[row * width + column]!;
      skippable ||= ahead + behind(row, column + 1) === longest;
      if (row < rows && oldKeys[row] === newKeys[column] && ahead + 1 + behind(row + 1, column + 1) === longest) {
        candidate = row;
        count++;
      }
    }
    if (count === 1 && !skippable) {
      pairs.set(column, candidate!);
    }
  }
  return pairs;
}

/** Lengths of the longest common subsequences of all prefixes, row by row. */
function commonLengths(oldKeys: readonly string[], newKeys: readonly string[]): Uint32Array {
  const width = newKeys.length + 1;
  const lengths = new Uint32Array((oldKeys.length + 1) * width);
  for (let row = 1; row <= oldKeys.length; row++) {
    for (let column = 1; column < width; column++) {
      const at = row * width + column;
      lengths[at] =
        oldKeys[row - 1] === newKeys[column - 1]
          ? lengths[at - width - 1]! + 1
          : Math.max(lengths[at - width]!, lengths[at - 1]!);
    }
  }
  return lengths;
}

function changedInPlace(
  same: ReadonlyMap<number, number>,
  oldKinds: readonly string[],
  newKinds: readonly string[],
): ReadonlyMap<number, number> {
  const changed = new Map<number, number>();
  const anchors = [...same].toSorted((a, b) => a[0] - b[0]);
  let [newFrom, oldFrom] = [0, 0];
  for (const [newAt, oldAt] of [...anchors, [newKinds.length, oldKinds.length] as const]) {
    const between = newKinds.slice(newFrom, newAt);
    if (between.join('\n') === oldKinds.slice(oldFrom, oldAt).join('\n')) {
      between.forEach((_, offset) => changed.set(newFrom + offset, oldFrom + offset));
    }
    [newFrom, oldFrom] = [newAt + 1, oldAt + 1];
  }
  return changed;
}
