/** A second opinion: reads what `docker save` wrote with tar, zcat and sha256sum, sharing no code with the product. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './docker.ts';

export interface SavedLayer {
  readonly diffId: string;
  /** Sizes of the regular files added up. */
  readonly bytes: number;
  readonly files: number;
  /** Lengths of symlink targets added up, which engines count in layers that they did not build. */
  readonly linkBytes: number;
}

export async function readSavedImage(archive: string, folder: string): Promise<readonly SavedLayer[]> {
  await succeed('tar', ['-xf', archive, '-C', folder]);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as [{ Layers: string[] | null }];
  const layers: SavedLayer[] = [];
  for (const path of manifest[0].Layers ?? []) {
    layers.push(await readLayer(join(folder, path)));
  }
  return layers;
}

async function readLayer(path: string): Promise<SavedLayer> {
  const hash = await succeed('sh', ['-c', 'zcat -f "$1" | sha256sum', 'sh', path]);
  // Columns of a long listing: mode, owner, size. Hard links begin with h and have no size; a whiteout is a regular file of 0 bytes.
  const listing = await succeed('tar', ['--numeric-owner', '--full-time', '-tvf', path]);
  const rows = listing.split('\n').filter((row) => row.startsWith('-') || row.startsWith('h'));
  const files = rows.filter((row) => !/(^| |\/)\.wh\.[^/]*$/.test(row));
  const bytes = rows
    .map((row) => (row.startsWith('-') ? Number(/^\S+\s+\S+\s+(\d+)/.exec(row)?.[1]) : 0))
    .reduce((sum, size) => sum + size, 0);
  const targets = listing.split('\n').flatMap((row) => (row.startsWith('l') ? (row.split(' -> ').at(-1) ?? []) : []));
  const linkBytes = targets.reduce((sum, target) => sum + Buffer.byteLength(target), 0);
  return { diffId: `sha256:${hash.slice(0, 64)}`, bytes, files: files.length, linkBytes };
}

async function succeed(command: string, args: readonly string[]): Promise<string> {
  const ended = await run(command, args, { env: { ...process.env, LC_ALL: 'C' } });
  if (ended.code !== 0) {
    throw new Error(`${command} ${args.join(' ')}\n${ended.stderr}`);
  }
  return ended.stdout;
}
