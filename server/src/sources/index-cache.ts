/**
 * Indexes of layers on disk, one file by diff id. A layer's bytes never change, so nothing in here grows stale; only what was
 * read with its diff id computed is kept, so that no damaged archive can speak for a good image. Never fatal: a cache that
 * cannot be written is no cache.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiffId } from '../image/image.ts';
import { layerIndexVersion, openIndex, type LayerIndex } from '../image/layer-index.ts';

export interface IndexCache {
  get(diffId: DiffId): Promise<LayerIndex | undefined>;
  put(diffId: DiffId, index: LayerIndex): Promise<void>;
}

export interface IndexCacheOptions {
  readonly folder: string | undefined;
  readonly bytes: number;
  readonly note: (sentence: string) => void;
}

export function indexCache({ folder, bytes, note }: IndexCacheOptions): IndexCache {
  if (folder === undefined || bytes <= 0) {
    return { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
  }
  const layers = join(folder, `layers-v${layerIndexVersion}`);
  return {
    get: (diffId) => readEntry(join(layers, fileName(diffId)), note),
    put: (diffId, index) => writeEntry(layers, fileName(diffId), index, bytes, note),
  };
}

const suffix = '.index';

function fileName(diffId: DiffId): string {
  return `${diffId.replace(':', '-')}${suffix}`;
}

/** A file is the index and then its SHA-256. */
const checksumBytes = 32;

async function readEntry(path: string, note: (sentence: string) => void): Promise<LayerIndex | undefined> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const buffer = new ArrayBuffer(Math.max(0, size - checksumBytes));
    const checksum = new Uint8Array(checksumBytes);
    await file.read(new Uint8Array(buffer), 0, buffer.byteLength, 0);
    await file.read(checksum, 0, checksumBytes, buffer.byteLength);
    const index = Buffer.from(checksum).equals(checksumOf(buffer)) ? openIndex(buffer) : undefined;
    if (index === undefined) {
      note(`A damaged index was dropped: ${path}.`);
      await rm(path, { force: true });
      return undefined;
    }
    // What was used last is dropped last; not every disk keeps times of reading.
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return index;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      note(`The index ${path} cannot be read: ${reasonOf(error)}.`);
    }
    return undefined;
  }
}

/** Written beside and renamed: another process sees the whole file or none. */
async function writeEntry(
  folder: string,
  name: string,
  index: LayerIndex,
  limit: number,
  note: (sentence: string) => void,
): Promise<void> {
  if (index.buffer.byteLength + checksumBytes > limit) {
    return;
  }
  const temporary = join(folder, `${name}.${randomUUID()}.new`);
  try {
    await mkdir(folder, { recursive: true });
    await writeWhole(temporary, index.buffer);
    await rename(temporary, join(folder, name));
    await dropOldest(folder, limit);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    note(`Nothing is kept on disk in ${folder}: ${reasonOf(error)}.`);
  }
}

async function writeWhole(path: string, buffer: ArrayBuffer): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.write(new Uint8Array(buffer), 0, buffer.byteLength, 0);
  await file.write(checksumOf(buffer), 0, checksumBytes, buffer.byteLength);
}

const abandonedMilliseconds = 60 * 60 * 1000;

/** Another process may drop the same files: what is gone already is no trouble. */
async function dropOldest(folder: string, limit: number): Promise<void> {
  const names = await readdir(folder);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const info = await stat(path).catch(() => undefined);
      return info && { path, bytes: info.size, usedAt: info.mtimeMs, isIndex: name.endsWith(suffix) };
    }),
  );
  const files = found.filter((file) => file !== undefined).toSorted((a, b) => b.usedAt - a.usedAt);
  let kept = 0;
  for (const file of files) {
    kept += file.bytes;
    const isAbandoned = !file.isIndex && Date.now() - file.usedAt > abandonedMilliseconds;
    if (isAbandoned || (kept > limit && file.isIndex)) {
      await rm(file.path, { force: true }).catch(() => undefined);
      kept -= file.bytes;
    }
  }
}

function checksumOf(buffer: ArrayBuffer): Buffer {
  return createHash('sha256').update(new Uint8Array(buffer)).digest();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
