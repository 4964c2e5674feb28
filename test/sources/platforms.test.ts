/** Which image of an archive is read: by platform, by name, by what is really there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Platform } from '../../server/src/image/image.ts';
import { file, fixture, membersOf, sha, tarOf, type Member } from './layouts.ts';
import { failureOf, read, scratch } from './read.ts';

const platforms = fixture('platforms.tar');

describe('platforms', () => {
  test('linux/amd64 where none is asked for, and it is said', async () => {
    const notes: string[] = [];
    await read(platforms, { note: (sentence) => notes.push(sentence) });
    expect([await shown(undefined), notes]).toEqual([
      'linux/amd64 /amd64/tool.sh',
      [`${platforms} holds linux/amd64, linux/arm64, linux/arm/v7; linux/amd64 is shown because none was asked for.`],
    ]);
  });
  test('the one that is asked for', async () => {
    expect([
      await shown('linux/arm64'),
      await shown('linux/arm64/v8'),
      await shown('linux/arm'),
      await shown('linux/arm/v7'),
    ]).toEqual([
      'linux/arm64 /arm64/tool.sh',
      'linux/arm64 /arm64/tool.sh',
      'linux/arm/v7 /arm/tool.sh',
      'linux/arm/v7 /arm/tool.sh',
    ]);
  });
  test('one that is not there: what is', async () => {
    expect(await failureOf(shown('linux/s390x'))).toBe(
      `no-such-platform: ${platforms} is not for linux/s390x; it holds linux/amd64, linux/arm64, linux/arm/v7. | Ask for one of them, such as --platform linux/amd64.`,
    );
  });
  test('an archive of one platform, asked for another', async () => {
    expect(await failureOf(read(fixture('graph-save.tar'), { platform: platformOf('linux/arm64') }))).toMatch(
      /^no-such-platform: .* is not for linux\/arm64; it holds linux\/amd64\./,
    );
  });
  test('the only one whose bytes are there, as the containerd store saves a pulled image', async () => {
    const members = await membersOf(readFileSync(platforms));
    const arm64 = await read(platforms, { platform: platformOf('linux/arm64') });
    const others = await Promise.all(
      ['linux/amd64', 'linux/arm/v7'].map((name) => read(platforms, { platform: platformOf(name) })),
    );
    others.forEach(({ image }) => members.delete(`blobs/${image.id.replace(':', '/')}`));
    expect((await readMembers([...members].map(([name, bytes]) => file(name, bytes)))).image.id).toBe(arm64.image.id);
  });
});

describe('names', () => {
  test.each(['layer-lens-fixture:1', 'docker.io/library/layer-lens-fixture:1', '1', '@0'])('%s', async (name) => {
    const path = fixture('graph-save.tar');
    expect((await read(`docker-archive:${path}:${name}`)).source).toBe(`docker-archive:${path}:${name}`);
  });
  test('one that is not there: what is', async () => {
    const path = fixture('graph-save.tar');
    expect(await failureOf(read(`docker-archive:${path}:other`))).toBe(
      `not-found: ${path} holds no image named "other". | It holds layer-lens-fixture:1.`,
    );
  });
  test('two images: say which', async () => {
    const two = await twoImages();
    expect((await failureOf(readMembers(two))).replace(/\/.*image\.tar/, 'FILE')).toBe(
      'unsupported: FILE holds 2 images; say which one is meant. | Add its name: :a:1, :b:1.',
    );
    expect([
      (await readMembers(two, 'a:1')).image.config.user,
      (await readMembers(two, 'b:1')).image.config.user,
      (await readMembers(two, '@1')).image.config.user,
    ]).toEqual(['a', 'b', 'b']);
  });
});

test('a layer that may not be distributed and is not there stays unknown', async () => {
  const notes: string[] = [];
  const config = Buffer.from(
    JSON.stringify({
      os: 'windows',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [`sha256:${'a'.repeat(64)}`] },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      config: { digest: `sha256:${sha(config)}`, size: config.length },
      layers: [
        {
          mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
          digest: `sha256:${'b'.repeat(64)}`,
          size: 7,
        },
      ],
    }),
  );
  const index = { manifests: [{ digest: `sha256:${sha(manifest)}`, size: manifest.length }] };
  using temporary = scratch();
  const path = join(temporary.folder, 'image.tar');
  writeFileSync(
    path,
    await tarOf([
      file(`blobs/sha256/${sha(config)}`, config),
      file(`blobs/sha256/${sha(manifest)}`, manifest),
      file('index.json', JSON.stringify(index)),
    ]),
  );
  const { image, netBytes } = await read(path, { note: (sentence) => notes.push(sentence) });
  expect([image.layers.map(({ bytes }) => bytes), netBytes, notes]).toEqual([
    [undefined],
    undefined,
    [`Layer sha256:${'a'.repeat(12)} of ${path} may not be distributed and is not there: its size stays unknown.`],
  ]);
});

async function shown(name: string | undefined): Promise<string> {
  const { image } = await read(platforms, { platform: name === undefined ? undefined : platformOf(name) });
  const { os, architecture, variant } = image.platform;
  return `${[os, architecture, variant].filter(Boolean).join('/')} ${image.layers[0]!.contents!.largestFiles[0]!.path}`;
}

function platformOf(name: string): Platform {
  const [os, architecture, variant] = name.split('/');
  return { os: os!, architecture: architecture!, variant };
}

async function readMembers(members: readonly Member[], name = ''): ReturnType<typeof read> {
  using temporary = scratch();
  const path = join(temporary.folder, 'image.tar');
  writeFileSync(path, await tarOf(members));
  return await read(name === '' ? path : `docker-archive:${path}:${name}`);
}

async function twoImages(): Promise<Member[]> {
  const layer = await tarOf([file('a', 'one')]);
  const images = ['a', 'b'].map((user) => ({
    name: `${user}.json`,
    config: JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      config: { User: user },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha(layer)}`] },
    }),
  }));
  const manifest = images.map(({ name }) => ({ Config: name, RepoTags: [`${name[0]}:1`], Layers: ['layer.tar'] }));
  return [
    ...images.map(({ name, config }) => file(name, config)),
    file('layer.tar', layer),
    file('manifest.json', JSON.stringify(manifest)),
  ];
}
