/** What the engine's answers become, and what a person is told when there is none. Real engines are in test/engine. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createSocketServer, type Server as SocketServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listImages, readBase, readEngineImage } from '../../server/src/sources/engine.ts';
import type { DockerOptions } from '../../server/src/sources/read-options.ts';

let folder = '';
const servers: (Server | SocketServer)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-engine-'));
});

afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(folder, { recursive: true, force: true });
});

const diffId = `sha256:${'d'.repeat(64)}`;
const inspected = {
  Id: `sha256:${'1'.repeat(64)}`,
  Os: 'linux',
  Architecture: 'arm64',
  Variant: 'v8',
  Created: '2026-01-02T03:04:05Z',
  RootFS: { Layers: [diffId] },
};
const history = [
  { CreatedBy: 'CMD ["sh"]', Comment: 'buildkit.dockerfile.v0', Created: 1767323045, Size: 0 },
  { CreatedBy: 'COPY a / # buildkit', Comment: 'buildkit.dockerfile.v0', Created: 1767323045, Size: 42 },
];

interface Answers {
  readonly [path: string]: unknown;
}

const usual: Answers = {
  '/images/app/json': {
    ...inspected,
    Config: { Env: ['A=1'], WorkingDir: '/w', User: '7', Shell: ['/bin/ash', '-c'], OnBuild: ['RUN x'] },
  },
  '/images/app/history': history,
  '/info': { DriverStatus: [['Backing Filesystem', 'extfs']] },
};

async function serve(answers: Answers, name = 'Docker/28.5.2 (linux)'): Promise<DockerOptions> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { server: name });
    response.end(JSON.stringify(answer ?? { message: `No such image: ${request.url}` }));
  });
  return { path: 'docker', host: `unix://${await listen(server)}`, env: { HOME: folder } };
}

async function listen(server: Server | SocketServer): Promise<string> {
  const path = join(folder, `${servers.push(server)}.sock`);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

async function read(docker: DockerOptions, name = 'app', signal = new AbortController().signal): Promise<unknown> {
  const options = {
    platform: undefined,
    contents: false,
    cacheFolder: undefined,
    cacheBytes: 0,
    docker,
    progress: () => undefined,
  };
  return readEngineImage(name, options, signal);
}

async function told(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (value) => JSON.stringify(value),
    (error: { kind: string; message: string; hint?: string }) =>
      `${error.kind}: ${error.message}${error.hint ? ` [${error.hint}]` : ''}`.replaceAll(folder, 'DIR'),
  );
}

test('an image in the graph-driver store is known from two small answers', async () => {
  expect(await read(await serve(usual))).toEqual({
    source: 'docker-daemon:app',
    netBytes: undefined,
    image: {
      id: inspected.Id,
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      created: '2026-01-02T03:04:05Z',
      config: { env: ['A=1'], workingDir: '/w', user: '7', shell: ['/bin/ash', '-c'], onBuild: ['RUN x'] },
      layers: [{ diffId, bytes: 42, stored: undefined, contents: undefined }],
      history: [
        {
          createdBy: 'COPY a / # buildkit',
          created: '2026-01-02T03:04:05.000Z',
          comment: 'buildkit.dockerfile.v0',
          author: undefined,
          emptyLayer: false,
        },
        {
          createdBy: 'CMD ["sh"]',
          created: '2026-01-02T03:04:05.000Z',
          comment: 'buildkit.dockerfile.v0',
          author: undefined,
          emptyLayer: true,
        },
      ],
    },
  });
});

test('sizes that count something else than files are left out', async () => {
  const bytes = async (docker: DockerOptions): Promise<unknown> =>
    ((await read(docker)) as { image: { layers: { bytes: unknown }[] } }).image.layers[0]!.bytes;
  expect(
    await bytes(
      await serve({ ...usual, '/info': { DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] } }),
    ),
  ).toBeUndefined();
  expect(await bytes(await serve(usual, 'Libpod/4.3.1 (linux)'))).toBeUndefined();
});

test('a base: what a build on top of it inherits', async () => {
  const docker = await serve(usual);
  const signal = new AbortController().signal;
  expect(await readBase('app', docker, signal)).toMatchObject({
    diffIds: [diffId],
    config: { user: '7', onBuild: ['RUN x'] },
    history: [{ emptyLayer: false }, { emptyLayer: true }],
  });
  expect([
    await readBase('nothing', docker, signal),
    await readBase('scratch', docker, signal),
    await readBase('', docker, signal),
  ]).toEqual([undefined, undefined, undefined]);
});

test('images are listed newest first, by name where they have one', async () => {
  const images = [
    { Id: 'sha256:old', RepoTags: ['app:1', '<none>:<none>'], Created: 1, Size: 10 },
    { Id: 'sha256:pulled', RepoTags: null, RepoDigests: ['app@sha256:p'], Created: 2, Size: 20 },
    { Id: 'sha256:bare', RepoTags: ['<none>:<none>'], RepoDigests: ['<none>@<none>'], Created: 3 },
    { RepoTags: ['no:id'] },
  ];
  expect(await listImages(await serve({ '/images/json': images }), new AbortController().signal)).toEqual([
    { source: 'docker-daemon:sha256:bare', names: [], id: 'sha256:bare', created: 3, bytes: 0 },
    { source: 'docker-daemon:app@sha256:p', names: ['app@sha256:p'], id: 'sha256:pulled', created: 2, bytes: 20 },
    { source: 'docker-daemon:app:1', names: ['app:1'], id: 'sha256:old', created: 1, bytes: 10 },
  ]);
});

test('names keep their slashes and cannot leave the path', async () => {
  const answers = {
    '/images/host:5000/team/app:1/json': inspected,
    '/images/host:5000/team/app:1/history': history,
    '/info': {},
  };
  expect(await told(read(await serve(answers), 'host:5000/team/app:1'))).toContain(
    '"source":"docker-daemon:host:5000/team/app:1"',
  );
  expect(await told(read(await serve(usual), 'app?x=/json'))).toMatch(
    /^not-found: The engine at \S+ has no image "app\?x=\/json"\./,
  );
});

test('no such image', async () => {
  expect(await told(read(await serve(usual), 'app:2'))).toBe(
    'not-found: The engine at unix://DIR/6.sock has no image "app:2". [List its images with `docker images`, or build the Dockerfile first.]'.replace(
      '6',
      String(servers.length),
    ),
  );
});

test('no engine', async () => {
  const docker = {
    path: 'docker',
    host: `unix://${folder}/nothing.sock`,
    env: { HOME: folder, XDG_RUNTIME_DIR: folder },
  };
  expect(await told(read(docker))).toBe(
    'unreachable: No Docker engine answers at unix://DIR/nothing.sock. [Start Docker, or set DOCKER_HOST (or `layerLens.docker.host`). What the Dockerfile says by itself is shown without an engine.]',
  );
  await writeFile(join(folder, 'docker.sock'), '');
  expect(await told(read(docker))).toContain('An engine may be listening at unix://DIR/docker.sock.]');
  expect(await told(read({ ...docker, host: 'tcp://127.0.0.1:1' }))).toContain(
    'unreachable: No Docker engine answers at tcp://127.0.0.1:1.',
  );
});

test('something else listens there', async () => {
  expect(await told(read(await serve({ '/images/app/json': [], '/images/app/history': [] })))).toContain(
    'foreign: What answers there is no Docker engine',
  );
  const garbage = createSocketServer((socket: Socket) => socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n'));
  expect(await told(read({ path: 'docker', host: `unix://${await listen(garbage)}`, env: { HOME: folder } }))).toMatch(
    /^unreachable: No Docker engine answers at /,
  );
});

test('an answer that breaks off', async () => {
  const server = createSocketServer((socket: Socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"Id"')),
  );
  expect(await told(read({ path: 'docker', host: `unix://${await listen(server)}`, env: { HOME: folder } }))).toMatch(
    /^unreachable: The Docker engine at \S+ broke off its answer\./,
  );
});

test('an engine that keeps silent can be left', async () => {
  const open: Socket[] = [];
  const silent = createSocketServer((socket: Socket) => void open.push(socket));
  const docker = { path: 'docker', host: `unix://${await listen(silent)}`, env: { HOME: folder } };
  expect(await told(read(docker, 'app', AbortSignal.timeout(50)))).toMatch(/^cancelled: /);
  open.forEach((socket) => socket.destroy());
});

test('through the CLI, its own words are told', async () => {
  expect(
    await told(
      read(
        await cli('echo "error during connect: ssh: connect to host nowhere port 22: Connection refused" >&2; exit 1'),
      ),
    ),
  ).toBe(
    'unreachable: No Docker engine answers at ssh://me@nowhere: error during connect: ssh: connect to host nowhere port 22: Connection refused. [Start Docker, or set DOCKER_HOST (or `layerLens.docker.host`). What the Dockerfile says by itself is shown without an engine.]',
  );
  expect(
    await told(
      read(await cli('echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1')),
    ),
  ).toMatch(/^denied: /);
  expect(await told(read(await cli('exit 1')))).toMatch(
    /^unreachable: No Docker engine answers at ssh:\/\/me@nowhere\./,
  );
});

test('no CLI', async () => {
  const docker = { path: join(folder, 'no-docker'), host: 'ssh://me@nowhere', env: { HOME: folder } };
  expect(await told(read(docker))).toBe(
    'unreachable: The Docker CLI was not found: there is no "DIR/no-docker". [Install it, or set `layerLens.docker.path` to where it is.]',
  );
});

test('a CLI that hangs ends with the question', async () => {
  const docker = await cli(`echo $$ > '${folder}/pid'; exec sleep 60`);
  expect(await told(read(docker, 'app', AbortSignal.timeout(500)))).toMatch(/^cancelled: /);
});

async function cli(script: string): Promise<DockerOptions> {
  const path = join(folder, `docker-${script.length}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return { path, host: 'ssh://me@nowhere', env: { HOME: folder, PATH: process.env['PATH'] } };
}
