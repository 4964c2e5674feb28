/** Makes docs/lens.png, the picture of README.md, from the bundled sample in a real editor: `npm run picture`. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project, runInEditor, runProgram } from '../test/e2e/start-editor.ts';

runProgram(async () => {
  const outFolder = mkdtempSync(join(tmpdir(), 'layer-lens-picture-'));
  const { failed } = await runInEditor({
    scenario: 'picture',
    filter: '',
    minutes: 2,
    restricted: false,
    outFolder,
    // Its path is in the picture.
    state: makeNew(join(tmpdir(), 'demo')),
    workspace: copySample,
  });
  if (failed === 0) {
    mkdirSync(join(project, 'docs'), { recursive: true });
    copyFileSync(join(outFolder, 'lens.png'), join(project, 'docs/lens.png'));
  }
  rmSync(outFolder, { recursive: true, force: true });
  return failed;
});

function makeNew(folder: string): string {
  mkdirSync(folder);
  return folder;
}

function copySample(state: string): string {
  const folder = join(state, 'workspace');
  cpSync(join(project, 'samples/web'), join(folder, 'web'), { recursive: true });
  return folder;
}
