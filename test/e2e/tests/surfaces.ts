/** Every surface can be switched off and on again, and folders of a workspace can differ. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { annotated, appDockerfile, hinted, measured } from '../expected.ts';
import { test } from '../runner.ts';
import {
  diagnostics,
  eventually,
  eventuallyMatches,
  file,
  hoverText,
  measure,
  open,
  openMeasured,
  outFolder,
} from '../steps.ts';

const bare = (): string =>
  appDockerfile()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

export const surfaceTests = [
  test('the master switch takes everything away, and back', async (screen) => {
    const { document } = await openMeasured();
    await eventually(() => screen.editor(), annotated(appDockerfile(), measured));
    await vscode.commands.executeCommand('layerLens.toggle');
    await eventually(() => screen.editor(), bare());
    await eventually(() => screen.status(), undefined);
    await eventually(() => diagnostics(document), []);
    await eventually(() => hoverText(document, 'RUN --mount'), '');
    await vscode.commands.executeCommand('layerLens.toggle');
    await eventually(() => screen.editor(), annotated(appDockerfile(), measured));
    await eventually(() => diagnostics(document).length, 1);
  }),

  test('lenses off and hints on: sizes at line ends', async (screen) => {
    await openMeasured();
    await vscode.commands.executeCommand('layerLens.toggleCodeLens');
    await eventually(() => screen.editor(), bare());
    await vscode.commands.executeCommand('layerLens.toggleInlayHints');
    await eventually(() => screen.editor(), hinted(appDockerfile()));
    await screen.picture(join(outFolder, 'hints.png'));
    await vscode.commands.executeCommand('layerLens.toggleInlayHints');
    await vscode.commands.executeCommand('layerLens.toggleCodeLens');
    await eventually(() => screen.editor(), annotated(appDockerfile(), measured));
  }),

  test('lenses come back as they were: on FROM only', async (screen) => {
    await vscode.workspace.getConfiguration('layerLens').update('codeLens', 'from', vscode.ConfigurationTarget.Global);
    await openMeasured();
    const expected = annotated(appDockerfile(), { 'FROM scratch': measured['FROM scratch']! });
    await eventually(() => screen.editor(), expected);
    await vscode.commands.executeCommand('layerLens.toggleCodeLens');
    await eventually(() => screen.editor(), bare());
    await vscode.commands.executeCommand('layerLens.toggleCodeLens');
    await eventually(() => screen.editor(), expected);
  }),

  test('hover and diagnostics have a switch of their own', async () => {
    const { document } = await openMeasured();
    await eventually(() => diagnostics(document).length, 1);
    await vscode.commands.executeCommand('layerLens.toggleDiagnostics');
    await eventually(() => diagnostics(document), []);
    await vscode.commands.executeCommand('layerLens.toggleDiagnostics');
    await eventually(() => diagnostics(document).length, 1);
    await vscode.commands.executeCommand('layerLens.toggleHover');
    await eventually(() => hoverText(document, 'RUN --mount'), '');
    await vscode.commands.executeCommand('layerLens.toggleHover');
    await eventuallyMatches(() => hoverText(document, 'RUN --mount'), /12 MB/);
  }),

  test('a folder of the workspace has settings of its own', async (screen) => {
    const { document } = await open('other/Dockerfile');
    await eventuallyMatches(
      () => screen.editor(),
      /^» .*\nFROM scratch AS tools\nCOPY one.txt \/\n\n» .*\nFROM tools\nCOPY two.txt \/\n?$/,
    );
    await measure(document, `docker-archive:${file('app/image.tar')}`);
    await eventuallyMatches(() => screen.editor(), /another Dockerfile|other file|not .*this/i);
    await screen.picture(join(outFolder, 'other-image.png'));
  }),
];
