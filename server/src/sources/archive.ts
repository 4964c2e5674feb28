/** Images in files: archives on disk, folders, pipes. What a file is, is seen in its bytes; the transport's name is only a wish. */
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ImageFacts } from '../image/image.ts';
import { emptyFile, foreignFile, foreignTar, isImageArchive, jsonFile } from './archive-errors.ts';
import { firstBytes } from './blob-bytes.ts';
import { contentOf, sniffLength } from './compression.ts';
import { asFileError, closeFile, fileBlob, openFile, streamChunk } from './files.ts';
import { isImageFolder, openFolderStore } from './folder-store.ts';
import { imageFacts } from './image-facts.ts';
import { readLayers } from './layers.ts';
import { openImage } from './open-image.ts';
import type { ReadOptions } from './read-options.ts';
import { SourceError, type BlobStore } from './source.ts';
import { readImageStream } from './stream.ts';
import { openTarStore, type TarStore } from './tar-store.ts';

/** `rest` is `PATH[:REFERENCE]`, or `-` for standard input. Throws SourceError. */
export async function readFileImage(
  transport: 'docker-archive' | 'oci-archive' | 'oci',
  rest: string,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<ImageFacts> {
  if (rest === '-') {
    return readImageStream(process.stdin, `${transport}:-`, options, signal);
  }
  const { path, reference, kind } = locate(rest);
  const named = (as: string): string => `${as}:${path}${reference === undefined ? '' : `:${reference}`}`;
  switch (kind) {
    case 'folder': {
      if (!isImageFolder(path)) {
        throw foreignFile(
          path,
          'a folder without an index.json',
          'For an archive name the file itself, such as app.tar.',
        );
      }
      await using store = openFolderStore(path);
      return await readStore(store, named('oci'), { path, reference }, options, signal);
    }
    case 'pipe':
      return readImageStream(openPipe(path), named(transport), options, signal, reference);
    case 'file':
      return readFile({ path, reference }, named, options, signal);
  }
}

interface Located {
  readonly path: string;
  readonly reference: string | undefined;
}

/** The longest start that is a path of this disk: names of files may hold colons. */
function locate(rest: string): Located & { readonly kind: 'file' | 'folder' | 'pipe' } {
  for (let end = rest.length; end > 0; end = rest.lastIndexOf(':', end - 1)) {
    const path = rest.slice(0, end);
    const kind = kindOfPath(path);
    if (kind !== undefined) {
      return { path, reference: end === rest.length ? undefined : rest.slice(end + 1), kind };
    }
  }
  const path = /^([a-z]:[\\/])?[^:]*/i.exec(rest)?.[0] ?? rest;
  throw new SourceError('not-found', `There is no ${path}.`, {
    hint: `Check the path. For an image of the engine write docker-daemon:${basename(path)}.`,
  });
}

function kindOfPath(path: string): 'file' | 'folder' | 'pipe' | undefined {
  try {
    const found = statSync(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'pipe';
  } catch (error) {
    const told = asFileError(error, path);
    if (told instanceof SourceError && told.kind === 'not-found') {
      return undefined;
    }
    throw told;
  }
}

/** A named pipe, such as a shell makes for `<(docker save app)`. */
async function* openPipe(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: streamChunk })) {
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw asFileError(error, path);
  }
}

async function readFile(
  { path, reference }: Located,
  named: (transport: string) => string,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const content = contentOf(await firstBytesOf(path));
  switch (content.kind) {
    case 'tar': {
      await using store = await openTarStore(path, signal);
      const isOci = store.topNames.has('index.json') && !store.topNames.has('manifest.json');
      const source = named(isOci ? 'oci-archive' : 'docker-archive');
      return await readStore(store, source, { path, reference }, options, signal);
    }
    case 'gzip':
    case 'zstd':
      return readImageStream(openPipe(path), named('docker-archive'), options, signal, reference);
    case 'empty':
      throw emptyFile(path);
    case 'json':
      throw jsonFile(path);
    case 'foreign':
      throw foreignFile(path, content.what);
  }
}

async function firstBytesOf(path: string): Promise<Uint8Array> {
  const file = openFile(path);
  try {
    return await firstBytes(fileBlob(file, 0, sniffLength), sniffLength);
  } finally {
    closeFile(file);
  }
}

async function readStore(
  store: BlobStore | TarStore,
  source: string,
  { path, reference }: Located,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<ImageFacts> {
  if ('topNames' in store && !isImageArchive(store.topNames)) {
    throw foreignTar(path, store.topNames);
  }
  const note = options.note ?? (() => undefined);
  const opened = await openImage(store, { name: path, reference, platform: options.platform, note }, signal);
  const layers = await readLayers(store, opened, path, options, signal);
  return imageFacts(source, opened, layers);
}
