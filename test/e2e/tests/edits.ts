/** Numbers follow their lines: an edit makes its line stale, undoing it brings the number back. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { annotated, appDockerfile, measured, stale, unmeasured } from '../expected.ts';
import { test } from '../runner.ts';
import {
  eventually,
  eventuallyMatches,
  file,
  lenses,
  measure,
  open,
  openMeasured,
  openUntitled,
  outFolder,
} from '../steps.ts';

export const editTests = [
  test('an edited line is stale, the others are not; undo brings the number back', async (screen) => {
    const editor = await openMeasured();
    await eventually(() => lenses(editor.document), annotated(appDockerfile(), measured));
    const text = appDockerfile();
    const at = editor.document.positionAt(text.indexOf('count=12000') + 'count='.length);
    await editor.edit((edit) => edit.insert(at, '9'));
    const expected = annotated(text.replace('count=12000', 'count=912000'), stale);
    await eventually(() => lenses(editor.document), expected);
    await eventually(() => screen.editor(), expected);
    await eventuallyMatches(async () => (await screen.status())?.text ?? '', /edited/);
    await screen.picture(join(outFolder, 'stale.png'));
    await vscode.commands.executeCommand('undo');
    await eventually(() => lenses(editor.document), annotated(text, measured));
    await eventually(() => screen.editor(), annotated(text, measured));
  }),

  test('numbers move with their lines', async (screen) => {
    const editor = await openMeasured();
    await eventually(() => lenses(editor.document), annotated(appDockerfile(), measured));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# one line\n# and another\n'));
    const expected = annotated(`# one line\n# and another\n${appDockerfile()}`, measured);
    await eventually(() => lenses(editor.document), expected);
    await eventually(() => screen.editor(), expected);
  }),

  test('unsaved text that has no file is measured like a file', async (screen) => {
    const { document } = await openUntitled(appDockerfile());
    await eventually(() => lenses(document), annotated(appDockerfile(), unmeasured));
    await measure(document, `docker-archive:${file('app/image.tar')}`);
    await eventually(() => lenses(document), annotated(appDockerfile(), measured));
    await eventually(() => screen.status(), { text: '12 MB', label: 'Layer Lens: 12 MB' });
  }),

  test('the status bar is about the Dockerfile being edited, and absent elsewhere', async (screen) => {
    await openMeasured();
    await eventually(() => screen.status(), { text: '12 MB', label: 'Layer Lens: 12 MB' });
    await open('app/motd.txt');
    await eventually(() => screen.status(), undefined);
    await open('other/Dockerfile');
    await eventually(() => screen.status(), { text: 'not measured', label: 'Layer Lens: not measured' });
  }),
];
