/** The program that stands for a desktop VS Code: where its parts are, how it is started, how it is surely stopped. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The folder of `.ci/vscode-server`, where it is installed. */
export function findServerHome(project: string): string | undefined {
  const { status, stdout } = spawnSync(join(project, '.ci/vscode-server'), ['path'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** @vscode/test-electron starts one executable file and gives it VS Code's arguments. */
export function writeEditorProgram(folder: string, bundle: string): string {
  const file = join(folder, 'editor');
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${bundle}' --as-editor "$@"\n`, { mode: 0o755 });
  return file;
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Noted on disk, so that the launcher can stop a group whose starter was killed. */
export function recordGroup(state: string, leader: number): void {
  writeFileSync(recordFile(state), String(leader));
}

export async function stopRecorded(state: string): Promise<void> {
  if (existsSync(recordFile(state))) {
    await stopGroup(Number(readFileSync(recordFile(state), 'utf8')));
  }
}

/** Asks the whole process group to end, waits up to five seconds, then makes it. */
export async function stopGroup(leader: number): Promise<void> {
  for (let round = 0; signalGroup(leader, round === 0 ? 'SIGTERM' : 0) && round < 50; round += 1) {
    await delay(100);
  }
  signalGroup(leader, 'SIGKILL');
}

/** False: the group is gone. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

function recordFile(state: string): string {
  return join(state, 'server.pid');
}
