/** Settings: where sizes show, per folder, at any time, and from clients that tell them in other ways. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeArchive } from '../support/image-archive.ts';
import { allCapabilities, temporaryFolder, useServer } from './editor.ts';
import type { Editor, EditorDocument } from './editor.ts';

const openEditor = useServer();

const text = 'FROM scratch\nCOPY a \\\n  b /dir/\nENV A=b\nRUN x\n';

async function open(settings: object): Promise<{ readonly editor: Editor; readonly document: EditorDocument }> {
  const editor = await openEditor({ settings: () => settings });
  return { editor, document: editor.open('Dockerfile', text) };
}

test('lenses on FROM only', async () => {
  const { editor, document } = await open({ codeLens: 'from' });
  await using _ = editor;
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [2 layers · not measured yet] [Measure existing image…]
    FROM scratch
    COPY a \\
      b /dir/
    ENV A=b
    RUN x
    "
  `);
});

test('hints at the ends of lines instead of lenses', async () => {
  const { editor, document } = await open({ codeLens: 'off', inlayHints: true });
  await using _ = editor;
  expect([await document.lenses(), await document.hints()]).toMatchInlineSnapshot(`
    [
      "FROM scratch
    COPY a \\
      b /dir/
    ENV A=b
    RUN x
    ",
      "FROM scratch
    COPY a \\ ‹layer›
      b /dir/
    ENV A=b
    RUN x ‹layer›
    ",
    ]
  `);
});

test('hints are off unless they are wanted', async () => {
  const { editor, document } = await open({});
  await using _ = editor;
  expect(await document.hints()).toBe(text);
});

test('hints are answered for the lines that were asked for', async () => {
  const { editor, document } = await open({ inlayHints: true });
  await using _ = editor;
  const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 5 } };
  const hints = await editor.client.request('textDocument/inlayHint', { textDocument: { uri: document.uri }, range });
  expect(hints).toEqual([{ position: { line: 4, character: 5 }, label: 'layer', paddingLeft: true }]);
});

test('hover and diagnostics can be switched off', async () => {
  const { editor, document } = await open({ hover: false, diagnostics: false });
  await using _ = editor;
  document.change('FROM scratch\nCOPPY\n');
  const report = await editor.client.request('textDocument/diagnostic', { textDocument: { uri: document.uri } });
  expect([await document.hover('FROM'), (report as { items: unknown }).items]).toEqual([undefined, []]);
});

test('one switch for everything, off and on again while the file is open', async () => {
  let enable = true;
  await using editor = await openEditor({ settings: () => ({ enable, inlayHints: true }) });
  const document = editor.open('Dockerfile', text);
  const on = await document.lenses();
  enable = false;
  editor.client.notify('workspace/didChangeConfiguration', { settings: null });
  await editor.status(document, 'off');
  expect([await document.lenses(), await document.hints(), await document.hover('FROM')]).toEqual([
    text,
    text,
    undefined,
  ]);
  enable = true;
  const from = editor.client.heard.length;
  editor.client.notify('workspace/didChangeConfiguration', { settings: null });
  await editor.client.hear('workspace/codeLens/refresh', undefined, from);
  expect(await document.lenses()).toBe(on);
});

test('the level of a rule', async () => {
  const { editor, document } = await open({ rules: { 'unreachable-stage': 'error' } });
  await using _ = editor;
  document.change('FROM scratch AS unused\nFROM scratch\n');
  const report = await editor.client.request('textDocument/diagnostic', { textDocument: { uri: document.uri } });
  expect((report as { items: { severity: number }[] }).items.map(({ severity }) => severity)).toEqual([1]);
});

test('two folders with settings of their own', async () => {
  const folder = await temporaryFolder();
  const [api, web] = [join(folder, 'api'), join(folder, 'web')];
  const settings = (uri: string): object => ({ codeLens: uri.includes('/api/') ? 'from' : 'off' });
  await using editor = await openEditor({ folder, folders: [api, web], settings });
  const lenses = [
    await editor.open('api/Dockerfile', text).lenses(),
    await editor.open('web/Dockerfile', text).lenses(),
  ];
  expect(lenses.map((drawn) => drawn.match(/\[/g)?.length ?? 0)).toEqual([2, 0]);
  await rm(folder, { recursive: true });
});

test('target, arguments and image of a build come from the first glob that fits, below its folder', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'api', 'deep'), { recursive: true });
  await writeArchive(join(folder, 'api', 'app.tar'), [{ createdBy: 'COPY a /a # buildkit', files: { a: 2_000_000 } }]);
  const builds = [
    { dockerfile: 'Dockerfile', target: 'last' },
    { dockerfile: 'deep/*', target: 'first', image: 'docker-archive:app.tar' },
  ];
  await using editor = await openEditor({ folder, folders: [join(folder, 'api')], settings: () => ({ builds }) });
  const document = editor.open('api/deep/Dockerfile', 'FROM scratch AS first\nCOPY a /a\nFROM first AS last\nRUN x\n');
  await editor.status(document, 'measured');
  expect(await document.lenses()).toMatchInlineSnapshot(`
    "  [2 MB in 1 layer · measured from docker-archive:app.tar] [Measure another image…] [Clear]
    FROM scratch AS first
      [2 MB · 1 file]
    COPY a /a
      [stage last · not built]
    FROM first AS last
      [not built]
    RUN x
    "
  `);
  await rm(folder, { recursive: true });
});

test('settings that make no sense are told once and left out', async () => {
  const { editor, document } = await open({ codeLens: 'everywhere' });
  await using _ = editor;
  await document.lenses();
  editor.open('other.Dockerfile', text);
  const said = editor.client.heard.filter(({ method }) => method === 'window/logMessage');
  expect(said.map(({ params }) => (params as { message: string }).message)).toEqual([
    'Settings: layerLens.codeLens must be one of layers, from, off, not "everywhere".',
  ]);
});

const { workspace, ...others } = allCapabilities;
const cannotBeAsked = { ...others, workspace: { ...workspace, configuration: false, didChangeConfiguration: {} } };

test('a client that cannot be asked tells its settings at the start', async () => {
  for (const settings of [{ codeLens: 'off' }, { layerLens: { codeLens: 'off' } }]) {
    await using editor = await openEditor({ capabilities: cannotBeAsked, initializationOptions: { settings } });
    expect(await editor.open('Dockerfile', text).lenses()).toBe(text);
  }
});

test('a client that cannot be asked tells its settings later', async () => {
  await using editor = await openEditor({ capabilities: cannotBeAsked });
  const document = editor.open('Dockerfile', text);
  expect(await document.lenses()).toContain('[');
  for (const settings of [
    { layerLens: { codeLens: 'off' } },
    { codeLens: 'layers' },
    { layerLens: { enable: false } },
  ]) {
    const from = editor.client.heard.length;
    editor.client.notify('workspace/didChangeConfiguration', { settings });
    await editor.client.hear('workspace/codeLens/refresh', undefined, from);
  }
  expect(await document.lenses()).toBe(text);
  expect(editor.client.heard.some(({ method }) => method === 'workspace/configuration')).toBe(false);
});

test('a client that does not answer gets lenses with the defaults', async () => {
  await using editor = await openEditor();
  editor.client.answer('workspace/configuration', () => new Promise(() => undefined));
  expect(await editor.open('Dockerfile', text).lenses()).toContain('[layer · not measured yet]');
});

test('changes of settings are asked for where the client wants that', async () => {
  await using editor = await openEditor();
  const { registrations } = (await editor.client.hear('client/registerCapability')) as {
    registrations: { method: string }[];
  };
  expect(registrations.map(({ method }) => method)).toEqual(['workspace/didChangeConfiguration']);
});
