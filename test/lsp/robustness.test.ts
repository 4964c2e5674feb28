/** Whatever is typed or sent, the server answers and goes on. */
import { expect, test } from 'vitest';
import { RpcError } from '../support/lsp-client.ts';
import { useServer, withLenses } from './editor.ts';
import type { Lens } from './editor.ts';

const openEditor = useServer();

const tricky = `# syntax=docker/dockerfile:1
# escape=\\
ARG BASE=debian
FROM \${BASE:-x} AS build
RUN --mount=type=cache,target=/x <<EOF cat <<'TWO'
echo "\${A}" \\
EOF
more
TWO
COPY --from=build ["a b", "/c"]
ONBUILD RUN echo 'ä😀' && \\
  # inside
  true
HEALTHCHECK --interval=5s CMD x
`;

test('every beginning of a Dockerfile is answered by every feature', async () => {
  await using editor = await openEditor({ settings: () => ({ inlayHints: true }) });
  const document = editor.open('Dockerfile', '');
  const { client } = editor;
  const textDocument = { uri: document.uri };
  for (let end = 0; end <= tricky.length; end += 1) {
    document.change(tricky.slice(0, end));
    await document.lenses();
    if (end % 5 === 0) {
      const lines = document.text().split('\n').length;
      const range = { start: { line: 0, character: 0 }, end: { line: lines, character: 0 } };
      await document.hints();
      await client.request('textDocument/diagnostic', { textDocument });
      await client.request('textDocument/hover', { textDocument, position: { line: lines - 1, character: 0 } });
      await client.request('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } });
    }
  }
  expect(client.heard.filter(({ method }) => method === 'window/logMessage')).toEqual([]);
});

test('a file of 10,000 lines has its lenses in a moment, and stays so while it is edited', async () => {
  await using editor = await openEditor();
  const text = `FROM scratch\n${Array.from({ length: 10_000 }, (_, line) => `RUN echo ${line}\n`).join('')}`;
  const document = editor.open('Dockerfile', text);
  await document.lenses();
  const asked = performance.now();
  document.change(`${text}RUN one more\n`);
  const drawn = await document.lenses();
  expect(drawn.match(/not measured yet/g)).toHaveLength(10_002);
  expect(performance.now() - asked).toBeLessThan(2_000);
});

test('an edit of a part of the text', async () => {
  await using editor = await openEditor();
  const { uri } = editor.open('Dockerfile', 'FROM scratch\r\nENV A=b\r\n');
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 7 } };
  const textDocument = { uri, version: 2 };
  editor.client.notify('textDocument/didChange', { textDocument, contentChanges: [{ range, text: 'RUN x\r\nRUN y' }] });
  const lenses = (await editor.client.request('textDocument/codeLens', { textDocument: { uri } })) as Lens[];
  expect(withLenses('FROM scratch\r\nRUN x\r\nRUN y\r\n', lenses)).toMatchInlineSnapshot(`
    "  [2 layers · not measured yet] [Measure existing image…]
    FROM scratch
      [layer · not measured yet]
    RUN x
      [layer · not measured yet]
    RUN y
    "
  `);
});

test('a request that makes no sense is logged with the version, and the next one is answered', async () => {
  await using editor = await openEditor();
  const document = editor.open('Dockerfile', 'FROM scratch\nCOPY a /a\n');
  expect(await editor.client.request('textDocument/hover', { nothing: true })).toBeNull();
  const { message } = (await editor.client.hear('window/logMessage')) as { message: string };
  expect(message).toMatch(/^Layer Lens \d+\.\d+\.\d+ met a bug in textDocument\/hover/);
  expect(await document.lenses()).toContain('[layer · not measured yet]');
});

test('commands that make no sense are refused with a sentence', async () => {
  await using editor = await openEditor();
  const send = async (params: object): Promise<unknown> =>
    await editor.client.request('workspace/executeCommand', params).catch((error: RpcError) => error.message);
  expect([
    await send({ command: 'layerLens.server.nothing' }),
    await send({ command: 'layerLens.server.measure' }),
    await send({ command: 'layerLens.server.clear', arguments: ['uri'] }),
    await send({
      command: 'layerLens.server.measure',
      arguments: [{ uri: 'file:///not/open', source: 'docker-archive:x' }],
    }),
  ]).toEqual([
    'There is no command `layerLens.server.nothing`.',
    '`layerLens.server.measure` needs an argument `{ "uri": … }`.',
    '`layerLens.server.clear` needs an argument `{ "uri": … }`.',
    'This Dockerfile is not open. Open it in the editor first.',
  ]);
});

test('a source of no known kind is refused with the kinds there are', async () => {
  await using editor = await openEditor();
  const document = editor.open('Dockerfile', 'FROM scratch\n');
  const failures: unknown[] = [];
  for (const source of ['nonsense', 'ftp:x', 'docker-archive:']) {
    failures.push(await document.measure(source).catch((error: RpcError) => error.message));
  }
  expect(failures).toMatchInlineSnapshot(`
    [
      ""nonsense" is no file and no folder, and it does not say where the image is. For an image of the engine: docker-daemon:nonsense. All forms: docker-daemon:app:1, docker-archive:app.tar, oci-archive:app.tar:1, oci:folder:1.",
      ""ftp:x" is no file and no folder, and it does not say where the image is. For an image of the engine: docker-daemon:ftp:x. All forms: docker-daemon:app:1, docker-archive:app.tar, oci-archive:app.tar:1, oci:folder:1.",
      ""docker-archive:" names no image. For example docker-archive:app.tar.",
    ]
  `);
});

test('documents that are no Dockerfiles, or not open, have nothing', async () => {
  await using editor = await openEditor();
  const ignored = editor.open('.dockerignore', 'FROM scratch\n', { languageId: 'ignore' });
  const named = editor.open('Containerfile', 'FROM scratch\n', { languageId: 'plaintext' });
  const uri = 'file:///not/open/Dockerfile';
  expect([
    await ignored.lenses(),
    (await named.lenses()).includes('['),
    await editor.client.request('textDocument/codeLens', { textDocument: { uri } }),
  ]).toEqual(['FROM scratch\n', true, []]);
});

test.each([
  'file:///c%3A/Users/Ann/Dockerfile',
  'file://server/share/Dockerfile',
  'untitled:Untitled-1',
  'vscode-vfs://github/a/b/Dockerfile',
  'git:/a/Dockerfile?%7B%7D',
])('%s has lenses', async (uri) => {
  await using editor = await openEditor();
  expect(await editor.open(uri, 'FROM scratch\nCOPY a /a\n').lenses()).toContain('[layer · not measured yet]');
});

test('lone carriage returns and a byte order mark keep lenses on their lines', async () => {
  await using editor = await openEditor();
  const text = '\uFEFFFROM scratch\r\nENV A="x\ry"\nCOPY a /a\r\n';
  expect(await editor.open('Dockerfile', text).lenses()).toMatchInlineSnapshot(`
    "  [1 layer · not measured yet] [Measure existing image…]
    ﻿FROM scratch
    ENV A="x
    y"
      [layer · not measured yet]
    COPY a /a
    "
  `);
});

test('the same file opened twice without being closed starts anew', async () => {
  await using editor = await openEditor();
  await editor.open('Dockerfile', 'FROM scratch\nCOPY a /a\n').lenses();
  const again = editor.open('Dockerfile', 'FROM scratch\nENV A=b\nRUN x\n');
  expect(await again.lenses()).toContain('FROM scratch\nENV A=b\n  [layer · not measured yet]\nRUN x');
});

test('requests after shutdown are refused, and exit is clean', async () => {
  await using editor = await openEditor();
  await editor.client.request('shutdown', null);
  const asked = editor.client.request('textDocument/codeLens', { textDocument: { uri: 'file:///a' } });
  expect(await asked.catch((error: unknown) => error)).toBeInstanceOf(RpcError);
  editor.client.notify('exit', null);
  expect(await editor.client.exited).toBe(0);
});
