/** What is remembered of a Dockerfile between sessions. */
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPairing, writePairing } from '../../server/src/sources/pairings.ts';
import type { Pairing } from '../../server/src/sources/pairings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-lens-pairings-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const pairing: Pairing = { how: 'asked', at: 1, source: 'docker-archive:/a.tar', image: 'key', builtText: 'FROM a\n' };

test('what was written is read again, for this Dockerfile only', async () => {
  await writePairing(folder, '/a/Dockerfile', pairing);
  expect([await readPairing(folder, '/a/Dockerfile'), await readPairing(folder, '/b/Dockerfile')]).toEqual([
    pairing,
    undefined,
  ]);
});

test('the last one counts', async () => {
  const cleared: Pairing = { how: 'cleared', at: 2, source: undefined, image: undefined, builtText: undefined };
  await writePairing(folder, '/a/Dockerfile', pairing);
  await writePairing(folder, '/a/Dockerfile', cleared);
  expect(await readPairing(folder, '/a/Dockerfile')).toEqual(cleared);
});

test('many writers at once leave one whole file', async () => {
  const writes = Array.from({ length: 20 }, (_, at) => writePairing(folder, '/a/Dockerfile', { ...pairing, at }));
  await Promise.all(writes);
  expect((await readPairing(folder, '/a/Dockerfile'))?.source).toBe(pairing.source);
  expect(await readdir(folder)).toHaveLength(1);
});

test('a damaged file remembers nothing', async () => {
  await writePairing(folder, '/a/Dockerfile', pairing);
  const [name] = await readdir(folder);
  for (const damage of [
    '',
    '{',
    '[]',
    'null',
    '{"dockerfile":"/a/Dockerfile","how":"magic","at":1}',
    '{"dockerfile":"/x","how":"asked","at":1}',
  ]) {
    await writeFile(join(folder, name!), damage);
    expect(await readPairing(folder, '/a/Dockerfile')).toBeUndefined();
  }
});

test('a text too long for a Dockerfile is left out', async () => {
  await writePairing(folder, '/a/Dockerfile', { ...pairing, builtText: 'x'.repeat(300_000) });
  expect(await readPairing(folder, '/a/Dockerfile')).toEqual({ ...pairing, builtText: undefined });
});

test('of very many the ones unused for longest are forgotten', async () => {
  await writePairing(folder, '/old/Dockerfile', pairing);
  const [oldest] = await readdir(folder);
  const longAgo = new Date(0);
  await utimes(join(folder, oldest!), longAgo, longAgo);
  await Promise.all(Array.from({ length: 505 }, (_, at) => writeFile(join(folder, `${at}.json`), '{}')));
  await writePairing(folder, '/new/Dockerfile', pairing);
  expect(await readdir(folder)).toHaveLength(500);
  expect([await readPairing(folder, '/old/Dockerfile'), await readPairing(folder, '/new/Dockerfile')]).toEqual([
    undefined,
    pairing,
  ]);
});

test('a folder that cannot be written is an error for whoever wants to know', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(writePairing(join(folder, 'file'), '/a/Dockerfile', pairing)).rejects.toThrow(/EEXIST|ENOTDIR/);
});
