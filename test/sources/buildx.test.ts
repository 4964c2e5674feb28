/** What buildx keeps of a build, read from what it really wrote (fixtures/buildx), and how a CLI that cannot tell is taken. */
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findBuild, searchBuild } from '../../server/src/sources/buildx.ts';
import { readLog } from '../../server/src/sources/buildx-log.ts';
import { readProvenance } from '../../server/src/sources/buildx-provenance.ts';
import { watchBuilds } from '../../server/src/sources/buildx-watch.ts';
import type { DockerOptions } from '../../server/src/sources/read-options.ts';

const fixtures = join(import.meta.dirname, 'fixtures', 'buildx');
const signal = new AbortController().signal;
let home = '';
let project = '';
let docker: DockerOptions = { path: 'docker', host: undefined, env: {} };

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'layer-lens-buildx-'));
});

beforeEach(async () => {
  project = await mkdtemp(join(home, 'project-'));
  docker = {
    path: join(project, 'docker'),
    host: 'unix:///nowhere.sock',
    env: { ...process.env, DOCKER_CONFIG: join(project, 'config'), BUILDX_CONFIG: undefined },
  };
});

afterAll(() => rm(home, { recursive: true, force: true }));

test('provenance of both versions and both stores: lines, kinds and layers', async () => {
  const [graph, containerd, version1] = await Promise.all(['v0.2', 'containerd', 'v1'].map((name) => provenance(name)));
  expect(stepsOf(graph)).toEqual([
    'source 3: 2',
    'file 5: 3',
    'file 6: 4',
    'exec 7-9: 5',
    'exec 13-15: 6',
    'file 16: 7',
  ]);
  expect(stepsOf(containerd)).toEqual([
    'source 3: 2?',
    'file 5: 3?',
    'file 6: 4?',
    'exec 7-9: 5?',
    'exec 13-15: 6?',
    'file 16: 7?',
  ]);
  expect(stepsOf(version1)).toEqual(['source 3: 2?', 'file 5: 3?', 'file 6: 4?', 'exec 7-9: 5?']);
  expect([graph?.text, containerd?.text]).toEqual([version1?.text, version1?.text]);
  expect([graph?.target, version1?.target, graph?.buildArgs, graph?.platforms]).toEqual([
    undefined,
    'base',
    new Map([['V', '5']]),
    [{ os: 'linux', architecture: 'amd64', variant: undefined }],
  ]);
});

test.each([
  ['nothing', undefined],
  ['an empty object', {}],
  ['other types everywhere', { buildConfig: 7, metadata: [], invocation: { parameters: { args: 'x' } } }],
  [
    'a provenance without a text',
    { metadata: { 'https://mobyproject.org/buildkit@v1#metadata': { source: { infos: [] } } } },
  ],
])('%s is no provenance', (_, value) => {
  expect(readProvenance(value)).toBeUndefined();
});

test('the log: what was cached, how long it took, what was exported', async () => {
  const graph = readLog(await readFile(join(fixtures, 'log.jsonl'), 'utf8'));
  expect(graph.images).toEqual([
    { manifest: undefined, config: 'sha256:004c3782ced4f01024c91d0a7403b6883e553074f7370d08dd3be1f91a353950' },
  ]);
  expect(graph.vertices.get('sha256:c110325555ee08ea8eb9fb860bbc3aa8d977e1d19e36f2886fae5dda6d36f630')).toEqual({
    cached: false,
    milliseconds: 266,
  });
  const containerd = readLog(await readFile(join(fixtures, 'log-containerd.jsonl'), 'utf8'));
  expect([containerd.index, containerd.images]).toEqual([
    'sha256:627ca5ca2b26599263ca80fc2273382a5157fad3ce85d3ae4e79faf2651265c5',
    [
      {
        manifest: 'sha256:40a670e5b8ae628b9325b7a3060e736a5bead00f5009a3bc7e41ce50f7dfafcd',
        config: 'sha256:a57369ac686de247b42d0d8f419fab615cb8ba817cdc867515d7620662b44d6c',
      },
    ],
  ]);
  expect(readLog('#1 DONE\n{"vertexes":7}\n{"broken\n')).toEqual({ vertices: new Map(), images: [], index: undefined });
});

test('a record without its engine still tells lines, layers and times', async () => {
  const path = await note('Dockerfile', { LocalPath: project, DockerfilePath: '' });
  await cli(await recorded());
  const { text } = (await provenance('v0.2'))!;
  const record = await findBuild(path, text, docker, signal);
  expect({ ...record, text: undefined, steps: record?.steps.slice(2, 5) }).toEqual({
    ref: 'default/default/ref1',
    completedAt: '2026-11-21T07:52:15.94453029Z',
    text: undefined,
    target: undefined,
    buildArgs: new Map([['V', '5']]),
    platform: { os: 'linux', architecture: 'amd64', variant: undefined },
    imageId: undefined,
    configDigest: 'sha256:004c3782ced4f01024c91d0a7403b6883e553074f7370d08dd3be1f91a353950',
    steps: [
      expect.objectContaining({ kind: 'file', locations: [{ start: 5, end: 5 }], cached: false, milliseconds: 18 }),
      expect.objectContaining({ kind: 'exec', locations: [{ start: 6, end: 8 }], cached: false, milliseconds: 266 }),
      expect.objectContaining({ kind: 'exec', locations: [{ start: 12, end: 14 }], cached: false, milliseconds: 250 }),
    ],
  });
  expect((await calls()).length).toBe(2);
});

test.each([
  [
    'no plugin',
    'echo "docker: \'buildx\' is not a docker command." >&2; exit 1',
    "no-history: docker: 'buildx' is not a docker command.",
  ],
  ['a buildx without history', 'echo "unknown flag: --format" >&2; exit 125', 'no-history: unknown flag: --format'],
  [
    'a buildx that answers with its help',
    'printf "Usage:  docker buildx [OPTIONS] COMMAND\\n"; exit 0',
    'no-history: Usage:  docker buildx [OPTIONS] COMMAND',
  ],
  [
    'no engine',
    'echo "ERROR: Cannot connect to the Docker daemon at unix:///nowhere.sock." >&2; exit 1',
    'no-engine: ERROR: Cannot connect to the Docker daemon at unix:///nowhere.sock.',
  ],
  [
    'no record any more',
    'case "$*" in *" ls "*) ;; *) echo "ERROR: no record found" >&2; exit 1 ;; esac',
    'record-gone: ',
  ],
])('%s is a reason, no error', async (_, script, expected) => {
  const path = await note('Dockerfile', { LocalPath: project, DockerfilePath: '' });
  await cli(script);
  expect(await reason(path)).toBe(expected);
});

test('no CLI at all', async () => {
  const path = await note('Dockerfile', { LocalPath: project, DockerfilePath: '' });
  expect(await reason(path)).toBe(`no-cli: The Docker CLI was not found: there is no "${docker.path}".`);
});

test.each([
  ['the context of a default', { LocalPath: '.', DockerfilePath: '' }],
  ['a path of its own', { LocalPath: './context', DockerfilePath: './Dockerfile' }],
])('found: %s', async (_, ref) => {
  const path = await note('Dockerfile', {
    LocalPath: join(project, ref.LocalPath),
    DockerfilePath: ref.DockerfilePath && join(project, ref.DockerfilePath),
  });
  await cli('exit 1');
  expect(await reason(path)).toMatch(/^no-engine/);
});

test.each([
  ['piped in', { LocalPath: 'PROJECT', DockerfilePath: '-' }],
  ['a context that is piped in', { LocalPath: '-', DockerfilePath: '' }],
  ['a repository', { LocalPath: 'https://example.com/repo.git', DockerfilePath: '' }],
  ['a repository over ssh', { LocalPath: 'git@example.com:repo.git', DockerfilePath: 'Dockerfile' }],
  ['another folder', { LocalPath: 'PROJECT/other', DockerfilePath: '' }],
  ['half a note', '{"LocalPath":'],
  ['a note of another kind', '[1, 2]'],
])('not this file: %s', async (_, ref) => {
  const path = await note('Dockerfile', ref);
  await cli('exit 1');
  expect(await reason(path)).toBe('never-built: ');
});

test('`dockerfile` is taken where there is no `Dockerfile`', async () => {
  const path = await note('dockerfile', { LocalPath: project, DockerfilePath: '' });
  await cli('exit 1');
  expect(await reason(path)).toMatch(/^no-engine/);
});

test('a stopped search throws nothing but that', async () => {
  const path = await note('Dockerfile', { LocalPath: project, DockerfilePath: '' });
  await cli('exec sleep 30');
  await expect(searchBuild(path, '', docker, AbortSignal.timeout(200))).rejects.toMatchObject({ kind: 'cancelled' });
});

test('a running build is asked about until it ends, and then never again', async () => {
  const path = await note('Dockerfile', { LocalPath: project, DockerfilePath: '' });
  await writeFile(join(project, 'status'), 'Running');
  await cli('printf \'{"ref":"default/default/ref2","status":"%s"}\\n\' "$(cat "$(dirname "$0")/status")"');
  const noticed: string[] = [];
  const watch = watchBuilds(docker, (dockerfile) => noticed.push(dockerfile));
  try {
    await sleep(200);
    await note('Dockerfile', { LocalPath: project, DockerfilePath: '' }, 'ref2');
    await until(async () => (await calls()).length >= 2);
    expect(noticed).toEqual([]);
    await writeFile(join(project, 'status'), 'Completed');
    await until(async () => noticed.length > 0);
    const asked = (await calls()).length;
    await sleep(1000);
    expect([noticed, (await calls()).length]).toEqual([[path], asked]);
  } finally {
    watch[Symbol.dispose]();
  }
});

test('failed builds, and builds that no engine knows, are let go', async () => {
  await note('Dockerfile', { LocalPath: project, DockerfilePath: '' });
  await cli('echo \'{"ref":"default/default/failed","status":"Error"}\'');
  const noticed: string[] = [];
  const watch = watchBuilds(docker, (dockerfile) => noticed.push(dockerfile));
  try {
    await sleep(200);
    await note('Dockerfile', { LocalPath: project, DockerfilePath: '' }, 'failed');
    await note('Dockerfile', { LocalPath: project, DockerfilePath: '' }, 'stranger');
    await until(async () => (await calls()).length >= 6);
    await sleep(3500);
    const asked = (await calls()).length;
    await sleep(3500);
    expect([noticed, (await calls()).length]).toEqual([[], asked]);
  } finally {
    watch[Symbol.dispose]();
  }
});

async function provenance(name: string): Promise<ReturnType<typeof readProvenance>> {
  return readProvenance(JSON.parse(await readFile(join(fixtures, `provenance-${name}.json`), 'utf8')));
}

/** `kind lines: layers`; a question mark where the blobs are compressed, so that their diff ids are not in the provenance. */
function stepsOf(found: ReturnType<typeof readProvenance>): readonly string[] | undefined {
  return found?.steps.map(({ kind, locations, chains }) => {
    const lines = locations.map(({ start, end }) => (start === end ? `${start + 1}` : `${start + 1}-${end + 1}`));
    const known = chains[0]?.every(({ diffId }) => diffId !== undefined);
    return `${kind} ${lines.join('+')}: ${chains[0]?.length ?? 0}${known ? '' : '?'}`;
  });
}

/** Writes a Dockerfile and what buildx notes of a build of it; gives the Dockerfile's path. */
async function note(name: string, ref: object | string, id = 'ref1'): Promise<string> {
  await writeFile(join(project, name), 'FROM scratch\n');
  const path = join(docker.env['DOCKER_CONFIG']!, 'buildx', 'refs', 'default', 'default', id);
  await mkdir(dirname(path), { recursive: true });
  await mkdir(join(project, 'config', 'buildx', 'refs', '__group__', 'bake'), { recursive: true });
  await writeFile(path, (typeof ref === 'string' ? ref : JSON.stringify(ref)).replace('PROJECT', project));
  return join(project, name);
}

/** A CLI that runs `script`, and notes each call. */
async function cli(script: string): Promise<void> {
  await writeFile(docker.path, `#!/bin/sh\necho "$*" >> '${project}/calls'\n${script}\n`);
  await chmod(docker.path, 0o755);
}

async function calls(): Promise<readonly string[]> {
  const text = await readFile(join(project, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function recorded(): Promise<string> {
  await copyFile(join(fixtures, 'provenance-v0.2.json'), join(project, 'provenance.json'));
  await copyFile(join(fixtures, 'log.jsonl'), join(project, 'log.jsonl'));
  return `case "$*" in *provenance*) cat '${project}/provenance.json' ;; *logs*) cat '${project}/log.jsonl' >&2 ;; *) exit 1 ;; esac`;
}

async function reason(path: string): Promise<string> {
  const search = await searchBuild(path, 'FROM scratch\n', docker, signal);
  return search.kind === 'found' ? 'found' : `${search.reason}: ${search.detail ?? ''}`;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let wait = 0; wait < 100 && !(await condition()); wait += 1) {
    await sleep(100);
  }
}
