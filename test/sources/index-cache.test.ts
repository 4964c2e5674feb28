/** Indexes on disk: found again, bounded, and never a reason to fail. */
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DiffId } from '../../server/src/image/image.ts';
import { layerIndexVersion, pathOf, type LayerIndex } from '../../server/src/image/layer-index.ts';
import { factsFromCache } from '../../server/src/sources/image-facts.ts';
import { indexCache, type IndexCache } from '../../server/src/sources/index-cache.ts';
import { layerOf } from '../image/layer-text.ts';
import { fixture } from './layouts.ts';
import { read, readOptions, scratch } from './read.ts';

const version = `layers-v${layerIndexVersion}`;

test('what was put is found again, by another process too', async () => {
  using temporary = scratch();
  const index = layerOf('file a/b 1\nsymlink c a');
  await open(temporary.folder).cache.put(diffId('1'), index);
  const found = await open(temporary.folder).cache.get(diffId('1'));
  expect(found).toEqual(index);
  expect(pathOf(found!, 3)).toBe('/a/b');
  expect(await open(temporary.folder).cache.get(diffId('2'))).toBeUndefined();
});

test.each([
  ['a flipped bit', (bytes: Buffer) => bytes.fill(bytes[100]! ^ 1, 100, 101)],
  ['a cut', (bytes: Buffer) => bytes.subarray(0, 90)],
  ['nothing', () => Buffer.alloc(0)],
])('a file with %s is dropped and said so', async (_, damage) => {
  using temporary = scratch();
  const { cache, notes } = open(temporary.folder);
  await cache.put(diffId('1'), layerOf('file a 1'));
  const path = join(temporary.folder, version, readdirSync(join(temporary.folder, version))[0]!);
  writeFileSync(path, damage(readFileSync(path)));
  expect([await cache.get(diffId('1')), notes, existsSync(path)]).toEqual([
    undefined,
    [`A damaged index was dropped: ${path}.`],
    false,
  ]);
});

test('what was used longest ago makes room', async () => {
  using temporary = scratch();
  const index = layerOf('file a 1');
  const { cache } = open(temporary.folder, index.buffer.byteLength * 4);
  for (const [at, name] of ['1', '2', '3'].entries()) {
    await cache.put(diffId(name), index);
    const path = join(temporary.folder, version, `sha256-${name.repeat(64)}.index`);
    utimesSync(path, 1000 + at, 1000 + at);
  }
  await cache.get(diffId('1'));
  await cache.put(diffId('4'), index);
  expect(await present(cache, ['1', '2', '3', '4'])).toEqual(['1', '3', '4']);
});

test('an index larger than the room is not kept', async () => {
  using temporary = scratch();
  const { cache, notes } = open(temporary.folder, 100);
  await cache.put(diffId('1'), layerOf('file a 1'));
  expect([await cache.get(diffId('1')), notes]).toEqual([undefined, []]);
});

test('a folder that cannot be written is said once per try and fails nothing', async () => {
  using temporary = scratch();
  const taken = join(temporary.folder, 'taken');
  writeFileSync(taken, 'a file');
  const { cache, notes } = open(taken);
  await cache.put(diffId('1'), layerOf('file a 1'));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^Nothing is kept on disk in .*: /);
});

test('left-overs of a process that died are cleared after a while, fresh ones are let be', async () => {
  using temporary = scratch();
  const folder = join(temporary.folder, version);
  mkdirSync(folder);
  writeFileSync(join(folder, 'old.new'), 'x');
  writeFileSync(join(folder, 'fresh.new'), 'x');
  utimesSync(join(folder, 'old.new'), 1000, 1000);
  await open(temporary.folder).cache.put(diffId('1'), layerOf('file a 1'));
  expect(readdirSync(folder).toSorted()).toEqual(['fresh.new', `sha256-${'1'.repeat(64)}.index`]);
});

test('ten writers of one layer at once', async () => {
  using temporary = scratch();
  const index = layerOf('file a 1');
  await Promise.all(Array.from({ length: 10 }, () => open(temporary.folder).cache.put(diffId('1'), index)));
  expect([
    await open(temporary.folder).cache.get(diffId('1')),
    readdirSync(join(temporary.folder, version)).length,
  ]).toEqual([index, 1]);
});

test('compressed layers are read once; later the same facts come from the cache', async () => {
  using temporary = scratch();
  const kept = { cacheFolder: temporary.folder, cacheBytes: 1e7 };
  const first = await read(fixture('oci-zstd.tar'), kept);
  const again = await read(fixture('oci-zstd.tar'), { ...kept, contents: false });
  expect(again).toEqual(first);
  expect(
    await factsFromCache(
      first.source,
      { ...first.image, layers: first.image.layers.map(withoutContents) },
      { ...readOptions, ...kept },
    ),
  ).toEqual(first);
});

test('a layer that was only walked over is not kept: it could be another than it says', async () => {
  using temporary = scratch();
  await read(fixture('graph-save.tar'), { cacheFolder: temporary.folder, cacheBytes: 1e7 });
  expect(readdirSync(temporary.folder)).toEqual([]);
});

function withoutContents<T extends object>(layer: T): T {
  return { ...layer, bytes: undefined, contents: undefined };
}

function open(folder: string, bytes = 1e6): { cache: IndexCache; notes: string[] } {
  const notes: string[] = [];
  return { cache: indexCache({ folder, bytes, note: (sentence) => notes.push(sentence) }), notes };
}

async function present(cache: IndexCache, names: readonly string[]): Promise<string[]> {
  const found: [string, LayerIndex | undefined][] = [];
  for (const name of names) {
    found.push([name, await cache.get(diffId(name))]);
  }
  return found.filter(([, index]) => index !== undefined).map(([name]) => name);
}

function diffId(name: string): DiffId {
  return `sha256:${name.repeat(64)}` as DiffId;
}
