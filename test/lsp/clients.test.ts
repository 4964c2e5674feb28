/** Editors that can less than VS Code still get everything that they can show. */
import { fork, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clientCommands } from '../../server/src/protocol.ts';
import { writeArchive } from '../support/image-archive.ts';
import { useServer } from './editor.ts';
import type { Editor, Lens } from './editor.ts';

const openEditor = useServer();

const text = 'FROM scratch AS unused\nFROM scratch\nCOPY app /app\n';
const steps = [{ createdBy: 'COPY app /app # buildkit', files: { app: 1_000_000 } }];

async function bare(): Promise<Editor> {
  return await openEditor({ capabilities: {} });
}

async function commands(editor: Editor, uri: string): Promise<Lens['command'][]> {
  const lenses = (await editor.client.request('textDocument/codeLens', { textDocument: { uri } })) as Lens[];
  return lenses.map(({ command }) => command);
}

test('no request reaches a client that did not offer it', async () => {
  await using editor = await bare();
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open('Dockerfile', text);
  await document.measure('docker-archive:app.tar');
  expect(await document.lenses()).toContain('1 MB');
  const methods = new Set(editor.client.heard.map(({ method }) => method));
  expect([...methods].toSorted()).toEqual(['layerLens/status', 'textDocument/publishDiagnostics']);
});

test('a hover without Markdown is plain text', async () => {
  await using editor = await bare();
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open('Dockerfile', text);
  await document.measure('docker-archive:app.tar');
  const hover = await document.hover('COPY');
  expect(hover?.kind).toBe('plaintext');
  expect(hover?.value.replace(/sha256:[0-9a-f]{12}/g, 'sha256:…').replaceAll(editor.folder, '')).toMatchInlineSnapshot(`
    "COPY puts files into a layer of their own.

    1 MB · 1 file · 1 MB as stored

    Largest files  Size
    /app  1 MB

    Layer 1, diff id sha256:…, found by the image's history; measured.

    Measured from docker-archive:/app.tar."
  `);
});

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly { readonly code: string; readonly codeDescription?: object }[];
}

test('diagnostics are sent to a client that does not ask, anew with every edit, and taken back at the end', async () => {
  await using editor = await openEditor({
    capabilities: { textDocument: { publishDiagnostics: { versionSupport: true } } },
  });
  const document = editor.open('Dockerfile', text);
  const sent = async (codes: readonly string[], from: number): Promise<Published> =>
    (await editor.client.hear(
      'textDocument/publishDiagnostics',
      ({ diagnostics }: Published) => JSON.stringify(diagnostics.map(({ code }) => code)) === JSON.stringify(codes),
      from,
    )) as Published;
  const first = await sent(['unreachable-stage'], 0);
  document.change('FROM scratch\nCOPY app /app\n');
  const second = await sent([], editor.client.heard.indexOf(editor.client.heard.at(-1)!));
  const from = editor.client.heard.length;
  document.close();
  const third = await sent([], from);
  expect([first.version, second.version, third.version]).toEqual([1, 2, undefined]);
  expect(first.diagnostics[0]).not.toHaveProperty('codeDescription');
});

test('lenses name the commands of the server where the client has none', async () => {
  await using editor = await bare();
  const { uri } = editor.open('untitled:Dockerfile', 'FROM scratch\nCOPY a /a\n');
  expect(await commands(editor, uri)).toMatchInlineSnapshot(`
    [
      {
        "command": "",
        "title": "1 layer · not measured yet",
      },
      {
        "arguments": [
          {
            "uri": "untitled:Dockerfile",
          },
        ],
        "command": "layerLens.server.measure",
        "title": "Measure existing image…",
      },
      {
        "command": "",
        "title": "layer · not measured yet",
      },
    ]
  `);
});

test('lenses name the commands of our own client', async () => {
  await using editor = await openEditor({ asVsCode: true });
  await writeArchive(join(editor.folder, 'app.tar'), steps);
  const document = editor.open('Dockerfile', text);
  await document.measure('docker-archive:app.tar');
  const named = (await commands(editor, document.uri)).map(({ command, arguments: given }) => [
    command,
    ...(given ?? []).slice(1),
  ]);
  expect(named).toEqual([
    [clientCommands.showDetails, 0, 0],
    [clientCommands.showDetails, 1, 0],
    [clientCommands.measureImage],
    [clientCommands.clear],
    [clientCommands.showDetails, 2, 0],
  ]);
});

test('a client without a picker is asked which image', async () => {
  await using editor = await bare();
  const { uri } = editor.open('Dockerfile', text);
  const failure = (await editor.execute('measure', { uri }).catch((error: unknown) => error)) as Error;
  // There is no engine here; the question needs one.
  expect(failure.message.replaceAll(editor.folder, '')).toMatchInlineSnapshot(
    `"No Docker engine answers at unix:///no-engine.sock. Start Docker, or set DOCKER_HOST (or \`layerLens.docker.host\`). What the Dockerfile says by itself is shown without an engine."`,
  );
});

test('VS Code speaks over the channel between processes', async () => {
  await using editor = await openEditor();
  const child = fork(editor.server, ['--node-ipc'], { stdio: 'pipe' });
  const answered = new Promise<{ id: number; result: { serverInfo: object } }>((resolve) =>
    child.once('message', resolve as never),
  );
  child.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { processId: null, rootUri: null, capabilities: {} },
  });
  expect((await answered).result.serverInfo).toEqual({ name: 'Layer Lens', version: expect.stringMatching(/^\d/) });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  child.kill();
  await exited;
});

test('a server that is started without a transport says how', async () => {
  await using editor = await openEditor();
  const child = spawnSync(process.execPath, [editor.server], { encoding: 'utf8' });
  expect([child.status, child.stdout]).toEqual([2, '']);
  expect(child.stderr).toContain('--stdio');
});

test('old clients name one root and no folders', async () => {
  await using editor = await openEditor({ folders: [] });
  expect(await editor.open('Dockerfile', text).lenses()).toContain('[layer · not measured yet]');
});
