/** Where on this machine programs keep what they can make again. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder, a folder of our own in it. `LAYER_LENS_CACHE` names another. */
export function userCacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = env['LAYER_LENS_CACHE'];
  if (named) {
    return named;
  }
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'layer-lens', 'Cache');
  }
  if (platform === 'darwin') {
    return join(homedir(), 'Library', 'Caches', 'layer-lens');
  }
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'layer-lens');
}

export interface CacheFolders {
  /** What was read from layers, by diff id. */
  readonly layers: string;
  /** Which image belongs to which Dockerfile. */
  readonly pairings: string;
}

/** Each kind in a folder of its own: they are bounded apart, and emptying one leaves the other. */
export function cacheFoldersIn(folder: string): CacheFolders {
  return { layers: join(folder, 'layers'), pairings: join(folder, 'pairings') };
}
