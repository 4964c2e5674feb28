/** A layer walked over on disk and the same layer passing through a pipe, compressed or not, give the same index. */
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { indexBuilder } from '../../server/src/image/index-builder.ts';
import type { LayerIndex } from '../../server/src/image/layer-index.ts';
import { indexLayerStream } from '../../server/src/sources/layer-stream.ts';
import { walkTar } from '../../server/src/sources/seek-walk.ts';
import { sha } from './layouts.ts';
import { failureOf, inChunks } from './read.ts';

const signal = new AbortController().signal;

const name = fc.oneof(
  fc.constantFrom('usr', 'lib', 'etc', '.wh.gone', '.wh..wh..opq', 'ü', 'with space', 'x'.repeat(90)),
  fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..'),
);
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
const entry = fc.record({
  name: path,
  type: fc.constantFrom('file' as const, 'file' as const, 'directory' as const, 'symlink' as const, 'link' as const),
  linkname: path,
  bytes: fc.oneof(fc.nat(2000), fc.nat(300_000)),
  mode: fc.nat(0o7777),
  uid: fc.nat(3_000_000),
});

test('for random trees', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 30 }),
      fc.integer({ min: 1, max: 100_000 }),
      async (entries, chunk) => {
        const tar = await written(entries);
        const walked = await walk(tar);
        const streamed = await stream(tar, chunk, 'none');
        const unzipped = await stream(gzipSync(tar, { level: 1 }), chunk, 'gzip');
        expect(streamed).toEqual({ index: walked, diffId: `sha256:${sha(tar)}` });
        expect(unzipped).toEqual({ index: walked, diffId: `sha256:${sha(tar)}` });
        expect(walked.bytes).toBe(entries.reduce((sum, { type, bytes }) => sum + (type === 'file' ? bytes : 0), 0));
        expect(walked.entries).toBe(entries.length);
      },
    ),
    { numRuns: 150 },
  );
});

test('cut anywhere, both say that it is cut', async () => {
  const tar = await written([
    { name: 'a', type: 'file', linkname: '', bytes: 100_000, mode: 0, uid: 0 },
    { name: 'x'.repeat(200), type: 'file', linkname: '', bytes: 700, mode: 0, uid: 0 },
    { name: 'last', type: 'file', linkname: '', bytes: 513, mode: 0, uid: 0 },
  ]);
  for (let length = 1; length < tar.length - 1024; length += 509) {
    const cut = tar.subarray(0, length);
    const isBetweenEntries = (await failureOf(walk(cut))) === 'no error';
    const expected = isBetweenEntries
      ? /^no error$/
      : /^corrupt: layer ends in the middle of an entry, after \d+ bytes\./;
    expect([await failureOf(walk(cut)), await failureOf(stream(cut, 1000, 'none'))]).toEqual([
      expect.stringMatching(expected),
      expect.stringMatching(expected),
    ]);
  }
});

test('a walk stops soon after it was cancelled', async () => {
  const controller = new AbortController();
  let reads = 0;
  const endless = {
    name: 'layer',
    size: Number.MAX_SAFE_INTEGER,
    readAt(target: Uint8Array): number {
      reads++;
      if (reads === 10) {
        controller.abort();
      }
      target.fill(0);
      const header = Buffer.from(target.buffer, target.byteOffset, 512);
      header.write('file', 0);
      header.write('00010000000\0', 124);
      header.write('        ', 148);
      header.write(
        `${header
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
        148,
      );
      return 512;
    },
  };
  const builder = indexBuilder();
  expect(await failureOf(walkTar(endless, (entry) => builder.add(entry), controller.signal))).toBe(
    'cancelled: Reading was cancelled. | ',
  );
});

type WrittenEntry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

async function written(entries: readonly WrittenEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { bytes, linkname, type, ...header } of entries) {
    const isLink = type === 'symlink' || type === 'link';
    archive.entry(
      { ...header, type, mtime: new Date(0), ...(isLink ? { linkname } : {}) },
      Buffer.alloc(type === 'file' ? bytes : 0, 'x'),
    );
  }
  archive.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of archive) {
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}

async function walk(tar: Uint8Array): Promise<LayerIndex> {
  const builder = indexBuilder();
  const readAt = (target: Uint8Array, position: number): number => {
    const part = tar.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  };
  await walkTar({ name: 'layer', size: tar.length, readAt }, (entry) => builder.add(entry), signal);
  return builder.finish(tar.length);
}

async function stream(
  bytes: Uint8Array,
  chunk: number,
  compression: 'none' | 'gzip',
): Promise<{ index: LayerIndex; diffId: string }> {
  const layer = { name: 'layer', compression, digest: 'sha256:', diffId: 'sha256:', bytes: inChunks(bytes, chunk) };
  const { index, diffId } = await indexLayerStream(layer, indexBuilder(), signal, () => undefined);
  return { index, diffId };
}
