/** Pictures of the main state in the themes people use, kept for a person to look at. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { annotated, appDockerfile, measured } from '../expected.ts';
import { test } from '../runner.ts';
import { eventually, openMeasured, outFolder } from '../steps.ts';

const themes: Readonly<Record<string, string>> = {
  'light': 'Default Light Modern',
  'dark': 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

export const lookTests = Object.entries(themes).map(([name, theme]) =>
  test(`looks as it should in ${theme}`, async (screen) => {
    const workbench = vscode.workspace.getConfiguration('workbench');
    await workbench.update('colorTheme', theme, vscode.ConfigurationTarget.Global);
    const { document } = await openMeasured();
    await eventually(() => screen.editor(), annotated(appDockerfile(), measured));
    const at = document.positionAt(document.getText().indexOf('RUN --mount'));
    await vscode.commands.executeCommand('layerLens.showDetails', document.uri.toString(), at.line, at.character);
    await eventually(async () => (await screen.hover()) !== '', true);
    await screen.picture(join(outFolder, `${name}.png`));
    await workbench.update('colorTheme', themes['dark'], vscode.ConfigurationTarget.Global);
  }),
);
