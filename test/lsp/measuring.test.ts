/** An image and a Dockerfile become numbers on lines, and stay true to every edit. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statusMethod } from '../../server/src/protocol.ts';
import type { StatusParams } from '../../server/src/protocol.ts';
import { writeArchive } from '../support/image-archive.ts';
import type { ArchiveStep } from '../support/image-archive.ts';
import { RpcError } from '../support/lsp-client.ts';
import { temporaryFolder, useServer } from './editor.ts';
import type { Editor, EditorDocument } from './editor.ts';

const openEditor = useServer();

const text = `FROM scratch
COPY app /app
ENV MODE=fast
RUN make
CMD ["/app"]
`;
const steps: readonly ArchiveStep[] = [
  { createdBy: 'COPY app /app # buildkit', files: { 'app/': 0, 'app/one': 1_000_000, 'app/two': 234_567 } },
  { createdBy: 'ENV MODE=fast' },
  { createdBy: 'RUN /bin/sh -c make # buildkit', files: { made: 42 } },
  { createdBy: 'CMD ["/app"]' },
];

async function measured(editor: Editor, name = 'Dockerfile'): Promise<EditorDocument> {
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open(name, text);
  await document.measure('docker-archive:app.tar');
  return document;
}

async function failureOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof RpcError ? error.message : `no failure but ${String(error)}`;
}

test('numbers stand on the lines that made the layers', async () => {
  await using editor = await openEditor();
  const document = await measured(editor);
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [1.23 MB in 2 layers · measured from docker-archive:app.tar] [Measure another image…] [Clear]
    FROM scratch
      [1.23 MB · 2 files]
    COPY app /app
    ENV MODE=fast
      [42 B · 1 file]
    RUN make
    CMD ["/app"]
    "
  `);
});

test('a hover shows what is in the layer and how that is known', async () => {
  await using editor = await openEditor();
  const document = await measured(editor);
  expect(
    (await document.hover('COPY'))?.value.replace(/sha256:[0-9a-f]{12}/g, 'sha256:…').replaceAll(editor.folder, ''),
  ).toMatchInlineSnapshot(`
    "**COPY** puts files into a layer of their own.

    **1.23 MB** · 2 files, 1 directory · 1.24 MB as stored

    | Largest directories | Size |
    | :--- | ---: |
    | \`/app\` | 1.23 MB |

    | Largest files | Size |
    | :--- | ---: |
    | \`/app/one\` | 1 MB |
    | \`/app/two\` | 235 kB |

    Layer 1, diff id \`sha256:…\`, found by the image's history; measured.

    Measured from \`docker-archive:/app.tar\`."
  `);
});

test('an edited line turns stale, the others stay; undo brings the number back', async () => {
  await using editor = await openEditor();
  const document = await measured(editor);
  const before = await document.lenses();
  document.change(text.replace('RUN make', 'RUN make all'));
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [1.23 MB in 2 layers before your edit · measured from docker-archive:app.tar] [Measure another image…] [Clear]
    FROM scratch
      [1.23 MB · 2 files]
    COPY app /app
    ENV MODE=fast
      [42 B before your edit]
    RUN make all
    CMD ["/app"]
    "
  `);
  await editor.status(document, 'stale');
  document.change(text);
  expect(await document.lenses()).toBe(before);
});

test('numbers follow their lines when lines come in above', async () => {
  await using editor = await openEditor();
  const document = await measured(editor);
  document.change(`# syntax of ours\n\n${text.replace('ENV', '# a comment\nENV')}`);
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "# syntax of ours

      [1.23 MB in 2 layers · measured from docker-archive:app.tar] [Measure another image…] [Clear]
    FROM scratch
      [1.23 MB · 2 files]
    COPY app /app
    # a comment
    ENV MODE=fast
      [42 B · 1 file]
    RUN make
    CMD ["/app"]
    "
  `);
});

test('clear forgets the numbers, now and when the file is opened again', async () => {
  const folder = await temporaryFolder();
  {
    await using editor = await openEditor({ folder });
    const document = await measured(editor);
    await editor.execute('clear', { uri: document.uri });
    expect(await document.lenses()).toContain('[layer · not measured yet]');
    await editor.client.request('shutdown', null);
  }
  await using editor = await openEditor({ folder });
  const document = editor.open('Dockerfile', text);
  await editor.status(document, 'unmeasured');
  expect(await document.lenses()).toContain('[layer · not measured yet]');
  await rm(folder, { recursive: true });
});

test('a pairing is remembered, with the text that the image was built from', async () => {
  const folder = await temporaryFolder();
  {
    await using editor = await openEditor({ folder });
    await measured(editor);
    await editor.client.request('shutdown', null);
  }
  await using editor = await openEditor({ folder });
  const document = editor.open('Dockerfile', text.replace('RUN make', 'RUN make all'));
  await editor.status(document, 'stale');
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [1.23 MB in 2 layers before your edit · measured from docker-archive:app.tar] [Measure another image…] [Clear]
    FROM scratch
      [1.23 MB · 2 files]
    COPY app /app
    ENV MODE=fast
      [42 B before your edit]
    RUN make all
    CMD ["/app"]
    "
  `);
  await rm(folder, { recursive: true });
});

test('an archive that is gone when the file is opened again is told in the status, not in a message', async () => {
  const folder = await temporaryFolder();
  {
    await using editor = await openEditor({ folder });
    await measured(editor);
    await editor.client.request('shutdown', null);
  }
  await rm(join(folder, 'app.tar'));
  await using editor = await openEditor({ folder });
  const document = editor.open('Dockerfile', text);
  const status = (await editor.client.hear(
    statusMethod,
    ({ state, tooltip }: { state: string; tooltip: string }) => state === 'unmeasured' && tooltip.includes('app.tar'),
  )) as { tooltip: string };
  expect(status.tooltip.replaceAll(folder, '')).toMatchInlineSnapshot(`
    "There is no /app.tar. Check the path. For an image of the engine write docker-daemon:app.tar.

    Layers are told from the text. Measure an image to see sizes."
  `);
  expect(await document.lenses()).toContain('[layer · not measured yet]');
  expect(editor.client.heard.filter(({ method }) => method.startsWith('window/show'))).toEqual([]);
  await rm(folder, { recursive: true });
});

test('an archive that is written anew is read again', async () => {
  await using editor = await openEditor();
  const document = await measured(editor);
  await writeArchive(join(editor.folder, 'app.tar'), [{ ...steps[0]!, files: { app: 5_000_000 } }, ...steps.slice(1)]);
  await editor.client.hear(
    statusMethod,
    ({ state, text: line }: StatusParams) => state === 'measured' && line === '5 MB',
  );
  expect(await document.lenses()).toContain('  [5 MB · 1 file]\nCOPY app /app');
});

test('the editor is told to ask again for whatever shows numbers', async () => {
  await using editor = await openEditor();
  await measured(editor);
  for (const feature of ['codeLens', 'inlayHint', 'diagnostic']) {
    await editor.client.hear(`workspace/${feature}/refresh`);
  }
});

test('the status goes through measuring to measured', async () => {
  await using editor = await openEditor();
  const document = await measured(editor);
  await editor.status(document, 'measuring');
  const { text: line, tooltip } = await editor.status(document, 'measured');
  expect([line, tooltip.replace(/sha256:[0-9a-f]+/g, 'sha256:…').replaceAll(editor.folder, '')]).toMatchInlineSnapshot(`
    [
      "1.23 MB",
      "Image \`sha256:…\` · linux/amd64 · created 2026-01-02 03:04 UTC · built from this text

    | Size |  |
    | :--- | ---: |
    | unpacked | 1.23 MB |
    | base scratch, 0 layers | 0 B |
    | as stored | 1.24 MB |
    | in the final file system | 1.23 MB |
    | dead: overwritten or deleted by a later layer | 0 B |

    Measured from \`docker-archive:/app.tar\`.",
    ]
  `);
});

test('a large layer is told with its bytes', async () => {
  await using editor = await openEditor({ settings: () => ({ largeLayer: { megabytes: 1 } }) });
  const { uri } = await measured(editor);
  const report = (await editor.client.request('textDocument/diagnostic', { textDocument: { uri } })) as {
    items: unknown[];
  };
  expect(report.items).toMatchInlineSnapshot(`
    [
      {
        "code": "large-layer",
        "codeDescription": {
          "href": "https://github.com/layer-lens/layer-lens/blob/main/docs/rules.md#large-layer",
        },
        "message": "This line puts 1.23 MB into the image.",
        "range": {
          "end": {
            "character": 4,
            "line": 1,
          },
          "start": {
            "character": 0,
            "line": 1,
          },
        },
        "severity": 3,
        "source": "layer-lens",
      },
    ]
  `);
});

test('progress begins and ends on the token of the request', async () => {
  await using editor = await openEditor();
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const { uri } = editor.open('Dockerfile', text);
  await editor.execute('measure', { uri, source: 'docker-archive:app.tar' }, { workDoneToken: 'mine' });
  const mine = editor.client.heard
    .filter(({ method }) => method === '$/progress')
    .map(({ params }) => params as Progress);
  expect(mine.map(({ token }) => token).filter((token) => token !== 'mine')).toEqual([]);
  expect([mine[0]?.value.kind, mine.at(-1)?.value.kind]).toEqual(['begin', 'end']);
});

test('progress begins and ends on a token of the server where the request brings none', async () => {
  await using editor = await openEditor();
  await measured(editor);
  const { token } = (await editor.client.hear('window/workDoneProgress/create')) as { token: string };
  await editor.client.hear('$/progress', ({ value }: Progress) => value.kind === 'begin');
  const end = (await editor.client.hear('$/progress', ({ value }: Progress) => value.kind === 'end')) as Progress;
  expect(end.token).toBe(token);
});

interface Progress {
  readonly token: string;
  readonly value: { readonly kind: string };
}

test('a damaged archive is told in one sentence, and leaves nothing behind', async () => {
  await using editor = await openEditor();
  await writeFile(join(editor.folder, 'bad.tar'), Buffer.alloc(4096, 'no tar '));
  const document = editor.open('Dockerfile', text);
  expect(
    (await failureOf(document.measure('docker-archive:bad.tar'))).replaceAll(editor.folder, ''),
  ).toMatchInlineSnapshot(
    `"/bad.tar is no image; it is a text. Write an archive with \`docker save -o app.tar app:1\`."`,
  );
  await editor.status(document, 'failed');
  expect(await document.lenses()).toContain('[layer · not measured yet]');
});

test('an archive that does not exist is told', async () => {
  await using editor = await openEditor();
  const document = editor.open('Dockerfile', text);
  expect(
    (await failureOf(document.measure('docker-archive:none.tar'))).replaceAll(editor.folder, ''),
  ).toMatchInlineSnapshot(
    `"There is no /none.tar. Check the path. For an image of the engine write docker-daemon:none.tar."`,
  );
});

test('a failure does not take away the numbers that are there', async () => {
  await using editor = await openEditor();
  const document = await measured(editor);
  const before = await document.lenses();
  await failureOf(document.measure('docker-archive:none.tar'));
  expect(await document.lenses()).toBe(before);
});

test('our own client gets message and hint apart, and puts them together itself', async () => {
  await using editor = await openEditor({ asVsCode: true });
  const document = editor.open('Dockerfile', text);
  const error = (await document.measure('docker-daemon:app').catch((reason: unknown) => reason)) as RpcError;
  const { message, hint } = error.data as { message: string; hint: string };
  expect(error.message).toBe(message);
  expect(hint.length).toBeGreaterThan(10);
});

test('without an engine there is one sentence with what to do', async () => {
  await using editor = await openEditor();
  const document = editor.open('Dockerfile', text);
  const sentences = [
    await failureOf(document.measure('docker-daemon:app')),
    await failureOf(editor.execute('listImages')),
  ];
  expect(sentences.map((sentence) => sentence.replaceAll(editor.folder, ''))).toMatchInlineSnapshot(`
    [
      "No Docker engine answers at unix:///no-engine.sock. Start Docker, or set DOCKER_HOST (or \`layerLens.docker.host\`). What the Dockerfile says by itself is shown without an engine.",
      "No Docker engine answers at unix:///no-engine.sock. Start Docker, or set DOCKER_HOST (or \`layerLens.docker.host\`). What the Dockerfile says by itself is shown without an engine.",
    ]
  `);
});

test('a workspace that is not trusted asks no engine, opens archives, and hears when it becomes trusted', async () => {
  await using editor = await openEditor({ initializationOptions: { trusted: false } });
  const document = await measured(editor);
  expect(await document.lenses()).toContain('[1.23 MB · 2 files]');
  const refused = await failureOf(editor.execute('listImages'));
  await editor.execute('trust');
  expect([refused, (await failureOf(editor.execute('listImages'))).includes('trusted')]).toEqual([
    'No engine is asked in a workspace that is not trusted. Trust the workspace, or open an image archive instead.',
    false,
  ]);
});

test('a document that is no file can be measured too', async () => {
  await using editor = await openEditor();
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open('untitled:Untitled-1', text);
  await document.measure(`docker-archive:${join(editor.folder, 'app.tar')}`);
  expect(await document.lenses()).toContain('  [1.23 MB · 2 files]\nCOPY app /app');
});

test('line ends of Windows change nothing', async () => {
  await using editor = await openEditor();
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open('Dockerfile', text.replaceAll('\n', '\r\n'));
  await document.measure('docker-archive:app.tar');
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [1.23 MB in 2 layers · measured from docker-archive:app.tar] [Measure another image…] [Clear]
    FROM scratch
      [1.23 MB · 2 files]
    COPY app /app
    ENV MODE=fast
      [42 B · 1 file]
    RUN make
    CMD ["/app"]
    "
  `);
});

test('the image of another file is said to be one', async () => {
  await using editor = await openEditor();
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open('Dockerfile', 'FROM scratch\nCOPY other /\nRUN something else\nRUN and more\n');
  await document.measure('docker-archive:app.tar');
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [docker-archive:app.tar is not an image of this file · 3 layers expected, 2 found in the image] [Measure another image…] [Clear]
    FROM scratch
      [layer · the image is of another file]
    COPY other /
      [layer · the image is of another file]
    RUN something else
      [layer · the image is of another file]
    RUN and more
    "
  `);
});

test('two documents keep their numbers apart', async () => {
  await using editor = await openEditor();
  const document = await measured(editor, 'one.Dockerfile');
  const other = editor.open('two.Dockerfile', text);
  expect([(await document.lenses()).includes('1.23 MB'), (await other.lenses()).includes('1.23 MB')]).toEqual([
    true,
    false,
  ]);
});

test('closing in the middle of a reading is no trouble', async () => {
  await using editor = await openEditor();
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open('Dockerfile', text);
  const measuring = failureOf(document.measure('docker-archive:app.tar'));
  document.close();
  expect(await measuring).toMatch(/cancelled|not open/);
  const again = editor.open('Dockerfile', text);
  await again.measure('docker-archive:app.tar');
  expect(await again.lenses()).toContain('1.23 MB');
});
