/** Images that are files on this disk: where their name points to, and word when they change. */
import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/**
 * A relative path in a source is meant from `folder`; other sources come back as they are. Where standard input is in use
 * for something else, this is also what keeps it out: `-` becomes the file of that name.
 */
export function withFolder(source: string, folder: string): string {
  const named = split(source) ?? split(`docker-archive:${isBarePath(source) ? source : ''}`);
  return named && !isAbsolute(named.path) ? `${named.transport}:${resolve(folder, named.path)}${named.rest}` : source;
}

/** An archive without its transport in front, as people type one. */
function isBarePath(source: string): boolean {
  return source === '-' || /^\.{0,2}[\\/]|\.(tar|tgz|tar\.gz|tar\.zst)$/i.test(source);
}

/** True for what is read from this disk alone: no engine, no process, no network. */
export function isFileSource(source: string): boolean {
  return split(source) !== undefined;
}

/** Calls `changed` when the file or layout of a source becomes another one; sources without a file never do. */
export function watchSource(source: string, changed: () => void): Disposable {
  const named = split(source);
  if (!named) {
    return { [Symbol.dispose]: () => undefined };
  }
  // Every writer of an OCI layout ends with its index; an archive is one file.
  const file = named.transport === 'oci' ? join(named.path, 'index.json') : named.path;
  return watchFile(file, changed);
}

/** An archive is written for seconds; it counts as changed when nothing was heard for so long. */
const quietMilliseconds = 500;

/** Watches the folder, since a file that is replaced takes its watcher along. */
function watchFile(file: string, changed: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let before: Promise<string> = stateOf(file);
  async function compare(): Promise<void> {
    const [old, now] = [await before, await stateOf(file)];
    before = Promise.resolve(now);
    if (old !== now) {
      changed();
    }
  }
  const watcher = openWatcher(dirname(file), (name) => {
    if (name === null || name === basename(file)) {
      clearTimeout(timer);
      timer = setTimeout(() => void compare(), quietMilliseconds);
    }
  });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

/** Undefined where the system gives no watcher: too many of them, a folder that is gone, a network disk. */
function openWatcher(folder: string, heard: (name: string | null) => void): ReturnType<typeof watch> | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      heard(name);
    });
    watcher.on('error', () => {
      watcher.close();
    });
    return watcher;
  } catch {
    return undefined;
  }
}

async function stateOf(file: string): Promise<string> {
  return await stat(file).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    () => 'missing',
  );
}

interface FileSource {
  readonly transport: string;
  readonly path: string;
  /** `:tag` of an OCI layout. */
  readonly rest: string;
}

/** A colon after a drive letter belongs to the path. */
function split(source: string): FileSource | undefined {
  const parts = /^(docker-archive|oci-archive|oci):((?:[a-z]:[\\/])?[^:]+)(:.*)?$/i.exec(source);
  return parts ? { transport: parts[1]!.toLowerCase(), path: parts[2]!, rest: parts[3] ?? '' } : undefined;
}
