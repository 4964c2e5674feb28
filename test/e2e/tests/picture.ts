/** Takes the picture of README.md: the bundled sample with its numbers and a hover. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { test } from '../runner.ts';
import { eventuallyMatches, file, measure, open, outFolder } from '../steps.ts';

export const pictureTests = [
  test('the sample, measured', async (screen) => {
    for (const [key, value] of Object.entries(look)) {
      await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
    }
    const { document } = await open('web/Dockerfile');
    await measure(document, `docker-archive:${file('web/image.tar')}`);
    await eventuallyMatches(() => screen.editor(), /» .* MB .*\nRUN yes/);
    const at = document.positionAt(document.getText().indexOf('RUN rm'));
    await vscode.commands.executeCommand('layerLens.showDetails', document.uri.toString(), at.line, at.character);
    await eventuallyMatches(() => screen.hover(), /RUN/);
    await screen.editorPicture(join(outFolder, 'lens.png'), { width: 1000, height: 731 });
  }),
];

const look = {
  'editor.fontSize': 14,
  'editor.padding.top': 9,
  'editor.renderLineHighlight': 'none',
  'editor.occurrencesHighlight': 'off',
  'editor.overviewRulerBorder': false,
  'editor.hideCursorInOverviewRuler': true,
  'editor.scrollbar.vertical': 'hidden',
  'breadcrumbs.enabled': false,
  'workbench.editor.showTabs': 'none',
} as const;
