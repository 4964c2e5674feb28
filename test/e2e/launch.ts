/**
 * Runs the editor tests in a real VS Code and prints `N passed, N failed`.
 * `npm run test:e2e [-- PART-OF-A-TEST-NAME]`
 *
 * The editor is the one VSCODE_PATH names, else the VS Code server of `.ci/vscode-server` where that is installed,
 * else a desktop VS Code that @vscode/test-electron downloads. E2E_EXTENSION names the folder of another build of the
 * extension, such as an unpacked package, to be tested instead of the working tree.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from './results.ts';
import { imageTag, project, runInEditor, runProgram, serverHome } from './start-editor.ts';
import { makeWorkspace } from './workspace.ts';

const outFolder = join(project, 'test/e2e/out');

/** One start of the editor each: what they differ in cannot be changed in a running window. */
const scenarios = [
  { scenario: 'trusted', minutes: 6, restricted: false },
  { scenario: 'restricted', minutes: 2, restricted: true },
] as const;

runProgram(async ([filter = '']) => {
  rmSync(outFolder, { recursive: true, force: true });
  mkdirSync(outFolder, { recursive: true });
  const all: Results[] = [];
  for (const each of scenarios) {
    if (each.restricted && !serverHome()) {
      console.log('restricted: left out, @vscode/test-electron turns workspace trust off in a desktop VS Code');
      continue;
    }
    all.push(await runInEditor({ ...each, filter, outFolder, workspace: (state) => makeWorkspace(project, state) }));
  }
  // There only when a test was interrupted; nobody minds its absence.
  spawnSync('docker', ['image', 'rm', imageTag], { stdio: 'ignore' });
  return report(all);
});

function report(all: readonly Results[]): number {
  const passed = all.reduce((sum, results) => sum + results.passed, 0);
  const failed = all.reduce((sum, results) => sum + results.failed, 0);
  writeFileSync(join(outFolder, 'results.json'), `${JSON.stringify({ passed, failed })}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}
