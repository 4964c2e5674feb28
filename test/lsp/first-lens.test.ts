/** What a Dockerfile shows before anything was measured. */
import { expect, test } from 'vitest';
import { useServer } from './editor.ts';

const openEditor = useServer();

const multiStage = `FROM debian AS build
ARG VERSION
RUN make
FROM debian AS unused
RUN something
FROM scratch
COPY --from=build /app /app
WORKDIR /app
CMD ["/app"]
`;

test('every instruction that makes a layer says so from the first parse', async () => {
  await using editor = await openEditor();
  expect(await editor.open('Dockerfile', multiStage).lenses()).toMatchInlineSnapshot(`
    "  [stage build · 1 layer · left behind]
    FROM debian AS build
    ARG VERSION
      [left behind in stage build]
    RUN make
      [stage unused · not built]
    FROM debian AS unused
      [not built]
    RUN something
      [2 layers · not measured yet] [Measure existing image…]
    FROM scratch
      [layer · not measured yet]
    COPY --from=build /app /app
      [layer · not measured yet]
    WORKDIR /app
    CMD ["/app"]
    "
  `);
});

test('what the server offers', async () => {
  await using editor = await openEditor();
  expect(editor.initialized).toMatchInlineSnapshot(`
    {
      "capabilities": {
        "codeActionProvider": {
          "codeActionKinds": [
            "quickfix",
          ],
        },
        "codeLensProvider": {},
        "diagnosticProvider": {
          "identifier": "layer-lens",
          "interFileDependencies": false,
          "workspaceDiagnostics": false,
        },
        "executeCommandProvider": {
          "commands": [
            "layerLens.server.measure",
            "layerLens.server.clear",
            "layerLens.server.listImages",
            "layerLens.server.trust",
          ],
          "workDoneProgress": true,
        },
        "hoverProvider": true,
        "inlayHintProvider": {},
        "textDocumentSync": {
          "change": 2,
          "openClose": true,
          "save": true,
        },
        "workspace": {
          "workspaceFolders": {
            "changeNotifications": true,
            "supported": true,
          },
        },
      },
      "serverInfo": {
        "name": "Layer Lens",
        "version": "0.1.0",
      },
    }
  `);
});

test('an instruction of many lines has its lens above the keyword', async () => {
  await using editor = await openEditor();
  const text = 'FROM scratch\n\n# why\nRUN <<EOF\nRUN echo\nFROM here\nEOF\n  COPY \\\n  # between\n  a /a\n';
  expect(await editor.open('Dockerfile', text).lenses()).toMatchInlineSnapshot(`
    "  [2 layers · not measured yet] [Measure existing image…]
    FROM scratch

    # why
      [layer · not measured yet]
    RUN <<EOF
    RUN echo
    FROM here
    EOF
      [layer · not measured yet]
      COPY \\
      # between
      a /a
    "
  `);
});

test('a hover tells what an instruction does, on its keyword and on its first line only', async () => {
  await using editor = await openEditor();
  const document = editor.open('Dockerfile', 'FROM scratch\nCOPY one \\\n  two /dir/\nENV A=b\n\nRUN x\n');
  expect([
    await document.hover('COPY'),
    await document.hover('one'),
    await document.hover('two'),
    await document.hover('ENV'),
  ]).toMatchInlineSnapshot(`
    [
      {
        "kind": "markdown",
        "on": "COPY",
        "value": "**COPY** puts files into a layer of their own.",
      },
      {
        "kind": "markdown",
        "on": "COPY one \\",
        "value": "**COPY** puts files into a layer of their own.",
      },
      undefined,
      {
        "kind": "markdown",
        "on": "ENV",
        "value": "**ENV** changes the image's configuration; no layer, no bytes.",
      },
    ]
  `);
});

test('problems and findings are diagnostics with a code and a link', async () => {
  await using editor = await openEditor();
  const { uri } = editor.open('Dockerfile', 'FROM scratch AS unused\nCOPY a /a\nFROM scratch\nCOPPY a /a\n');
  const { items } = (await editor.client.request('textDocument/diagnostic', { textDocument: { uri } })) as {
    items: unknown[];
  };
  expect(items).toMatchInlineSnapshot(`
    [
      {
        "code": "parse",
        "message": "There is no instruction COPPY. COPY is close to it.",
        "range": {
          "end": {
            "character": 5,
            "line": 3,
          },
          "start": {
            "character": 0,
            "line": 3,
          },
        },
        "severity": 1,
        "source": "layer-lens",
      },
      {
        "code": "unreachable-stage",
        "codeDescription": {
          "href": "https://github.com/layer-lens/layer-lens/blob/main/docs/rules.md#unreachable-stage",
        },
        "message": "A build of the last stage skips this stage.",
        "range": {
          "end": {
            "character": 22,
            "line": 0,
          },
          "start": {
            "character": 0,
            "line": 0,
          },
        },
        "severity": 4,
        "source": "layer-lens",
      },
    ]
  `);
});

test('diagnostics that did not change are not sent again', async () => {
  await using editor = await openEditor();
  const document = editor.open('Dockerfile', 'FROM scratch AS unused\nFROM scratch\nCOPY a /a\n');
  const textDocument = { uri: document.uri };
  const ask = async (previousResultId?: string): Promise<{ kind: string; resultId: string }> =>
    (await editor.client.request('textDocument/diagnostic', { textDocument, previousResultId })) as never;
  const first = await ask();
  const second = await ask(first.resultId);
  document.change('FROM scratch\n');
  const third = await ask(first.resultId);
  expect([first.kind, second.kind, third.kind]).toEqual(['full', 'unchanged', 'full']);
});

test('the status says that nothing was measured', async () => {
  await using editor = await openEditor();
  const document = editor.open('Dockerfile', 'FROM scratch\nCOPY a /a\n');
  expect(await editor.status(document, 'unmeasured')).toEqual({
    uri: document.uri,
    state: 'unmeasured',
    text: 'not measured',
    tooltip: 'Layers are told from the text. Measure an image to see sizes.',
  });
});
