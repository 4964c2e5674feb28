/** Builds as people start them in a terminal, and which of them a Dockerfile is then paired with. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { searchBuild, type BuildSearch } from '../../server/src/sources/buildx.ts';
import { watchBuilds } from '../../server/src/sources/buildx-watch.ts';
import { listImages, readEngineImage } from '../../server/src/sources/engine.ts';
import type { DockerOptions } from '../../server/src/sources/read-options.ts';
import { dockerText, dockerOptions, noSignal, readOptions, run, type Ended } from './docker.ts';

let home = '';
let project = '';
let containerd = false;
/** Notes of builds in a folder of our own: nobody else's builds are among them. */
let options: DockerOptions = dockerOptions;
const built = new Set<string>();

beforeAll(async () => {
  containerd = (await dockerText(['info', '--format', '{{.DriverStatus}}'])).includes('driver-type');
  home = await mkdtemp(join(tmpdir(), 'layer-lens-pairing-'));
});

beforeEach(async () => {
  project = await mkdtemp(join(home, 'project-'));
  options = { ...dockerOptions, env: { ...process.env, DOCKER_CONFIG: await makeConfig() } };
});

afterAll(async () => {
  await run('docker', ['image', 'rm', ...built]);
  await rm(home, { recursive: true, force: true });
});

async function makeConfig(): Promise<string> {
  const config = await mkdtemp(join(home, 'config-'));
  await writeFile(join(config, 'config.json'), '{}');
  const plugins = join(process.env['DOCKER_CONFIG'] ?? join(process.env['HOME'] ?? '/root', '.docker'), 'cli-plugins');
  await symlink(plugins, join(config, 'cli-plugins'));
  return config;
}

async function write(name: string, text: string): Promise<string> {
  const path = join(project, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

async function build(args: readonly string[], folder = project, input = ''): Promise<Ended> {
  const ended = await run('docker', ['buildx', 'build', '--progress', 'plain', ...args], {
    cwd: folder,
    env: { ...options.env },
    input,
  });
  const id = / (?:writing image|exporting manifest list|exporting manifest) (sha256:\w+)/.exec(ended.stderr)?.[1];
  if (id !== undefined) {
    built.add(id);
  }
  return ended;
}

/** What a person would say about the result. Where others build at the same time, the record may be gone: build again. */
async function check(path: string, text: string, builds: () => Promise<unknown>, expected: object): Promise<void> {
  let search: BuildSearch = { kind: 'none', reason: 'record-gone', detail: undefined };
  for (let attempt = 0; attempt < 4 && search.kind === 'none' && search.reason === 'record-gone'; attempt += 1) {
    await builds();
    search = await searchBuild(path, text, options, noSignal);
  }
  expect(summary(search)).toMatchObject(expected);
}

function summary(search: BuildSearch): object {
  if (search.kind === 'none') {
    return { reason: search.reason };
  }
  const { record } = search;
  return {
    text: record.text,
    target: record.target,
    args: Object.fromEntries(record.buildArgs),
    platform: record.platform && `${record.platform.os}/${record.platform.architecture}`,
    image: record.imageId !== undefined,
    config: record.configDigest !== undefined,
    layers: record.steps
      .map(
        ({ kind, locations, diffIds }) =>
          `${kind} ${locations.map(({ start }) => start + 1).join('+')}: ${diffIds.length}`,
      )
      .toSorted(),
    timed: record.steps.filter(({ cached, milliseconds }) => cached !== undefined && milliseconds !== undefined).length,
  };
}

const one = 'FROM busybox:local\nRUN echo pairing one > /one\n';
const two = 'FROM busybox:local\nRUN echo pairing two > /two\n';

test('docker build . in the folder', async () => {
  const path = await write('Dockerfile', one);
  await check(path, one, () => build(['.']), {
    text: one,
    image: true,
    config: true,
    layers: ['exec 2: 3', 'source 1: 2'],
    timed: 1,
  });
});

test('another file by -f, from a folder below', async () => {
  const path = await write('docker/App.Dockerfile', two);
  await write('src/x', '');
  await check(path, two, () => build(['-f', '../docker/App.Dockerfile', '..'], join(project, 'src')), {
    text: two,
    image: true,
  });
});

test('the same file through links', async () => {
  await write('real/Dockerfile', one);
  await symlink(join(project, 'real'), join(project, 'link'));
  await check(join(project, 'real', 'Dockerfile'), one, () => build([join(project, 'link')]), { text: one });
  await check(join(project, 'link', 'Dockerfile'), one, () => build([join(project, 'real')]), { text: one });
});

test('a Dockerfile piped in belongs to no file', async () => {
  const path = await write('Dockerfile', two);
  await check(path, two, () => Promise.all([build(['-f', '-', '.'], project, one), build(['-'], project, one)]), {
    reason: 'never-built',
  });
});

test('target, arguments and platform are told', async () => {
  const text = 'FROM busybox:local AS first\nARG WHO=nobody\nRUN echo $WHO > /who\nFROM first\nRUN exit 1\n';
  const path = await write('Dockerfile', text);
  const start = (): Promise<Ended> =>
    build(['--target', 'first', '--build-arg', 'WHO=a b=c', '--platform', 'linux/amd64', '.']);
  await check(path, text, start, {
    target: 'first',
    args: { WHO: 'a b=c' },
    platform: 'linux/amd64',
    layers: ['exec 3: 3', 'source 1: 2'],
  });
});

test('a failed build leaves the last good one', async () => {
  const path = await write('Dockerfile', one);
  const builds = async (): Promise<void> => {
    await writeFile(path, one);
    await build(['.']);
    await writeFile(path, 'FROM busybox:local\nRUN exit 3\n');
    await build(['.']);
  };
  await check(path, 'FROM busybox:local\nRUN exit 3\n', builds, { text: one });
});

test('nothing but failed builds', async () => {
  const path = await write('Dockerfile', 'FROM busybox:local\nRUN exit 4\n');
  await check(path, '', () => build(['.']), { reason: 'failed' });
});

test('of several builds the one of this very text, else the newest', async () => {
  const path = await write('Dockerfile', one);
  const builds = async (): Promise<void> => {
    for (const text of [one, two]) {
      await writeFile(path, text);
      await build(['.']);
    }
  };
  await check(path, one, builds, { text: one });
  await check(path, `\uFEFF${one.replaceAll('\n', '\r\n')}`, builds, { text: one });
  await check(path, `${one}# edited\n`, builds, { text: two });
});

test('a build with an image counts more than a later one without', async () => {
  const path = await write('Dockerfile', two);
  const builds = async (): Promise<void> => {
    await build(['.']);
    await build(['--output', 'type=cacheonly', '.']);
  };
  await check(path, two, builds, { image: true });
  await check(path, two, () => build(['--output', 'type=local,dest=out', '.']), { image: true });
});

test('only a folder as output', async () => {
  const path = await write('Dockerfile', two);
  await check(path, two, () => build(['--output', 'type=local,dest=out', '.']), {
    text: two,
    image: false,
    config: false,
  });
});

test('provenance of version 1 tells the same', async () => {
  const text = 'FROM busybox:local AS a\nRUN echo v1 > /v\nFROM busybox:local\nWORKDIR /w\nCOPY --from=a /v .\n';
  const path = await write('Dockerfile', text);
  const layers = ['exec 2: 0', 'file 4: 3', 'file 5: 4', 'source 1+3: 2'];
  await check(path, text, () => build(['.']), { layers, args: {} });
  const args = { BUILDKIT_HISTORY_PROVENANCE_V1: '1' };
  await check(path, text, () => build(['--build-arg', 'BUILDKIT_HISTORY_PROVENANCE_V1=1', '.']), { layers, args });
});

test('an image for several platforms, and one that went to a file', async () => {
  const text = 'FROM scratch\nCOPY Dockerfile /\nWORKDIR /w\n';
  const path = await write('Dockerfile', text);
  const layers = ['file 2: 1', 'file 3: 2'];
  const platforms = await build(['--platform', 'linux/arm64,linux/amd64', '-t', 'layer-lens-test-platforms', '.']);
  const toFile = await build(['--output', 'type=oci,dest=app.tar', '.']);
  if (!containerd) {
    // The graph-driver store can do neither, and says so.
    expect([platforms.stderr, toFile.stderr].join()).toMatch(
      /multi(ple)?[- ]platform.*not supported.*OCI exporter is not supported/is,
    );
    return;
  }
  built.add('layer-lens-test-platforms');
  await check(
    path,
    text,
    () => build(['--platform', 'linux/arm64,linux/amd64', '-t', 'layer-lens-test-platforms', '.']),
    {
      platform: 'linux/amd64',
      image: true,
      config: true,
      layers,
    },
  );
  const arm = { os: 'linux', architecture: 'arm64', variant: undefined };
  const image = await readEngineImage('layer-lens-test-platforms', { ...readOptions(true), platform: arm }, noSignal);
  expect([image.image.platform.architecture, image.image.layers.length]).toEqual(['arm64', 2]);
  const missing = { ...arm, architecture: 's390x' };
  await expect(
    readEngineImage('layer-lens-test-platforms', { ...readOptions(false), platform: missing }, noSignal),
  ).rejects.toMatchObject({
    kind: 'no-such-platform',
    message: 'The image "layer-lens-test-platforms" is not for linux/s390x.',
  });
  await check(
    await write('file/Dockerfile', text),
    text,
    () => build(['--output', 'type=oci,dest=../app.tar', '.'], join(project, 'file')),
    {
      image: false,
      config: true,
      layers,
    },
  );
});

test('bake', async () => {
  const path = await write('app/Dockerfile', two);
  await write('docker-bake.json', JSON.stringify({ target: { default: { context: 'app' } } }));
  const bake = (): Promise<Ended> =>
    run('docker', ['buildx', 'bake', '--load'], { cwd: project, env: { ...options.env } });
  await check(path, two, bake, { text: two });
});

test('never built, and built so long ago that the record is gone', async () => {
  const path = await write('Dockerfile', one);
  await check(path, one, async () => undefined, { reason: 'never-built' });
  const notes = join(options.env['DOCKER_CONFIG']!, 'buildx', 'refs', 'default', 'default');
  await mkdir(notes, { recursive: true });
  await writeFile(
    join(notes, 'gonegonegonegonegonegone1'),
    JSON.stringify({ Target: 'default', LocalPath: project, DockerfilePath: '' }),
  );
  await check(path, one, async () => undefined, { reason: 'record-gone' });
});

test('a build in a terminal is noticed when it is done, with no folder of notes before', async () => {
  const path = await write('Dockerfile', `FROM busybox:local\nRUN sleep 1 && echo ${Date.now()} > /now\n`);
  const other = await write('other/Dockerfile', one);
  const noticed: string[] = [];
  const asked: string[] = [];
  const wants = (dockerfile: string): boolean => asked.push(dockerfile) > 0 && dockerfile === path;
  const watch = watchBuilds(options, (dockerfile) => noticed.push(dockerfile), { wants });
  try {
    await sleep(300);
    expect(await readdir(options.env['DOCKER_CONFIG']!)).not.toContain('buildx');
    await Promise.all([build(['.']), build([join(other, '..')])]);
    for (let wait = 0; wait < 100 && noticed.length === 0; wait += 1) {
      await sleep(100);
    }
    expect(noticed).toEqual([path]);
    expect(asked).toContain(other);
    await build(['.']);
    for (let wait = 0; wait < 100 && noticed.length === 1; wait += 1) {
      await sleep(100);
    }
    expect(noticed).toEqual([path, path]);
  } finally {
    watch[Symbol.dispose]();
  }
});

test('images are listed newest first, also those without a name', async () => {
  const text = `FROM busybox:local\nRUN echo ${Date.now()} > /listed\n`;
  await write('Dockerfile', text);
  await build(['-t', 'layer-lens-test-listed:2', '-t', 'layer-lens-test-listed:1', '.']);
  await write('Dockerfile', `${text}LABEL newer=1\n`);
  await build(['-t', 'layer-lens-test-listed:1', '-t', 'layer-lens-test-listed:2', '.']);
  const images = await listImages(options, noSignal);
  const ids = (await dockerText(['image', 'ls', '--no-trunc', '--format', '{{.ID}}'])).split('\n');
  const named = images.find(({ names }) => names.includes('layer-lens-test-listed:1'));
  built.add('layer-lens-test-listed:1').add('layer-lens-test-listed:2');
  expect(named?.names.toSorted()).toEqual(['layer-lens-test-listed:1', 'layer-lens-test-listed:2']);
  expect(ids).toContain(named?.id);
  expect(images.map(({ created }) => created)).toEqual(images.map(({ created }) => created).toSorted((a, b) => b - a));
  expect((await readEngineImage(named!.id, readOptions(false), noSignal)).image.layers.length).toBe(3);
  expect((await readEngineImage(named!.id.slice(7, 19), readOptions(false), noSignal)).image.layers.length).toBe(3);
});

test('through the CLI as the wire, as for ssh and TLS', async () => {
  const wire = await write('docker', `#!/bin/sh\nDOCKER_HOST='${process.env['DOCKER_HOST']}' exec docker "$@"\n`);
  await run('chmod', ['+x', wire]);
  const far: DockerOptions = { ...dockerOptions, path: wire, host: 'ssh://nobody@nowhere' };
  const read = await readEngineImage('busybox:local', { ...readOptions(true), docker: far }, noSignal);
  const direct = await readEngineImage('busybox:local', readOptions(true), noSignal);
  expect(read).toEqual(direct);
});
