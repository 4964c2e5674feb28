/** A layer's index: what is in it, in path order, on disk, and in few words. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexBuilder } from '../../server/src/image/index-builder.ts';
import {
  findPath,
  linkTarget,
  nodeFlag,
  nodeKind,
  openIndex,
  pathOf,
  type LayerIndex,
} from '../../server/src/image/layer-index.ts';
import { summarise } from '../../server/src/image/summarise.ts';
import { layerOf } from './layer-text.ts';

describe('nodes', () => {
  test('parents without an entry are implied, children are sorted by name', () => {
    check(
      'file usr/bin/b 2\nfile usr/bin/a 1\ndir etc/',
      '/ implied\n/etc directory\n/usr implied\n/usr/bin implied\n/usr/bin/a file 1\n/usr/bin/b file 2',
    );
  });
  test('spellings of one path', () => {
    check(
      'file ./a/b 1\nfile /a//c 2\nfile a/./d 3\nfile a/x/../e 4\ndir ./',
      '/ directory\n/a implied\n/a/b file 1\n/a/c file 2\n/a/d file 3\n/a/e file 4\n/a/x implied',
    );
  });
  test('the last entry of a path counts', () => {
    check('file a 1\nfile a 3', '/ implied\n/a file 3');
  });
  test('a file in place of a directory takes what was below along', () => {
    check('dir a\nfile a/b 1\nfile a 3', '/ implied\n/a file 3');
  });
  test('a directory in place of a file', () => {
    check('file a 3\nfile a/b 1', '/ implied\n/a implied\n/a/b file 1');
  });
  test('whiteouts stand at the path they hide', () => {
    check('dir d\nfile d/.wh.gone\nfile .wh.top', '/ implied\n/d directory\n/d/gone whiteout\n/top whiteout');
  });
  test('an opaque directory, with and without an entry of its own', () => {
    check('dir d\nfile d/.wh..wh..opq\nfile e/.wh..wh..opq', '/ implied\n/d directory hides\n/e implied hides');
  });
  test('a whiteout beside a new file of that name, in either order', () => {
    check(
      'file .wh.a\nfile a 1\nfile b 1\nfile .wh.b\nfile .wh.c\nfile c/d 1',
      '/ implied\n/a file 1 hides\n/b file 1 hides\n/c implied hides\n/c/d file 1',
    );
  });
  test("aufs' own files are no part of the layer", () => {
    check('file .wh..wh.plnk/123.456 7\nfile .wh..wh.aufs 1\ndir .wh..wh.orph\nfile a 1', '/ implied\n/a file 1');
  });
  test('names that are no UTF-8 stay apart', () => {
    check(
      'file caf\xe9 1\nfile caf\xe8 2\nfile caf\xc3\xa9 3',
      '/ implied\n/café file 3\n/caf\\xe8 file 2\n/caf\\xe9 file 1',
    );
  });
  test('links', () => {
    check('file a 1\nsymlink s ../x\nlink h a', '/ implied\n/a file 1\n/h hardLink -> a\n/s symlink -> ../x');
  });
});

test('every path is found, and no other', () => {
  const paths = fc.uniqueArray(
    fc.array(fc.constantFrom('a', 'b', 'usr', 'lib', 'x1', 'ü'), { minLength: 1, maxLength: 5 }),
    {
      selector: (path) => path.join('/'),
    },
  );
  fc.assert(
    fc.property(paths, (all) => {
      const index = layerOf(all.map((path) => `dir ${Buffer.from(path.join('/')).toString('latin1')}`).join('\n'));
      const found = all.map((path) => pathOf(index, findPath(index, path.join('/')) ?? 0));
      expect(found).toEqual(all.map((path) => `/${path.join('/')}`));
      expect(findPath(index, 'usr/nowhere')).toBeUndefined();
    }),
  );
});

test('a quarter of a million entries take 80 bytes each, and open from their bytes', () => {
  const index = manyEntries(250_000);
  expect(index.buffer.byteLength).toBeLessThan(250_000 * 80);
  const opened = openIndex(structuredClone(index.buffer))!;
  expect([opened.count, opened.entries, opened.bytes]).toEqual([255_004, 250_000, 2_500_000]);
  expect(findPath(opened, '/usr/lib/node_modules/package-4999/file-249999.js')).toBeDefined();
});

test('bytes that are no index', () => {
  const { buffer } = layerOf('file a 1');
  const damaged = buffer.slice(0);
  new Uint8Array(damaged)[0]! ^= 1;
  expect([
    openIndex(new ArrayBuffer(0)),
    openIndex(damaged),
    openIndex(buffer.slice(0, buffer.byteLength - 1)),
  ]).toEqual([undefined, undefined, undefined]);
});

describe('summary', () => {
  test('counts and sizes', () => {
    const contents = summarise(
      layerOf(
        'dir ./\ndir usr\nfile usr/a 5\nlink usr/b usr/a\nsymlink s usr/a\nfile .wh.x\ndir o\nfile o/.wh..wh..opq\nfile empty 0',
      ),
      true,
    );
    expect(contents).toEqual({
      files: 3,
      directories: 2,
      symlinks: 1,
      whiteouts: 2,
      emptyDiff: false,
      verified: true,
      largestDirectories: [{ path: '/usr', bytes: 5, files: 2 }],
      largestFiles: [{ path: '/usr/a', bytes: 5, files: 1 }],
    });
  });
  test('a tar without entries is an empty diff, one with only the root is not', () => {
    expect([summarise(layerOf(''), true).emptyDiff, summarise(layerOf('dir ./'), true).emptyDiff]).toEqual([
      true,
      false,
    ]);
  });
  test('a directory that only repeats the one inside it is not listed', () => {
    const index = layerOf('file usr/lib/big/a 950\nfile usr/lib/small 40\nfile usr/share/x 300\nfile opt/y 10');
    expect(summarise(index, false).largestDirectories.map(({ path, bytes }) => `${path} ${bytes}`)).toEqual([
      '/usr 1290',
      '/usr/lib/big 950',
      '/usr/share 300',
      '/opt 10',
    ]);
  });
  test('ten of each, equals in path order', () => {
    const lines = Array.from({ length: 30 }, (_, at) => `file d${String(at).padStart(2, '0')}/f ${at < 15 ? 7 : at}`);
    const { largestFiles, largestDirectories } = summarise(layerOf(lines.join('\n')), false);
    expect(largestFiles.map(({ bytes }) => bytes)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20]);
    expect(largestDirectories[9]!.path).toBe('/d20');
  });
});

function manyEntries(count: number): LayerIndex {
  const builder = indexBuilder();
  const fields = { link: new Uint8Array(0), kind: 'file' as const, size: 10, mode: 0o644, uid: 0, gid: 0, mtime: 0 };
  const rest = { deviceMajor: 0, deviceMinor: 0, dataStart: 0, storedSize: 10, xattrs: undefined };
  for (let at = 0; at < count; at++) {
    const path = Buffer.from(`usr/lib/node_modules/package-${at % 5_000}/file-${at}.js`);
    builder.add({ ...fields, ...rest, path });
  }
  return builder.finish(0);
}

function check(layer: string, nodes: string): void {
  const index = layerOf(layer);
  const shown = Array.from({ length: index.count }, (_, node) => describeNode(index, node));
  expect(shown.toSorted().join('\n')).toBe(nodes.split('\n').toSorted().join('\n'));
  expect(openIndex(index.buffer)).toEqual(index);
}

function describeNode(index: LayerIndex, node: number): string {
  const kind = Object.entries(nodeKind).find(([, number]) => number === index.kinds[node])![0];
  const flags = index.flags[node]!;
  const target = linkTarget(index, node);
  return [
    pathOf(index, node),
    (flags & nodeFlag.implied) === 0 ? kind : 'implied',
    ...(kind === 'file' ? [index.sizes[node]] : []),
    ...(target === undefined ? [] : ['->', Buffer.from(target).toString()]),
    ...((flags & nodeFlag.hidesBelow) === 0 ? [] : ['hides']),
  ].join(' ');
}
