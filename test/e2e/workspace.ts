/** A workspace of two folders, copied out of the fixtures, so that tests may write in it. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function makeWorkspace(project: string, state: string): string {
  cpSync(join(project, 'test/e2e/fixtures'), join(state, 'workspace'), { recursive: true });
  const file = join(state, 'workspace/tests.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: 'app' }, { path: 'other' }] }));
  return file;
}
