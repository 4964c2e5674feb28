/** What is said of everything that is no image, and of images that are broken: one sentence and what to do. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../server/src/sources/source.ts';
import { readImageStream } from '../../server/src/sources/stream.ts';
import { directory, file, fixture, membersOf, sha, symlink, tarOf, type Member } from './layouts.ts';
import { failureOf, inChunks, read, readOptions, scratch } from './read.ts';

const saved = readFileSync(fixture('graph-save.tar'));

describe('foreign files', () => {
  const save = 'Write an archive with `docker save -o app.tar app:1`.';
  test('an HTML page', () =>
    check(
      '<!DOCTYPE html>\n<html>',
      `foreign: FILE is no image; it is an HTML page, such as a log-in or error page saved by a download. | ${save}`,
    ));
  test('a zip archive', () => check('PK\u0003\u0004zip', `foreign: FILE is no image; it is a zip archive. | ${save}`));
  test('an xz file', () =>
    check(
      '\xfd7zXZ\0\0\0',
      `foreign: FILE is no image; it is compressed with xz; decompress it first (\`xz -d\`). | ${save}`,
    ));
  test('a text', () => check('hello\n', `foreign: FILE is no image; it is a text. | ${save}`));
  test('a Dockerfile', () => check('FROM debian\n', `foreign: FILE is no image; it is a Dockerfile. | ${save}`));
  test('a program', () => check('\x7fELF\x02\x01', `foreign: FILE is no image; it is a program. | ${save}`));
  test('JSON', () =>
    check(
      '{"a":1}',
      'foreign: FILE is no image; it is a JSON document, not an archive. | Name the archive or the folder it belongs to.',
    ));
  test('nothing', () => check('', 'corrupt: FILE is empty. | Write it again; was the disk full?'));
  test('zeros', () => check('\0'.repeat(10240), `foreign: FILE is a tar archive without anything in it. | ${save}`));
  test('a compressed text', () =>
    check(gzipSync('hello'), `foreign: FILE is no image; it is a text. | ${save}`, 'stream'));
});

describe('foreign archives', () => {
  const save = 'Write an archive with `docker save -o app.tar app:1`.';
  test('a root file system', () =>
    checkTar(
      [directory('bin/'), directory('etc/'), file('etc/passwd', 'root')],
      'foreign: FILE is a file system without layers, as `docker export` writes. | Use `docker save`, which keeps the layers.',
    ));
  test('sources', () =>
    checkTar(
      [file('app/main.c', 'int main;')],
      `foreign: FILE is a tar archive but no image: it has no index.json and no manifest.json. | ${save}`,
    ));
  test('compressed sources', async () =>
    check(
      gzipSync(await tarOf([file('app/main.c', 'int main;')])),
      `foreign: FILE is a tar archive but no image: it has no index.json and no manifest.json. | ${save}`,
      'stream',
    ));
  test('a chart', async () => {
    const config = Buffer.from('{"name":"chart"}');
    const digest = `sha256:${sha(config)}`;
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest, size: config.length },
        layers: [],
      }),
    );
    const index = { manifests: [{ mediaType: 'm', digest: `sha256:${sha(manifest)}`, size: manifest.length }] };
    await checkTar(
      [
        file(`blobs/sha256/${sha(config)}`, config),
        file(`blobs/sha256/${sha(manifest)}`, manifest),
        file('index.json', JSON.stringify(index)),
      ],
      `foreign: config ${digest} of FILE is no container image's config: it names no layers. | Charts, signatures and other artifacts have no layers to show; name an image.`,
    );
  });
});

describe('broken documents', () => {
  test('manifest.json that is no JSON', () =>
    checkTar(
      [file('manifest.json', '[{')],
      'corrupt: manifest.json of FILE is no JSON. | Write or download the image again.',
    ));
  test('a field of another type', () =>
    checkTar(
      [file('manifest.json', '[{"Config":"c.json","Layers":[1]}]')],
      'corrupt: `[0].Layers[0]` in manifest.json of FILE is no text. | Write or download the image again.',
    ));
  test('a missing field', () =>
    checkTar(
      [file('manifest.json', '[{"Layers":[]}]')],
      'corrupt: `[0].Config` in manifest.json of FILE is missing. | Write or download the image again.',
    ));
  test('a digest that leads elsewhere', () =>
    checkTar(
      [file('index.json', '{"manifests":[{"digest":"sha256:../../etc","size":1}]}')],
      'corrupt: `manifests[0].digest` in index.json of FILE is no digest. | Write or download the image again.',
    ));
  test('a config that is not there', () =>
    checkTar(
      [file('manifest.json', '[{"Config":"c.json","Layers":[]}]')],
      'corrupt: FILE names the config c.json, which is not in it. | Save the image again.',
    ));
  test('a manifest that is not there', () =>
    checkTar(
      [file('index.json', `{"manifests":[{"digest":"sha256:${'0'.repeat(64)}","size":1}]}`)],
      'corrupt: FILE names an image whose manifest is not in it. | Copy the whole layout, or save the image again.',
    ));
  test('more layers than diff ids', () =>
    checkTar(
      [
        file('manifest.json', '[{"Config":"c.json","Layers":["l.tar"]}]'),
        file('l.tar', ''),
        file('c.json', '{"rootfs":{"type":"layers","diff_ids":[]}}'),
      ],
      'corrupt: FILE contradicts itself: 1 layers, but its config names 0. | Save the image again.',
    ));
  test('a damaged config', async () => {
    const members = await membersOf(saved);
    const config = [...members.keys()].find(
      (name) => members.get(name)!.includes('onbuild') || members.get(name)!.includes('OnBuild'),
    )!;
    members.set(config, Buffer.from(members.get(config)!.toString().replace('hello', 'jello')));
    await checkTar(
      [...members].map(([name, bytes]) => file(name, bytes)),
      `corrupt: ${config} of FILE is damaged: its bytes do not have the digest it is named by. | Write or download the image again.`,
    );
  });
});

describe('broken layers', () => {
  test('missing', async () => {
    await checkTar(
      (await membersWithout('layer')).map(([name, bytes]) => file(name, bytes)),
      /^corrupt: Layer sha256:\w{12} of FILE is not in it\. \|/,
    );
  });
  test('other bytes than its diff id says, told where all bytes pass', async () => {
    const layer = await tarOf([file('a', 'one')]);
    const archive = await tarOf(imageOf([{ name: 'layer.tar', tar: layer, diffId: '1'.repeat(64) }]));
    expect(await failureOf(stream(archive))).toMatch(
      /^corrupt: Layer sha256:111111111111 of - is damaged: its bytes do not have the digest they should\. \|/,
    );
    using temporary = scratch();
    const path = write(temporary.folder, archive);
    expect(await failureOf(read(path, { verify: true }))).toMatch(/^corrupt: Layer sha256:1{12} of .* is damaged/);
    expect((await read(path)).image.layers[0]!.contents!.verified).toBe(false);
  });
  test('no tar', () =>
    checkTar(
      imageOf([{ name: 'layer.tar', tar: Buffer.from('<html>'), diffId: '1'.repeat(64) }]),
      /^corrupt: (Layer sha256:1{12}|layer\.tar) of FILE is no layer; it is an HTML page/,
    ));
  test('damaged gzip', async () => {
    const zipped = gzipSync(await tarOf([file('a', Buffer.alloc(3000, 'x'))]));
    zipped[40]! ^= 0xff;
    const archive = await tarOf(imageOf([{ name: 'layer.tar', tar: zipped, diffId: '1'.repeat(64) }]));
    expect(await failureOf(stream(archive))).toMatch(
      /^corrupt: layer\.tar of - is cut off or damaged: its gzip data cannot be read\./,
    );
  });
});

describe('paths and names', () => {
  test('nothing there', async () =>
    expect(await failureOf(read('docker-archive:/nowhere/app.tar:app:1'))).toBe(
      'not-found: There is no /nowhere/app.tar. | Check the path. For an image of the engine write docker-daemon:app.tar.',
    ));
  test('a folder without an image', async () => {
    using temporary = scratch();
    expect(await failureOf(read(`docker-archive:${temporary.folder}`))).toBe(
      `foreign: ${temporary.folder} is no image; it is a folder without an index.json. | For an archive name the file itself, such as app.tar.`,
    );
  });
  test('an unknown transport', async () =>
    expect(await failureOf(read('app:1'))).toMatch(
      /^not-found: "app:1" is no file and no folder, and it does not say where the image is\. \| For an image of the engine: docker-daemon:app:1\./,
    ));
  test('a registry', async () =>
    expect(await failureOf(read('docker://ghcr.io/a/b:1'))).toBe(
      'unsupported: Images are not read from registries: docker://ghcr.io/a/b:1. | Pull it first and name it docker-daemon:ghcr.io/a/b:1.',
    ));
  test('no name', async () =>
    expect(await failureOf(read('oci:'))).toBe('not-found: "oci:" names no image. | For example oci:folder:1.'));
  test('a name with colons', async () => {
    using temporary = scratch();
    const folder = join(temporary.folder, 'a:b');
    mkdirSync(folder);
    const path = write(folder, saved);
    expect((await read(`docker-archive:${path}:layer-lens-fixture:1`)).source).toBe(
      `docker-archive:${path}:layer-lens-fixture:1`,
    );
  });
  test('a symlink that leads out of the archive', () =>
    checkTar(
      [symlink('manifest.json', '../../../../etc/passwd')],
      'foreign: FILE holds no image: there is neither an index.json nor a manifest.json. | Write one with `docker save -o app.tar app:1`, or `docker buildx build -o type=oci,dest=app.tar .`.',
    ));
});

test.each([
  ['foreign', Buffer.from('<html>'.repeat(1000))],
  ['broken', Buffer.concat([saved.subarray(0, 2000), Buffer.alloc(50_000, 'x')])],
  ['compressed and foreign', gzipSync('text'.repeat(10_000))],
  ['good', saved],
])('a %s stream is closed, whatever came of it', async (_, bytes) => {
  let open = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    open++;
    try {
      yield* inChunks(bytes, 700);
    } finally {
      open--;
    }
  }
  await failureOf(readImageStream(source(), '-', readOptions, new AbortController().signal));
  expect(open).toBe(0);
});

test('a stream is left soon after it was cancelled', async () => {
  const controller = new AbortController();
  let chunks = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for await (const chunk of inChunks(saved, 512)) {
      chunks++;
      if (chunks === 20) {
        controller.abort();
      }
      yield chunk;
    }
  }
  const failure = await failureOf(readImageStream(source(), '-', readOptions, controller.signal));
  expect([failure, chunks < 25]).toEqual(['cancelled: Reading was cancelled. | ', true]);
});

test('a cut archive says so, wherever it is cut', async () => {
  using temporary = scratch();
  const path = write(temporary.folder, saved);
  for (let length = saved.length - 11_000; length > 512; length -= 3_111) {
    truncateSync(path, length);
    expect(await failureOf(read(path))).toMatch(/^corrupt: .* ends in the middle of an entry|no index\.json/);
    expect(await failureOf(stream(saved.subarray(0, length)))).toMatch(/^corrupt: - is cut off\.|no index\.json/);
  }
});

test('whatever is cut or flipped: an answer or a SourceError, soon', async () => {
  const archives = ['graph-save.tar', 'containerd-save.tar', 'oci-zstd.tar', 'platforms.tar'].map((name) =>
    readFileSync(fixture(name)),
  );
  const damage = fc.record({
    archive: fc.constantFrom(...archives),
    length: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.boolean(),
    flips: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(7)), { maxLength: 4 }),
  });
  using temporary = scratch();
  await fc.assert(
    fc.asyncProperty(damage, async ({ archive, length, cut, flips }) => {
      const bytes = Buffer.from(cut ? archive.subarray(0, Math.floor(archive.length * length)) : archive);
      for (const [at, bit] of flips) {
        const place = Math.floor(at * bytes.length);
        if (place < bytes.length) {
          bytes[place]! ^= 1 << bit;
        }
      }
      const path = write(temporary.folder, bytes);
      const answers = await Promise.allSettled([read(path), stream(bytes)]);
      const bugs = answers.filter((answer) => answer.status === 'rejected' && !(answer.reason instanceof SourceError));
      expect(bugs).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

async function check(content: string | Uint8Array, failure: string, name = 'file'): Promise<void> {
  using temporary = scratch();
  const path = write(temporary.folder, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  const told = await failureOf(read(path));
  expect(told.replaceAll(name === 'stream' ? `docker-archive:${path}` : path, 'FILE')).toBe(failure);
}

async function checkTar(members: readonly Member[], failure: string | RegExp): Promise<void> {
  const archive = await tarOf(members);
  using temporary = scratch();
  const path = write(temporary.folder, archive);
  const told = [(await failureOf(read(path))).replaceAll(path, 'FILE'), await failureOf(stream(archive, 'FILE'))];
  for (const one of told) {
    expect(one).toEqual(typeof failure === 'string' ? failure : expect.stringMatching(failure));
  }
}

function write(folder: string, bytes: Uint8Array): string {
  const path = join(folder, 'image.tar');
  writeFileSync(path, bytes);
  return path;
}

function stream(bytes: Uint8Array, name = '-'): Promise<unknown> {
  return readImageStream(inChunks(bytes, 4096), name, readOptions, new AbortController().signal);
}

async function membersWithout(kind: 'layer'): Promise<[string, Buffer][]> {
  const members = [...(await membersOf(saved))];
  const largest = members.toSorted((a, b) => b[1].length - a[1].length)[0]!;
  return members.filter((member) => kind !== 'layer' || member !== largest);
}

function imageOf(layers: readonly { name: string; tar: Uint8Array; diffId: string }[]): Member[] {
  const config = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: [],
  };
  return [
    ...layers.map(({ name, tar }) => file(name, tar)),
    file('c.json', JSON.stringify(config)),
    file(
      'manifest.json',
      JSON.stringify([{ Config: 'c.json', RepoTags: null, Layers: layers.map(({ name }) => name) }]),
    ),
  ];
}
