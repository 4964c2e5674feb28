/** Net bytes: what is left of layers when they lie on each other. Layers are written bottom first, `--` between them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { netBytes } from '../../server/src/image/overlay.ts';
import { layerOf } from './layer-text.ts';

describe('what is seen from the top', () => {
  test('layers side by side', () => check('file a 1\n--\nfile b 2', 3));
  test('an overwritten file', () => check('file a 10\n--\nfile a 3', 3));
  test('a deleted file', () => check('file a 10\nfile b 1\n--\nfile .wh.a', 1));
  test('a deleted directory', () => check('file d/a 10\nfile d/e/b 5\n--\nfile .wh.d', 0));
  test('a deleted file that comes back', () => check('file a 10\n--\nfile .wh.a\n--\nfile a 4', 4));
  test('an opaque directory', () =>
    check('file d/a 10\nfile d/e/b 5\nfile c 1\n--\ndir d\nfile d/.wh..wh..opq\nfile d/new 2', 3));
  test('an opaque directory hides only what is below it', () =>
    check('file d/a 10\n--\nfile d/b 5\n--\nfile d/.wh..wh..opq', 0));
  test('an opaque root', () => check('file a 10\n--\nfile .wh..wh..opq\nfile b 2', 2));
  test('a directory replaced by a file', () => check('file d/a 10\n--\nfile d 3', 3));
  test('a directory replaced by a symlink', () => check('file d/a 10\n--\nsymlink d e', 0));
  test('a file replaced by a directory', () => check('file d 10\n--\ndir d\nfile d/a 3', 3));
  test('a directory between two files of that name', () =>
    check('file x/a 10\n--\nfile x 3\n--\ndir x\nfile x/b 1', 1));
  test('a whiteout and a new directory in one layer', () => check('file d/a 10\n--\nfile .wh.d\nfile d/b 3', 3));
  test('a whiteout of nothing', () => check('file a 10\n--\nfile .wh.b\nfile c/.wh.d', 10));
  test('a directory merged from three layers', () => check('file d/a 1\n--\nfile d/b 2\n--\nfile d/c 4', 7));
  test('sparse and empty', () => check('file a 0\n--\n\n--\nfile b 1', 1));
  test('the same layer twice', () => check('file a 5\n--\nfile a 5', 5));
  test('no layer', () => expect(netBytes([])).toBe(0));
});

describe('hard links', () => {
  test('count once', () => check('file a 10\nlink b a\nlink c a', 10));
  test('count while one name is left', () => check('file a 10\nlink b a\n--\nfile .wh.a', 10));
  test('are gone with the last name', () => check('file a 10\nlink b a\n--\nfile .wh.a\nfile .wh.b', 0));
  test('are gone with the directories of their names', () =>
    check('file d/a 10\nlink e/b d/a\n--\nfile .wh.d\nfile .wh.e', 0));
  test('break when one is written', () => check('file a 10\nlink b a\n--\nfile a 11', 21));
  test('link to a link', () => check('file a 10\nlink b a\nlink c b\n--\nfile .wh.a\nfile .wh.b', 10));
  test('to a file of a lower layer', () => check('file a 10\n--\nlink b a', 10));
  test('to a file of a lower layer that is deleted later', () => check('file a 10\n--\nlink b a\n--\nfile .wh.a', 10));
  test('with absolute and dotted targets', () => check('file d/a 10\nlink b /d/a\nlink c ./d/a\n--\nfile d/.wh.a', 10));
  test('to nothing, to itself, in a circle', () => check('link a nothing\nlink b b\nlink c d\nlink d c', 0));
  test('to what a whiteout of the same layer hides', () => check('file a 10\n--\nfile .wh.a\nlink b a', 0));
});

test('as one file system, written over layer by layer', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  const line = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(path, fc.nat(50)).map(([at, bytes]) => `file ${at} ${bytes}`) },
    { weight: 2, arbitrary: path.map((at) => `dir ${at}`) },
    { weight: 2, arbitrary: path.map((at) => `file ${at.replace(/[^/]+$/, '.wh.$&')}`) },
    { weight: 1, arbitrary: path.map((at) => `file ${at}/.wh..wh..opq`) },
  );
  // One layer of a real image names a path once.
  const layer = fc.uniqueArray(line, { maxLength: 12, selector: (text) => text.split(' ')[1]!.replace('.wh.', '') });
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 5 }), (layers) => {
      const consistent = layers.map(withoutContradictions);
      expect(netBytes(consistent.map((lines) => layerOf(lines.join('\n'))))).toBe(writtenOver(consistent));
    }),
    { numRuns: 3000 },
  );
});

function check(text: string, bytes: number): void {
  expect(netBytes(text.split('--').map(layerOf))).toBe(bytes);
}

/** A layer cannot name something below what it says is a file or gone. */
function withoutContradictions(lines: readonly string[]): string[] {
  const leaves = lines
    .filter((line) => line.startsWith('file') && !line.includes('.wh..wh.'))
    .map((line) => line.split(' ')[1]!.replace('.wh.', ''));
  return lines.filter((line) => !leaves.some((leaf) => line.split(' ')[1]!.startsWith(`${leaf}/`)));
}

/** The slow and obvious way: a list of files, each layer removes some and then adds its own. */
function writtenOver(layers: readonly (readonly string[])[]): number {
  const files = new Map<string, number>();
  const remove = (path: string, self: boolean): void => {
    for (const known of files.keys()) {
      if (known.startsWith(`${path}/`) || (self && known === path)) {
        files.delete(known);
      }
    }
  };
  for (const lines of layers) {
    for (const line of lines) {
      const [kind, path] = line.split(' ') as [string, string];
      const parents = path
        .split('/')
        .slice(0, -1)
        .map((_, at, names) => names.slice(0, at + 1).join('/'));
      parents.forEach((parent) => files.delete(parent));
      if (path.endsWith('.wh..wh..opq')) {
        remove(path.replace('/.wh..wh..opq', ''), true);
      } else if (path.includes('.wh.')) {
        remove(path.replace('.wh.', ''), true);
      } else if (kind === 'file') {
        remove(path, true);
      } else {
        files.delete(path);
      }
    }
    for (const line of lines.filter((line) => line.startsWith('file') && !line.includes('.wh.'))) {
      const [, path, bytes] = line.split(' ') as [string, string, string];
      files.set(path, Number(bytes));
    }
  }
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}
