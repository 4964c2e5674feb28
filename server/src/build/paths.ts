/** Paths inside an image, as BuildKit joins them: always with `/`, whatever the machine. */

/** Go's path.Clean. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') {
      continue;
    }
    if (part !== '..') {
      kept.push(part);
    } else if (kept.length > 0 && kept.at(-1) !== '..') {
      kept.pop();
    } else if (!rooted) {
      kept.push('..');
    }
  }
  return rooted ? `/${kept.join('/')}` : kept.join('/') || '.';
}

/** The directory after `WORKDIR path` in `current`: absolute paths are kept letter by letter, relative ones are joined and cleaned. */
export function changeDirectory(current: string, path: string): string {
  const from = current === '' ? '/' : current;
  if (path === '') {
    return from;
  }
  return path.startsWith('/') ? path : cleanPath(`/${from}/${path}`);
}
