/** When the extension is awake, and when its server runs. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { test } from '../runner.ts';
import { eventually, file, lenses, open } from '../steps.ts';
import { annotated, appDockerfile, unmeasured } from '../expected.ts';

export const wakingTests = [
  test('sleeps until a Dockerfile is opened; its server starts for nothing else', async () => {
    const document = await vscode.workspace.openTextDocument(file('app/motd.txt'));
    await vscode.window.showTextDocument(document);
    await delay(1000);
    strictEqual(isAwake(), false);
    await open('app/.dockerignore');
    await delay(1000);
    deepStrictEqual(servers(), []);
    await open('app/Dockerfile');
    await eventually(isAwake, true);
    await eventually(() => servers().length, 1);
  }),

  test('a server that dies is started again and knows everything anew', async () => {
    const { document } = await open('app/Dockerfile');
    const expected = annotated(appDockerfile(), unmeasured);
    await eventually(() => lenses(document), expected);
    const [before] = servers();
    process.kill(before!, 'SIGKILL');
    await eventually(() => servers().length === 1 && servers()[0] !== before, true);
    await eventually(() => lenses(document), expected);
  }),
];

function isAwake(): boolean {
  return vscode.extensions.getExtension('layer-lens.layer-lens')?.isActive === true;
}

/** Processes of our language server below this extension host. */
function servers(): number[] {
  return execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === process.pid && /dist[\\/]server\.js/.test(match[3]!))
    .map((match) => Number(match![1]));
}
