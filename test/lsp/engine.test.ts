/** What an engine adds without being asked, and what is asked of it only when somebody wants that. */
import { expect, test } from 'vitest';
import type { StatusParams } from '../../server/src/protocol.ts';
import { statusMethod } from '../../server/src/protocol.ts';
import { startFakeEngine } from '../support/fake-engine.ts';
import type { FakeEngine } from '../support/fake-engine.ts';
import type { RpcError } from '../support/lsp-client.ts';
import { allCapabilities, useServer } from './editor.ts';
import type { Editor, EditorOptions } from './editor.ts';

const openEditor = useServer();

const id = `sha256:${'1'.repeat(64)}`;
const layers = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const inspected = {
  Id: id,
  Os: 'linux',
  Architecture: 'amd64',
  Created: '2026-01-02T03:04:05Z',
  Config: { Env: ['PATH=/bin'], WorkingDir: '/app', OnBuild: ['RUN install'] },
  RootFS: { Layers: layers },
};
/** Newest first, as engines tell it. */
const history = [
  { Created: 2, CreatedBy: 'RUN /bin/sh -c make # buildkit', Comment: 'buildkit.dockerfile.v0', Size: 1_500_000 },
  { Created: 1, CreatedBy: 'COPY app /app # buildkit', Comment: 'buildkit.dockerfile.v0', Size: 20_000_000 },
];
const now = Math.floor(Date.now() / 1000);

async function engine(): Promise<FakeEngine> {
  return await startFakeEngine({
    '/images/base:1/json': inspected,
    '/images/base:1/history': history,
    '/images/app:1/json': { ...inspected, Config: {} },
    '/images/app:1/history': history,
    '/info': { Driver: 'overlay2', DriverStatus: [['Backing Filesystem', 'extfs']] },
    '/images/json': [
      { Id: id, RepoTags: ['old:1'], Created: now - 3 * 86_400, Size: 5_000_000 },
      { Id: id, RepoTags: ['app:1'], Created: now - 90, Size: 21_500_000 },
    ],
  });
}

async function openWith({ host }: FakeEngine, options: EditorOptions = {}): Promise<Editor> {
  return await openEditor({ env: { DOCKER_HOST: host }, ...options });
}

test('the base images that the engine has are looked at: triggers of the base make layers', async () => {
  await using fake = await engine();
  await using editor = await openWith(fake);
  const document = editor.open('Dockerfile', 'ARG TAG=1\nFROM base:${TAG}\nWORKDIR /app\n');
  await editor.client.hear('workspace/codeLens/refresh');
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "ARG TAG=1
      [2 layers · not measured yet · ONBUILD of the base in 1 layer] [Measure existing image…]
    FROM base:\${TAG}
      [layer · not measured yet]
    WORKDIR /app
    "
  `);
});

test('a base that is typed is asked for once it stands', async () => {
  await using fake = await engine();
  await using editor = await openWith(fake);
  const document = editor.open('Dockerfile', 'FROM b');
  for (const name of ['ba', 'bas', 'base', 'base:', 'base:1']) {
    document.change(`FROM ${name}`);
  }
  await editor.client.hear('workspace/codeLens/refresh');
  expect(fake.asked.filter((path) => /^\/images\/ba(s|se)?\//.test(path))).toEqual([]);
});

test('no engine is asked where pairing is switched off, or the workspace is not trusted', async () => {
  await using fake = await engine();
  const optionsOf: EditorOptions[] = [
    { settings: () => ({ autoPair: false }) },
    { initializationOptions: { trusted: false } },
    { settings: () => ({ enable: false }) },
  ];
  for (const options of optionsOf) {
    await using editor = await openWith(fake, options);
    const document = editor.open('Dockerfile', 'FROM base:1\nRUN x\n');
    await document.lenses();
    document.save();
    await new Promise((resolve) => setTimeout(resolve, 600));
  }
  expect(fake.asked).toEqual([]);
});

test('sizes of an image of the engine are shown before its contents are there', async () => {
  await using fake = await engine();
  await using editor = await openWith(fake, { settings: () => ({ autoPair: false }) });
  const document = editor.open('Dockerfile', 'FROM scratch\nCOPY app /app\nRUN make\n');
  const failure = (await document.measure('docker-daemon:app:1').catch((error: unknown) => error)) as RpcError;
  // This engine has no export: what is told in the end is why contents are missing, beside the sizes that are there.
  expect(failure.message).toMatch(/^The engine at .* says: no \/images\/.*\/get\.$/);
  const { tooltip } = (await editor.client.hear(
    statusMethod,
    ({ state, text }: StatusParams) => state === 'measured' && text === '21.5 MB',
  )) as StatusParams;
  expect(tooltip).toContain(failure.message.slice(0, 20));
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [21.5 MB in 2 layers · measured from docker-daemon:app:1] [Measure another image…] [Clear]
    FROM scratch
      [20 MB]
    COPY app /app
      [1.5 MB]
    RUN make
    "
  `);
});

test('a client without a picker is asked which image, and gets the one it chose', async () => {
  await using fake = await engine();
  await using editor = await openWith(fake, { capabilities: { ...allCapabilities, window: {} } });
  let asked: unknown;
  editor.client.answer('window/showMessageRequest', (params) => {
    asked = params;
    return { title: 'app:1 (21.5 MB · 1 minute ago)' };
  });
  const document = editor.open('Dockerfile', 'FROM scratch\nCOPY app /app\nRUN make\n');
  await editor.execute('measure', { uri: document.uri }).catch(() => undefined);
  expect(asked).toMatchInlineSnapshot(`
    {
      "actions": [
        {
          "title": "app:1 (21.5 MB · 1 minute ago)",
        },
        {
          "title": "old:1 (5 MB · 3 days ago)",
        },
      ],
      "message": "Which image was built from this Dockerfile?",
      "type": 3,
    }
  `);
  expect(await document.lenses()).toContain('  [20 MB]\nCOPY app /app');
});

test('who chooses no image keeps what was there', async () => {
  await using fake = await engine();
  await using editor = await openWith(fake);
  const document = editor.open('Dockerfile', 'FROM scratch\nCOPY app /app\n');
  expect(await editor.execute('measure', { uri: document.uri })).toBe(false);
  expect(await document.lenses()).toContain('[layer · not measured yet]');
});

test('the images of an engine, newest first, with size and age in words', async () => {
  await using fake = await engine();
  await using editor = await openWith(fake);
  const images = (await editor.execute('listImages')) as { source: string; description: string }[];
  expect(images.map(({ source, description }) => [source, description])).toEqual([
    ['docker-daemon:app:1', '21.5 MB · 1 minute ago'],
    ['docker-daemon:old:1', '5 MB · 3 days ago'],
  ]);
});
