import fc from 'fast-check';
import { expect, test } from 'vitest';
import { align } from '../../server/src/mapping/align.ts';

/** Items are words; a word's kind is its first letter. The answer: new words, each with the old place it is told to come from. */
function check(before: string, after: string, expected: string): void {
  const [old, now] = [before.split(' '), after.split(' ')];
  const kinds = (words: readonly string[]): string[] => words.map((word) => word[0]!);
  const { same, changed } = align(old, now, kinds(old), kinds(now));
  const told = now.map((word, at) => {
    const place = same.get(at) ?? changed.get(at);
    return place === undefined ? word : `${word}${same.has(at) ? '=' : '~'}${place}`;
  });
  expect(told.join(' ')).toBe(expected);
}

test('nothing changed, repeated items included', () => check('f a a b', 'f a a b', 'f=0 a=1 a=2 b=3'));
test('changed in place', () => check('f a1 b', 'f a2 b', 'f=0 a2~1 b=2'));
test('changed into another kind', () => check('f a b', 'f x b', 'f=0 x b=2'));
test('inserted', () => check('f a b', 'f x a b', 'f=0 x a=1 b=2'));
test('removed', () => check('f a b c', 'f c', 'f=0 c=3'));
test('one of two equal items is gone: nobody knows which', () => check('f a a b', 'f a b', 'f=0 a b=3'));
test('one more of equal items: nobody knows which is new', () => check('f a b', 'f a a b', 'f=0 a a b=2'));
test('one of two equal groups is gone', () => check('x a b a b c', 'x a b c', 'x=0 a b c=5'));
test('swapped items are not told', () => check('f a b g', 'f b a g', 'f=0 b a g=3'));
test('two changed in a row keep their order', () => check('f a1 b1 g', 'f a2 b2 g', 'f=0 a2~1 b2~2 g=3'));
test('changed and inserted at once: no telling which is which', () => check('f a1 g', 'f a2 a3 g', 'f=0 a2 a3 g=2'));
test('empty before', () => expect(align([], ['a'], [], ['a'])).toEqual({ same: new Map(), changed: new Map() }));

test('what is told to be the same holds in every longest common subsequence', () => {
  const items = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 });
  fc.assert(
    fc.property(items, items, (old, now) => {
      const { same } = align(old, now, old, now);
      for (const pairing of longestPairings(old, now)) {
        for (const [newAt, oldAt] of same) {
          if (pairing.get(newAt) !== oldAt) {
            return false;
          }
        }
      }
      return true;
    }),
    { numRuns: 2000 },
  );
});

/** Every longest common subsequence, found by trying all; new place to old place. */
function longestPairings(old: readonly string[], now: readonly string[]): Map<number, number>[] {
  let best: Map<number, number>[] = [new Map()];
  const visit = (oldAt: number, newAt: number, pairing: Map<number, number>): void => {
    if (pairing.size > best[0]!.size) {
      best = [pairing];
    } else if (pairing.size === best[0]!.size) {
      best.push(pairing);
    }
    for (let i = oldAt; i < old.length; i++) {
      for (let j = newAt; j < now.length; j++) {
        if (old[i] === now[j]) {
          visit(i + 1, j + 1, new Map(pairing).set(j, i));
        }
      }
    }
  };
  visit(0, 0, new Map());
  return best;
}
