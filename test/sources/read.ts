/** Reads an image as the tests want it: with contents, nothing kept, and what was noted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageFacts } from '../../server/src/image/image.ts';
import { readImage } from '../../server/src/sources/images.ts';
import type { ReadOptions } from '../../server/src/sources/read-options.ts';
import { SourceError } from '../../server/src/sources/source.ts';

export const readOptions: ReadOptions = {
  platform: undefined,
  contents: true,
  cacheFolder: undefined,
  cacheBytes: 0,
  docker: { path: 'docker', host: undefined, env: {} },
  progress: () => undefined,
};

export async function read(source: string, options: Partial<ReadOptions> = {}): Promise<ImageFacts> {
  return await readImage(source, { ...readOptions, ...options }, new AbortController().signal);
}

/** `kind: message | hint` of the error; anything but a SourceError is thrown on. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (error instanceof SourceError) {
      return `${error.kind}: ${error.message} | ${error.hint ?? ''}`;
    }
    throw error;
  }
}

export interface Scratch extends Disposable {
  readonly folder: string;
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'layer-lens-test-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
    await Promise.resolve();
  }
}
