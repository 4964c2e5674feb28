/** With a real engine: its images in the list, and builds from a terminal found without being asked. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { imageTag, usingImage, writeDockerfile } from '../docker.ts';
import { test } from '../runner.ts';
import { eventuallyMatches, lenses, open, outFolder } from '../steps.ts';

export const engineTests = [
  test('the image picked from the engine’s list, newest first, is measured', async (screen) => {
    const path = writeDockerfile('app/picked/Dockerfile', 'FROM scratch\nCOPY Dockerfile /picked\n');
    await usingImage(path, async () => {
      const { document } = await open('app/picked/Dockerfile');
      await vscode.commands.executeCommand('layerLens.clear');
      await eventuallyMatches(() => lenses(document), /not measured yet/);
      void vscode.commands.executeCommand('layerLens.measureImage');
      await eventuallyMatches(
        async () => (await screen.picks())[0] ?? '',
        new RegExp(`^${imageTag}, \\d+ B · just now`),
      );
      await screen.picture(join(outFolder, 'pick.png'));
      await screen.press('Enter');
      await eventuallyMatches(() => lenses(document), /» \d+ B · 1 file\nCOPY/);
    });
  }),

  test('an image built in a terminal is measured when its Dockerfile is opened', async (screen) => {
    const path = writeDockerfile('app/built/Dockerfile', 'FROM scratch\nCOPY Dockerfile /built\n');
    await usingImage(path, async () => {
      const { document } = await open('app/built/Dockerfile');
      await eventuallyMatches(() => lenses(document), /» \d+ B · 1 file\nCOPY/);
      await eventuallyMatches(async () => (await screen.status())?.text ?? '', /^\d+ B$/);
    });
  }),

  test('a build beside an open editor brings its numbers', async () => {
    const path = writeDockerfile('app/beside/Dockerfile', 'FROM scratch\nCOPY Dockerfile /beside\n');
    const { document } = await open('app/beside/Dockerfile');
    await eventuallyMatches(() => lenses(document), /not measured yet/);
    await usingImage(path, async () => {
      await eventuallyMatches(() => lenses(document), /» \d+ B · 1 file\nCOPY/);
    });
  }),
];
