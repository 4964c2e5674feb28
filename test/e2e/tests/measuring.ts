/** From "not measured yet" to sizes on the right lines, and back. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { annotated, appDockerfile, measured, unmeasured } from '../expected.ts';
import { test } from '../runner.ts';
import {
  chooseInDialog,
  closeEditors,
  diagnostics,
  eventually,
  eventuallyMatches,
  file,
  hoverText,
  lenses,
  notifications,
  open,
  openMeasured,
  outFolder,
} from '../steps.ts';

export const measureTests = [
  test('lenses are there before anything was measured', async (screen) => {
    const { document } = await open('app/Dockerfile');
    const expected = annotated(appDockerfile(), unmeasured);
    await eventually(() => lenses(document), expected);
    await eventually(() => screen.editor(), expected);
    await eventually(() => screen.status(), { text: 'not measured', label: 'Layer Lens: not measured' });
    await screen.picture(join(outFolder, 'unmeasured.png'));
  }),

  test('an archive chosen in the dialog puts its sizes on the lines', async (screen) => {
    const { document } = await open('app/Dockerfile');
    await eventually(() => lenses(document), annotated(appDockerfile(), unmeasured));
    void vscode.commands.executeCommand('layerLens.openArchive');
    await chooseInDialog(screen, file('app/image.tar'));
    const expected = annotated(appDockerfile(), measured);
    await eventually(() => lenses(document), expected);
    await eventually(() => screen.editor(), expected);
    await eventually(() => screen.status(), { text: '12 MB', label: 'Layer Lens: 12 MB' });
  }),

  test('a file of an OCI layout stands for its folder', async (screen) => {
    const layout = file('app/layout');
    mkdirSync(layout, { recursive: true });
    execFileSync('tar', ['-xf', file('app/image.tar'), '-C', layout]);
    const { document } = await open('app/Dockerfile');
    void vscode.commands.executeCommand('layerLens.openArchive');
    await chooseInDialog(screen, join(layout, 'oci-layout'));
    await eventuallyMatches(() => lenses(document), /measured from .*layout/);
  }),

  test('what was chosen is remembered when the file is opened again', async () => {
    const { document } = await openMeasured();
    const expected = annotated(appDockerfile(), measured);
    await eventually(() => lenses(document), expected);
    await closeEditors();
    await eventually(async () => await lenses((await open('app/Dockerfile')).document), expected);
  }),

  test('the hover tells what a layer holds, with the keyboard in it', async (screen) => {
    const { document } = await openMeasured();
    const at = document.positionAt(document.getText().indexOf('RUN --mount'));
    await eventuallyMatches(() => hoverText(document, 'RUN --mount'), /cache\.bin/);
    await vscode.commands.executeCommand('layerLens.showDetails', document.uri.toString(), at.line, at.character);
    await eventuallyMatches(() => screen.hover(), /12 MB[^]*cache\.bin/);
    await eventuallyMatches(() => screen.focus(), /hover/i);
    await screen.picture(join(outFolder, 'hover.png'));
  }),

  test('a layer above the size of the setting is reported with its bytes', async () => {
    const { document } = await openMeasured();
    await eventually(() => diagnostics(document), ['8 Information large-layer: This line puts 12 MB into the image.']);
  }),

  test('measuring shows that it works on it, and can be cancelled', async (screen) => {
    const pipe = file('app/pipe.tar');
    execFileSync('mkfifo', [pipe]);
    // Open, and silent: reading it never ends.
    const silence = openSync(pipe, 'r+');
    try {
      const { document } = await openMeasured();
      const measuring = vscode.commands.executeCommand('layerLens.openArchive');
      await chooseInDialog(screen, pipe);
      await eventuallyMatches(
        async () => (await notifications(screen)).join('\n'),
        /^.*Measuring .*pipe\.tar.* \[Cancel\]$/,
      );
      await screen.picture(join(outFolder, 'measuring.png'));
      await screen.click('.notifications-center .monaco-button', 'Cancel');
      await measuring;
      await eventually(() => notifications(screen), []);
      await eventually(() => lenses(document), annotated(appDockerfile(), measured));
      await eventually(() => screen.status(), { text: '12 MB', label: 'Layer Lens: 12 MB' });
    } finally {
      closeSync(silence);
    }
  }),

  test('clear forgets the image', async (screen) => {
    const { document } = await openMeasured();
    await eventually(() => lenses(document), annotated(appDockerfile(), measured));
    await vscode.commands.executeCommand('layerLens.clear');
    await eventually(() => lenses(document), annotated(appDockerfile(), unmeasured));
    await eventually(() => screen.editor(), annotated(appDockerfile(), unmeasured));
    await eventually(() => screen.status(), { text: 'not measured', label: 'Layer Lens: not measured' });
  }),
];
