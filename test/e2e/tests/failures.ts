/** What a person reads when something they asked for cannot be had, and how they get on from there. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { annotated, appDockerfile, measured, unmeasured } from '../expected.ts';
import { test } from '../runner.ts';
import {
  chooseInDialog,
  eventually,
  eventuallyMatches,
  file,
  lenses,
  notifications,
  open,
  openMeasured,
  outFolder,
} from '../steps.ts';

export const failureTests = [
  test('a file that is no image gets one message, keeps the numbers there were, and can be tried again', async (screen) => {
    writeFileSync(file('app/broken.tar'), 'this is no archive');
    const { document } = await openMeasured();
    await eventually(() => screen.editor(), annotated(appDockerfile(), measured));
    void vscode.commands.executeCommand('layerLens.openArchive');
    await chooseInDialog(screen, file('app/broken.tar'));
    await eventuallyMatches(
      async () => (await notifications(screen)).join('\n'),
      /^.*broken\.tar.* \[Try Again\] \[Show Output\]$/,
    );
    await screen.picture(join(outFolder, 'broken-archive.png'));
    await eventually(() => lenses(document), annotated(appDockerfile(), measured));
    copyFileSync(file('app/image.tar'), file('app/broken.tar'));
    await screen.click('.notifications-center .monaco-button', 'Try Again');
    await eventuallyMatches(() => lenses(document), /measured from .*broken\.tar/);
    await eventually(() => notifications(screen), []);
  }),

  test('a truncated archive leaves nothing behind', async (screen) => {
    writeFileSync(file('app/half.tar'), readFileSync(file('app/image.tar')).subarray(0, 20_000));
    const { document } = await open('app/Dockerfile');
    void vscode.commands.executeCommand('layerLens.openArchive');
    await chooseInDialog(screen, file('app/half.tar'));
    await eventuallyMatches(async () => (await notifications(screen)).join('\n'), /half\.tar/);
    await eventually(() => lenses(document), annotated(appDockerfile(), unmeasured));
  }),

  test('without an engine the list says so, and the other ways are there', async (screen) => {
    await vscode.workspace
      .getConfiguration('layerLens')
      .update('docker.host', 'unix:///nowhere/docker.sock', vscode.ConfigurationTarget.Global);
    await open('app/Dockerfile');
    void vscode.commands.executeCommand('layerLens.measureImage');
    await eventuallyMatches(async () => (await screen.picks()).join('\n'), /nowhere[^]*Open Image Archive…/);
    await screen.picture(join(outFolder, 'no-engine.png'));
    await eventually(() => notifications(screen), []);
  }),

  test('a command without a Dockerfile says what to open', async (screen) => {
    await open('app/motd.txt');
    await vscode.commands.executeCommand('layerLens.clear');
    await eventuallyMatches(async () => (await notifications(screen)).join('\n'), /Open a Dockerfile first/);
  }),
];
