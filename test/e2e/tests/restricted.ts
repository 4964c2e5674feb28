/** A workspace that is not trusted: nothing is executed and no engine asked, what a person points at is still read. */
import { strictEqual } from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { usingImage, writeDockerfile } from '../docker.ts';
import { annotated, appDockerfile, measured, unmeasured } from '../expected.ts';
import { test } from '../runner.ts';
import { chooseInDialog, eventually, eventuallyMatches, file, lenses, open, outFolder } from '../steps.ts';

export const restrictedTests = [
  test('untrusted: an archive is measured; no engine is asked, nothing is executed', async (screen) => {
    await useWatchedDocker();
    const { document } = await open('app/Dockerfile');
    await eventually(() => lenses(document), annotated(appDockerfile(), unmeasured));
    void vscode.commands.executeCommand('layerLens.measureImage');
    await eventuallyMatches(async () => (await screen.picks()).join('\n'), /trust[^]*Open Image Archive…/);
    await screen.picture(join(outFolder, 'restricted.png'));
    await screen.press('Escape');
    void vscode.commands.executeCommand('layerLens.openArchive');
    await chooseInDialog(screen, file('app/image.tar'));
    await eventually(() => lenses(document), annotated(appDockerfile(), measured));
    strictEqual(dockerWasExecuted(), false);
  }),

  test('a build is not looked for before trust is granted, and found without a restart then', async (screen) => {
    await useWatchedDocker();
    await usingImage(writeDockerfile('app/built/Dockerfile', 'FROM scratch\nCOPY Dockerfile /built\n'), async () => {
      const { document } = await open('app/built/Dockerfile');
      await eventuallyMatches(() => lenses(document), /not measured yet/);
      await delay(3000);
      strictEqual(dockerWasExecuted(), false);
      await vscode.commands.executeCommand('workbench.trust.manage');
      await screen.click('.workspace-trust-editor .monaco-button', 'Trust');
      await eventually(() => vscode.workspace.isTrusted, true);
      await eventuallyMatches(() => lenses(document), /» \d+ B · 1 file\nCOPY/);
      strictEqual(dockerWasExecuted(), true);
    });
  }),
];

/** A docker that leaves a trace when somebody executes it. */
async function useWatchedDocker(): Promise<void> {
  writeFileSync(file('docker'), `#!/bin/sh\ntouch '${file('executed')}'\nexec docker "$@"\n`, { mode: 0o755 });
  await vscode.workspace
    .getConfiguration('layerLens')
    .update('docker.path', file('docker'), vscode.ConfigurationTarget.Global);
}

function dockerWasExecuted(): boolean {
  return existsSync(file('executed'));
}
