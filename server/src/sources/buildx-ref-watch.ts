/** Watches the folders of buildx's notes, of every builder and node, through their coming and going. */
import { watch, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { refFolders, refsFolder, type RefFolder } from './buildx-refs.ts';
import type { DockerOptions } from './read-options.ts';

/** `onRef` may come more than once for one note. */
export function watchRefFolders(docker: DockerOptions, onRef: (folder: RefFolder, id: string) => void): Disposable {
  const root = refsFolder(docker.env);
  const start = Date.now();
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function rescanIn(milliseconds: number): void {
    if (!closed) {
      clearTimeout(timer);
      timer = setTimeout(() => void rescan(), milliseconds).unref();
    }
  }

  async function rescan(): Promise<void> {
    const nodes = new Map((await refFolders(docker)).map((folder) => [folder.path, folder]));
    const wanted = new Map<string, number>();
    for (const path of [
      await nearestFolder(root),
      ...[...nodes.values()].flatMap(({ path }) => [dirname(path), path]),
    ]) {
      wanted.set(path, (await stat(path).catch(() => undefined))?.ino ?? 0);
    }
    if (closed) {
      return;
    }
    for (const [path, { watcher, inode }] of watched) {
      // A folder that was removed and made again is another folder, and the old watch hears nothing of it.
      if (wanted.get(path) !== inode) {
        watcher.close();
        watched.delete(path);
      }
    }
    for (const [path, inode] of wanted) {
      if (!watched.has(path)) {
        open(path, inode, nodes.get(path));
      }
    }
  }

  function open(path: string, inode: number, node: RefFolder | undefined): void {
    try {
      const watcher = watch(path, { persistent: false }, (_, name) =>
        node === undefined || name === null ? rescanIn(100) : onRef(node, name),
      );
      // Too many watches, or a folder that went away: the next look decides.
      watcher.on('error', () => rescanIn(30_000));
      watched.set(path, { watcher, inode });
      if (node !== undefined) {
        void tellNewer(node, start, onRef);
      }
    } catch {
      rescanIn(30_000);
    }
  }

  void rescan();
  return {
    [Symbol.dispose]: () => {
      closed = true;
      clearTimeout(timer);
      for (const { watcher } of watched.values()) {
        watcher.close();
      }
      watched.clear();
    },
  };
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: number;
}

/** The folder itself or, while there is none, the one above in which it would appear. */
async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** What was written before the watch stood. */
async function tellNewer(
  folder: RefFolder,
  start: number,
  onRef: (folder: RefFolder, id: string) => void,
): Promise<void> {
  for (const id of await readdir(folder.path).catch(() => [])) {
    const found = await stat(join(folder.path, id)).catch(() => undefined);
    if (found !== undefined && found.mtimeMs >= start) {
      onRef(folder, id);
    }
  }
}
