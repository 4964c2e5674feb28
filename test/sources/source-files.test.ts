/** Images that are files: where they are, and that a change is noticed. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isFileSource, watchSource, withFolder } from '../../server/src/sources/source-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('relative paths are meant from the folder', () => {
  expect(withFolder('docker-archive:app.tar', '/work')).toBe('docker-archive:/work/app.tar');
  expect(withFolder('oci:../layout:v1', '/work/api')).toBe('oci:/work/layout:v1');
  expect(withFolder('oci-archive:/abs/app.tar', '/work')).toBe('oci-archive:/abs/app.tar');
  expect(withFolder('docker-daemon:app:latest', '/work')).toBe('docker-daemon:app:latest');
  expect(withFolder('nonsense', '/work')).toBe('nonsense');
  expect(withFolder('./app.tar', '/work')).toBe('docker-archive:/work/app.tar');
  expect(withFolder('/abs/app.tar', '/work')).toBe('/abs/app.tar');
});

test('standard input is never read', () => {
  expect(withFolder('-', '/work')).toBe('docker-archive:/work/-');
  expect(withFolder('docker-archive:-', '/work')).toBe('docker-archive:/work/-');
});

test('files are told from engines', () => {
  expect(
    ['docker-archive:a.tar', 'oci:a:b', 'oci-archive:C:\\a.tar', 'docker-daemon:a', 'docker://h/a', 'x'].map(
      isFileSource,
    ),
  ).toEqual([true, true, true, false, false, false]);
});

describe('watching', () => {
  /** How often it was called once the disk has been quiet for a while. */
  async function check(source: string, act: () => Promise<void>): Promise<number> {
    let calls = 0;
    using _ = watchSource(source, () => (calls += 1));
    // The watcher looks at the file once before it can tell a change.
    await pause(100);
    await act();
    await pause(900);
    return calls;
  }

  test('an archive that grows for a while has changed once', async () => {
    const file = join(folder, 'a.tar');
    await writeFile(file, 'one');
    const calls = await check(`docker-archive:${file}`, async () => {
      for (const more of ['two', 'three', 'four']) {
        await writeFile(file, more.repeat(1000));
        await pause(50);
      }
    });
    expect(calls).toBe(1);
  });

  test('an archive that is replaced has changed', async () => {
    const file = join(folder, 'a.tar');
    await writeFile(file, 'one');
    const calls = await check(`oci-archive:${file}`, async () => {
      await writeFile(join(folder, 'draft'), 'two');
      await rename(join(folder, 'draft'), file);
    });
    expect(calls).toBe(1);
  });

  test('a neighbour is none of its business', async () => {
    const file = join(folder, 'a.tar');
    await writeFile(file, 'one');
    expect(await check(`docker-archive:${file}`, () => writeFile(join(folder, 'b.tar'), 'x'))).toBe(0);
  });

  test('a layout has changed when its index has', async () => {
    const layout = join(folder, 'layout');
    await mkdir(layout);
    expect(await check(`oci:${layout}:v1`, () => writeFile(join(layout, 'index.json'), '{}'))).toBe(1);
  });

  test('what cannot be watched is not, and nobody is hurt', async () => {
    expect(await check('docker-archive:/not/there/a.tar', () => Promise.resolve())).toBe(0);
    expect(await check('docker-daemon:app', () => Promise.resolve())).toBe(0);
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
