/** From an editor's URIs to paths on the machine where the server runs. */

export type PathFlavour = 'posix' | 'windows';

/** Undefined for everything that is no file of this machine: `untitled:`, `git:`, `vscode-vfs:`, … and for broken escapes. */
export function pathOfUri(uri: string, flavour: PathFlavour): string | undefined {
  const parts = /^file:\/\/([^/?#]*)(\/[^?#]*)$/i.exec(uri);
  const path = parts ? decode(parts[2]!) : undefined;
  if (!parts || path === undefined || path.includes('\0')) {
    return undefined;
  }
  const host = decode(parts[1]!)?.toLowerCase();
  const local = host === '' || host === 'localhost';
  if (flavour === 'posix') {
    return local ? path : undefined;
  }
  if (!local) {
    return host === undefined ? undefined : `\\\\${host}${path.replaceAll('/', '\\')}`;
  }
  const drive = /^\/([a-z]):(\/.*)?$/i.exec(path);
  // Editors write `c%3A`, shells `C:`; Windows means the same drive, and so must whoever compares two paths.
  return drive ? `${drive[1]!.toUpperCase()}:${(drive[2] ?? '/').replaceAll('/', '\\')}` : undefined;
}

/** What follows the last slash, readable; never empty for a usual URI. Serves names, not file access. */
export function nameOfUri(uri: string): string {
  const path = uri.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  const last = path.slice(Math.max(path.lastIndexOf('/'), path.indexOf(':')) + 1);
  return decode(last) ?? last;
}

/** The part of `uri` below the folder `root`, readable, with slashes; undefined where it is not inside. */
export function pathBelow(root: string, uri: string): string | undefined {
  const folder = normalised(root).replace(/\/+$/, '');
  const file = normalised(uri);
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;
}

/** The folder of the workspace that a document belongs to. */
export function innermostFolder(uri: string, folders: readonly string[]): string | undefined {
  const around = folders.filter((folder) => pathBelow(folder, uri) !== undefined);
  return around.toSorted((a, b) => b.length - a.length)[0];
}

/** One spelling for what clients escape differently: `c%3A` and `C:`, `%20` and a blank. */
function normalised(uri: string): string {
  return (decode(uri) ?? uri).replace(/^(file:\/\/\/)([a-z]):/i, (_, scheme: string, drive: string) => {
    return `${scheme.toLowerCase()}${drive.toLowerCase()}:`;
  });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
