/** Relative paths in the names of images: what they are relative to depends on who wrote them. */
import { dirname } from 'node:path';
import { withFolder } from '../sources/source-files.ts';
import { innermostFolder, pathOfUri } from './uri.ts';
import type { PathFlavour } from './uri.ts';

/** Somebody who looks at a Dockerfile means its folder. */
export function askedSource(source: string, uri: string, paths: PathFlavour): string {
  return withFolder(source, dirname(pathOfUri(uri, paths) ?? ''));
}

/** Settings of a workspace mean the folder that they are the settings of. */
export function configuredSource(source: string, uri: string, folders: readonly string[], paths: PathFlavour): string {
  const folder = innermostFolder(uri, folders);
  const path = folder === undefined ? undefined : pathOfUri(folder, paths);
  return path === undefined ? askedSource(source, uri, paths) : withFolder(source, path);
}
