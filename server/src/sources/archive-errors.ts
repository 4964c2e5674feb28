/** What is said of files that are no image. */
import { SourceError } from './source.ts';

export const saveHint = 'Write an archive with `docker save -o app.tar app:1`.';

export function foreignFile(name: string, what: string, hint: string = saveHint): SourceError {
  return new SourceError('foreign', `${name} is no image; it is ${what}.`, { hint });
}

export function emptyFile(name: string): SourceError {
  return new SourceError('corrupt', `${name} is empty.`, { hint: 'Write it again; was the disk full?' });
}

export function jsonFile(name: string): SourceError {
  return foreignFile(name, 'a JSON document, not an archive', 'Name the archive or the folder it belongs to.');
}

/** A tar that is no image, with a guess at what it is. */
export function foreignTar(name: string, topNames: ReadonlySet<string>): SourceError {
  if (topNames.size === 0) {
    return new SourceError('foreign', `${name} is a tar archive without anything in it.`, { hint: saveHint });
  }
  const isRoot = ['bin', 'etc', 'usr'].filter((folder) => topNames.has(folder)).length >= 2;
  return isRoot
    ? new SourceError('foreign', `${name} is a file system without layers, as \`docker export\` writes.`, {
        hint: 'Use `docker save`, which keeps the layers.',
      })
    : new SourceError('foreign', `${name} is a tar archive but no image: it has no index.json and no manifest.json.`, {
        hint: saveHint,
      });
}

export function isImageArchive(topNames: ReadonlySet<string>): boolean {
  return topNames.has('index.json') || topNames.has('manifest.json');
}
