/** A folder as named blobs: an OCI layout, or a `docker save` archive that somebody unpacked. */
import { existsSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { asFileError, closeFile, fileBlob, openFile, type OpenFile } from './files.ts';
import { SourceError, type BlobStore } from './source.ts';

export function openFolderStore(folder: string): BlobStore {
  const opened: OpenFile[] = [];
  return {
    open(name) {
      // Names come from the image: none may lead out of its folder.
      if (name.split(/[\\/]/).includes('..')) {
        return Promise.reject(new SourceError('corrupt', `${folder} names a blob outside itself: ${name}.`));
      }
      const path = join(folder, name);
      try {
        const file = openFile(path);
        opened.push(file);
        const found = fstatSync(file.descriptor);
        return Promise.resolve(found.isFile() ? fileBlob(file, 0, found.size) : undefined);
      } catch (error) {
        const told = asFileError(error, path);
        const isMissing = told instanceof SourceError && told.kind === 'not-found';
        return isMissing ? Promise.resolve(undefined) : Promise.reject(asError(told));
      }
    },
    [Symbol.asyncDispose]() {
      opened.splice(0).forEach(closeFile);
      return Promise.resolve();
    },
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

export function isImageFolder(folder: string): boolean {
  return ['index.json', 'oci-layout', 'manifest.json'].some((name) => existsSync(join(folder, name)));
}
