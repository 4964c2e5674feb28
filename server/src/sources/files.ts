/** Files of this disk as blobs, and the disk's errors in words. */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { cancelled, SourceError, type Blob } from './source.ts';

export const streamChunk = 1 << 20;

export interface OpenFile {
  readonly descriptor: number;
  readonly path: string;
}

/** Throws SourceError. */
export function openFile(path: string): OpenFile {
  try {
    return { descriptor: openSync(path, 'r'), path };
  } catch (error) {
    throw asFileError(error, path);
  }
}

export function closeFile({ descriptor }: OpenFile): void {
  closeSync(descriptor);
}

/** Part of an open file. */
export function fileBlob(file: OpenFile, start: number, size: number): Blob {
  return {
    size,
    readAt: (target, position) => {
      const length = Math.min(target.length, size - position);
      return length <= 0 ? 0 : readFileAt(file, target, length, start + position);
    },
    stream: (range) => {
      const from = Math.min(range?.start ?? 0, size);
      const length = Math.min(range?.length ?? size, size - from);
      return length <= 0 ? none() : streamFile(file, start + from, length);
    },
  };
}

function readFileAt(file: OpenFile, target: Uint8Array, length: number, position: number): number {
  try {
    return readSync(file.descriptor, target, 0, length, position);
  } catch (error) {
    throw asFileError(error, file.path);
  }
}

async function* streamFile(file: OpenFile, start: number, length: number): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file.path, {
    fd: file.descriptor,
    autoClose: false,
    start,
    end: start + length - 1,
    highWaterMark: streamChunk,
  });
  try {
    for await (const chunk of stream) {
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw asFileError(error, file.path);
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}

/** An error of the file system as a sentence; anything else comes back as it is. */
export function asFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof SourceError || !('code' in error)) {
    return error;
  }
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new SourceError('not-found', `There is no ${path}.`, { hint: 'Check the path.', cause: error });
    case 'EACCES':
    case 'EPERM':
      return new SourceError('denied', `${path} may not be read.`, {
        hint: 'Change its permissions, or read it as a user who may.',
        cause: error,
      });
    case 'ABORT_ERR':
      return cancelled();
    case 'EISDIR':
      return new SourceError('foreign', `${path} is a folder.`, { cause: error });
    default:
      return new SourceError('unreachable', `${path} cannot be read: ${error.message}.`, { cause: error });
  }
}
