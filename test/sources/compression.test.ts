/** Compressed streams: what Node cannot read by itself is read all the same, and damage is told. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { contentOf, decompressed, fzstdTransform } from '../../server/src/sources/compression.ts';
import { fixture, membersOf, sha } from './layouts.ts';
import { failureOf, inChunks } from './read.ts';

const signal = new AbortController().signal;

test('several gzip members after each other are one stream', async () => {
  const bytes = Buffer.concat([gzipSync('one '), gzipSync('two')]);
  expect((await all(decompressed(inChunks(bytes, 5), 'gzip', 'it', signal))).toString()).toBe('one two');
});

test('the zstd layers of a real image, by Node where it can and by fzstd, in pieces of any size', async () => {
  const layers = await zstdLayers();
  expect(layers.length).toBe(5);
  for (const layer of layers) {
    const own = await all(decompressed(inChunks(layer, 4096), 'zstd', 'it', signal));
    for (const chunk of [1, 7, 100, 1 << 20]) {
      const pieces = Readable.from(inChunks(layer, chunk), { objectMode: true }).pipe(fzstdTransform());
      expect(sha(await all(pieces))).toBe(sha(own));
    }
    const framed = Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]), layer]);
    expect(contentOf(Buffer.concat([framed, Buffer.alloc(512)])).kind).toBe('zstd');
    expect(sha(await all(decompressed(inChunks(framed, 4096), 'zstd', 'it', signal)))).toBe(sha(own));
  }
});

test('several zstd frames after each other, some to be skipped, are one stream', async () => {
  const layers = await zstdLayers();
  const skipped = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
  const bytes = Buffer.concat(layers.flatMap((layer) => [skipped, layer, skipped]));
  const one = await Promise.all(
    layers.map((layer) => all(decompressed(inChunks(layer, 1 << 20), 'zstd', 'it', signal))),
  );
  for (const chunk of [1, 100, 1 << 20]) {
    expect(sha(await all(decompressed(inChunks(bytes, chunk), 'zstd', 'it', signal)))).toBe(sha(Buffer.concat(one)));
    const cut = Readable.from(inChunks(bytes, chunk), { objectMode: true }).pipe(fzstdTransform());
    expect(sha(await all(cut))).toBe(sha(Buffer.concat(one)));
  }
});

test('cut and damaged', async () => {
  const gzip = gzipSync(Buffer.alloc(100_000, 'some text'));
  const zstd = (await zstdLayers())[0]!;
  const failures = [
    failureOf(all(decompressed(inChunks(gzip.subarray(0, 60), 10), 'gzip', 'It', signal))),
    failureOf(all(decompressed(inChunks(zstd.subarray(0, 100), 10), 'zstd', 'It', signal))),
    failureOf(
      all(
        decompressed(inChunks(Buffer.concat([zstd.subarray(0, 12), Buffer.alloc(300, 255)]), 10), 'zstd', 'It', signal),
      ),
    ),
  ];
  expect(await Promise.all(failures)).toEqual(
    ['gzip', 'zstd', 'zstd'].map(
      (name) =>
        `corrupt: It is cut off or damaged: its ${name} data cannot be read. | Write or download the image again.`,
    ),
  );
});

test('a source that fails in the middle', async () => {
  const gzip = gzipSync(Buffer.alloc(100_000, 'some text'));
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield gzip.subarray(0, 50);
    await Promise.resolve();
    throw new Error('the line went dead');
  }
  await expect(all(decompressed(failing(), 'gzip', 'it', signal))).rejects.toThrow('the line went dead');
});

async function zstdLayers(): Promise<Buffer[]> {
  const blobs = [...(await membersOf(readFileSync(fixture('oci-zstd.tar')))).values()];
  return blobs.filter((blob) => contentOf(blob).kind === 'zstd');
}

async function all(source: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) {
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}
