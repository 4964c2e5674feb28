/** A Dockerfile that was built in a terminal has its numbers in the editor, without anybody choosing an image. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImageChoice } from '../../server/src/protocol.ts';
import { useServer } from '../lsp/editor.ts';
import type { Editor, EditorDocument, EditorOptions } from '../lsp/editor.ts';
import { docker, dockerText } from './docker.ts';

const openServer = useServer();
const tag = `layer-lens-test-editor-${process.pid}`;
const tags = new Set<string>();

/** A text that was never built before: each test begins without a record. */
function dockerfile(marker: string): string {
  return `FROM busybox:local AS build
RUN dd if=/dev/zero of=/big bs=1000 count=500 # ${folder}
FROM busybox:local
COPY --from=build /big /data/big
ENV MODE=${marker}
RUN echo ${marker} > /marker
WORKDIR /srv/x
`;
}

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-engine-'));
});
afterAll(async () => {
  await docker(['image', 'rm', '--force', ...tags]);
  await rm(folder, { recursive: true });
});

interface Project {
  readonly folder: string;
  build(text: string): Promise<void>;
}

async function project(): Promise<Project> {
  const here = join(folder, String((count += 1)));
  await mkdir(here);
  return {
    folder: here,
    async build(text) {
      await writeFile(join(here, 'Dockerfile'), text);
      tags.add(`${tag}-${count}`);
      await dockerText(['build', '--quiet', '--tag', `${tag}-${count}`, '.'], { cwd: here });
    },
  };
}

/** With the engine that the tests were started with. */
async function openEditor(at: Project, options: EditorOptions = {}): Promise<Editor> {
  const { DOCKER_HOST, DOCKER_CONFIG, DOCKER_CONTEXT, HOME } = process.env;
  const env = { DOCKER_HOST, DOCKER_CONFIG, DOCKER_CONTEXT, HOME, XDG_CACHE_HOME: join(at.folder, '.cache') };
  return await openServer({ folder: at.folder, env, ...options });
}

/** Once sizes and contents were read. */
async function measured(editor: Editor, document: EditorDocument, from = 0): Promise<string> {
  await editor.status(document, 'measured', from);
  return withoutTimes(await document.lenses());
}

function withoutTimes(text: string): string {
  return text.replace(/the build of [-\d]+ [:\d]+ UTC/g, 'the build of …');
}

test('numbers are there when the file is opened, proven by the record of the build', async () => {
  const at = await project();
  const text = dockerfile('one');
  await at.build(text);
  await using editor = await openEditor(at);
  const document = editor.open('Dockerfile', text);
  expect(await measured(editor, document)).toBe(`  [stage build · 1 layer · left behind]
FROM busybox:local AS build
  [left behind in stage build]
RUN dd if=/dev/zero of=/big bs=1000 count=500 # ${folder}
  [2.48 MB in 5 layers · base busybox:local 1.98 MB · measured from the build of …] [Measure another image…] [Clear]
FROM busybox:local
  [500 kB · 1 file]
COPY --from=build /big /data/big
ENV MODE=one
  [4 B · 1 file]
RUN echo one > /marker
  [0 B · 2 directories]
WORKDIR /srv/x
`);
  expect((await document.hover('COPY'))?.value).toContain('by the record of the build');
});

test('a build in a terminal is picked up while the file is open', async () => {
  const at = await project();
  await using editor = await openEditor(at);
  const document = editor.open('Dockerfile', dockerfile('two'));
  await editor.status(document, 'unmeasured');
  await at.build(dockerfile('two'));
  expect(await measured(editor, document)).toContain('  [4 B · 1 file]\nRUN echo two > /marker');
  const from = editor.client.heard.length;
  document.change(dockerfile('thirteen'));
  expect(await document.lenses()).toContain('  [4 B before your edit]\nRUN echo thirteen');
  await at.build(dockerfile('thirteen'));
  expect(await measured(editor, document, from)).toContain('  [9 B · 1 file]\nRUN echo thirteen');
});

test('who chose an image keeps it until something newer was built, and who cleared keeps nothing', async () => {
  const at = await project();
  await at.build(dockerfile('old'));
  await using editor = await openEditor(at, { settings: () => ({}) });
  const document = editor.open('Dockerfile', dockerfile('old'));
  await measured(editor, document);
  await document.measure('docker-daemon:busybox:local');
  document.save();
  expect(await document.lenses()).toContain('docker-daemon:busybox:local');
  await editor.execute('clear', { uri: document.uri });
  document.save();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(await document.lenses()).toContain('not measured yet');
  const from = editor.client.heard.length;
  document.change(dockerfile('newer'));
  await at.build(dockerfile('newer'));
  expect(await measured(editor, document, from)).toContain('  [6 B · 1 file]\nRUN echo newer');
});

test('an image chosen by its tag is proven by the record too, and followed when the tag moves', async () => {
  const at = await project();
  await at.build(dockerfile('tag'));
  const settings = (): object => ({ builds: [{ dockerfile: '**', image: `docker-daemon:${tag}-${count}` }] });
  await using editor = await openEditor(at, { settings });
  const document = editor.open('Dockerfile', dockerfile('tag'));
  await measured(editor, document);
  await editor.client.hear('workspace/codeLens/refresh');
  await eventually(async () => (await document.hover('COPY'))?.value.includes('by the record of the build') === true);
  const from = editor.client.heard.length;
  document.change(dockerfile('moved'));
  await at.build(dockerfile('moved'));
  expect(await measured(editor, document, from)).toContain('  [6 B · 1 file]\nRUN echo moved');
});

test('nothing is looked for where that is switched off, or the workspace is not trusted', async () => {
  const at = await project();
  await at.build(dockerfile('off'));
  for (const options of [{ settings: () => ({ autoPair: false }) }, { initializationOptions: { trusted: false } }]) {
    await using editor = await openEditor(at, options);
    const document = editor.open('Dockerfile', dockerfile('off'));
    await editor.status(document, 'unmeasured');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await document.lenses()).toContain('not measured yet');
    if (options.initializationOptions) {
      await editor.execute('trust');
      expect(await measured(editor, document)).toContain('500 kB');
    }
  }
});

test('the images of the engine come newest first, with size and age', async () => {
  const at = await project();
  await at.build(dockerfile('list'));
  await using editor = await openEditor(at);
  const images = (await editor.execute('listImages')) as readonly ImageChoice[];
  const [mine] = images.filter(({ names }) => names.includes(`${tag}-${count}:latest`));
  // How old and how large depends on what was cached, and on what the store counts.
  expect(mine?.source).toBe(`docker-daemon:${tag}-${count}:latest`);
  expect(mine?.description).toMatch(/^[\d.]+ MB · (just now|\d+ \w+ ago)$/);
  expect(images.map(({ created }) => created)).toEqual(images.map(({ created }) => created).toSorted((a, b) => b - a));
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it never came to hold');
}
