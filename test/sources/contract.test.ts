/** One image, written by every writer and read through every door, says the same. The archives come from real engines. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { ImageFacts } from '../../server/src/image/image.ts';
import { readImageStream } from '../../server/src/sources/stream.ts';
import { fixture, membersOf, oldSave, podmanSave } from './layouts.ts';
import { inChunks, read, readOptions, scratch, type Scratch } from './read.ts';

const expected = {
  netBytes: 6592,
  platform: 'linux/amd64',
  config: {
    env: ['PATH=/bin', 'GREETING=hello world'],
    workingDir: '/work/app',
    user: '1000:1000',
    shell: undefined,
    onBuild: ['RUN ["/bin/true"]'],
  },
  history: 9,
  made: ['COPY', 'RUN', 'WORKDIR', 'COPY', 'RUN'],
  layers: [
    '2485 bytes 6 files 3 directories 0 symlinks 0 whiteouts /share/big.txt',
    '4107 bytes 4 files 5 directories 1 symlinks 3 whiteouts /data/holes',
    '0 bytes 0 files 2 directories 0 symlinks 0 whiteouts -',
    '20 bytes 1 files 3 directories 0 symlinks 0 whiteouts /usr/local/bin/tool.sh',
    '2440 bytes 1 files 1 directories 0 symlinks 0 whiteouts /share/big.txt',
  ],
};

test.each([
  ['docker save, graph-driver store', 'docker-archive:', 'graph-save.tar'],
  ['docker save, containerd store, with an attestation', 'docker-archive:', 'containerd-save.tar'],
  ['buildx -o type=docker', 'docker-archive:', 'buildx-docker.tar'],
  ['buildx -o type=oci, gzip', 'oci-archive:', 'oci-gzip.tar'],
  ['buildx -o type=oci, zstd', 'oci-archive:', 'oci-zstd.tar'],
])('%s', async (_, transport, name) => {
  const path = fixture(name);
  const bytes = readFileSync(path);
  await checkAll([
    await read(`${transport}${path}`),
    await read(path),
    await read(path, { verify: true }),
    await read(`oci:${await unpacked(bytes)}`),
    await stream(bytes, 1 << 20),
    await stream(bytes, 1000),
    await stream(gzipSync(bytes), 1 << 16),
    await zipped(bytes),
  ]);
});

test('docker save before Engine 25', async () => {
  await checkBytes(await oldSave());
});

test('podman and buildah', async () => {
  await checkBytes(await podmanSave());
});

test('a docker save archive that was unpacked', async () => {
  await checkAll([await read(await unpacked(await podmanSave()))]);
});

test('what was hashed is told apart from what was walked over', async () => {
  const verified = async (name: string, verify: boolean): Promise<unknown> =>
    new Set((await read(fixture(name), { verify })).image.layers.map((layer) => layer.contents!.verified));
  expect([
    await verified('graph-save.tar', false),
    await verified('graph-save.tar', true),
    await verified('oci-zstd.tar', false),
  ]).toEqual([new Set([false]), new Set([true]), new Set([true])]);
});

test('stored sizes are those of the blobs', async () => {
  const stored = async (name: string): Promise<unknown> =>
    (await read(fixture(name))).image.layers.map((layer) => layer.stored!.bytes);
  expect([await stored('graph-save.tar'), await stored('oci-gzip.tar'), await stored('oci-zstd.tar')]).toEqual([
    [10752, 14848, 2048, 3584, 4608],
    expect.arrayContaining([expect.any(Number)]),
    expect.arrayContaining([expect.any(Number)]),
  ]);
});

test('sizes first: nothing is decompressed where contents were not asked for', async () => {
  const bytes = async (name: string): Promise<unknown> =>
    (await read(fixture(name), { contents: false })).image.layers.map((layer) => layer.bytes);
  expect([await bytes('graph-save.tar'), await bytes('oci-gzip.tar')]).toEqual([
    [2485, 4107, 0, 20, 2440],
    [undefined, undefined, undefined, undefined, undefined],
  ]);
});

async function checkBytes(bytes: Buffer): Promise<void> {
  using temporary = scratch();
  const path = join(temporary.folder, 'image.tar');
  writeFileSync(path, bytes);
  await checkAll([await read(`docker-archive:${path}`), await stream(bytes, 1 << 20), await stream(bytes, 777)]);
}

async function checkAll(all: readonly ImageFacts[]): Promise<void> {
  expect(all.map(shown)).toEqual(all.map(() => expected));
  expect(new Set(all.map(({ image }) => image.id))).toEqual(new Set([await fixtureId()]));
  expect(new Set(all.map(({ image }) => image.layers.map(({ diffId }) => diffId).join())).size).toBe(1);
}

async function fixtureId(): Promise<string> {
  return (await read(fixture('graph-save.tar'))).image.id;
}

function shown({ image, netBytes }: ImageFacts): typeof expected {
  const { os, architecture, variant } = image.platform;
  return {
    netBytes: netBytes!,
    platform: [os, architecture, variant].filter(Boolean).join('/'),
    config: image.config as (typeof expected)['config'],
    history: image.history.length,
    made: image.history.filter(({ emptyLayer }) => !emptyLayer).map(({ createdBy }) => createdBy.split(' ')[0]!),
    layers: image.layers.map(({ bytes, contents }) => {
      const { files, directories, symlinks, whiteouts, largestFiles } = contents!;
      const largest = largestFiles[0]?.path ?? '-';
      return `${bytes} bytes ${files} files ${directories} directories ${symlinks} symlinks ${whiteouts} whiteouts ${largest}`;
    }),
  };
}

function stream(bytes: Uint8Array, chunk: number): Promise<ImageFacts> {
  return readImageStream(inChunks(bytes, chunk), 'docker-archive:-', readOptions, new AbortController().signal);
}

async function zipped(bytes: Uint8Array): Promise<ImageFacts> {
  using temporary = scratch();
  const path = join(temporary.folder, 'image.tar.gz');
  writeFileSync(path, gzipSync(bytes));
  return await read(`docker-archive:${path}:layer-lens-fixture:1`).catch(() => read(`oci-archive:${path}:1`));
}

const unpackedFolders = new Map<Uint8Array, Scratch>();

afterAll(() => {
  unpackedFolders.forEach((folder) => folder[Symbol.dispose]());
});

async function unpacked(bytes: Uint8Array): Promise<string> {
  const made = unpackedFolders.get(bytes) ?? scratch();
  unpackedFolders.set(bytes, made);
  for (const [name, content] of await membersOf(bytes)) {
    mkdirSync(dirname(join(made.folder, name)), { recursive: true });
    writeFileSync(join(made.folder, name), content);
  }
  return made.folder;
}
